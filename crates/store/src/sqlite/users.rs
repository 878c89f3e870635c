//! Portal users, whose staff they are, and what changes with every login.

use domain::{
    change::Conflict,
    id::{Mid, PartnerId, UserId},
    scope::Staff,
    time::Timestamp,
    user::{House, User, canonical_email},
};
use rusqlite::{Connection, params, params_from_iter, types::Value};

use super::{
    fault::{Fault, taken},
    row::{collect, first, many, mid_list, one, run, versioned},
};
use crate::{Page, UserFilter};

const TABLE: &str = "users";

/// Writes a new user; a known address is a conflict.
pub fn insert(db: &Connection, user: &User, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO users (id, version, email, role, house, partner, is_blocked, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            user.id.bytes(),
            user.version,
            canonical_email(&user.email),
            user.role.as_str(),
            user.house.role().as_str(),
            user.house.partner().map(|partner| partner.bytes()),
            user.blocked_at.is_some(),
            body
        ],
    )
    .map_err(taken("e-mail address"))?;
    put_merchants(db, user)
}

/// Writes the next version of a user.
pub fn update(db: &Connection, user: &User, body: &str) -> Result<(), Fault> {
    let touched = run(
        db,
        "UPDATE users SET version = $1, role = $2, house = $3, partner = $4, is_blocked = $5, body = $6
         WHERE id = $7 AND version = $8",
        params![
            user.version,
            user.role.as_str(),
            user.house.role().as_str(),
            user.house.partner().map(|partner| partner.bytes()),
            user.blocked_at.is_some(),
            body,
            user.id.bytes(),
            i64::from(user.version) - 1
        ],
    )?;
    versioned(touched, "user", user.id.0)?;
    run(db, "DELETE FROM user_merchants WHERE user_id = $1", params![user.id.bytes()])?;
    put_merchants(db, user)
}

/// Forgets a user with everything that is its own.
pub fn delete(db: &Connection, id: UserId) -> Result<(), Fault> {
    for sql in [
        "DELETE FROM users WHERE id = $1",
        "DELETE FROM user_merchants WHERE user_id = $1",
        "DELETE FROM user_marks WHERE user_id = $1",
        "DELETE FROM sessions WHERE user_id = $1",
        "DELETE FROM tickets WHERE user_id = $1",
        "DELETE FROM refreshes WHERE client = $1",
    ] {
        run(db, sql, params![id.bytes()])?;
    }
    Ok(())
}

/// A user.
pub fn get(db: &Connection, id: UserId) -> Result<Option<User>, Fault> {
    one(db, TABLE, "SELECT id, body FROM users WHERE id = $1", params![id.bytes()])
}

/// The user with this address, in its canonical form.
pub fn by_email(db: &Connection, email: &str) -> Result<Option<User>, Fault> {
    one(db, TABLE, "SELECT id, body FROM users WHERE email = $1", params![email])
}

/// All users, for the rotation of the vault's keys.
pub fn after(db: &Connection, after: Option<UserId>, limit: u32) -> Result<Vec<User>, Fault> {
    let after = after.map_or([0; 16], |id| id.bytes());
    many(db, TABLE, "SELECT id, body FROM users WHERE id > $1 ORDER BY id LIMIT $2", params![after, limit])
}

/// Users that pass a filter, oldest first.
pub fn page(db: &Connection, filter: &UserFilter) -> Result<Page<User>, Fault> {
    let mut values: Vec<Value> = Vec::new();
    let mut bind = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let mut ways = Vec::new();
    if let Some(mids) = &filter.mids {
        let list = bind(mid_list(mids).into());
        ways.push(format!(
            "id IN (SELECT user_id FROM user_merchants WHERE mid IN (SELECT unhex(value) FROM json_each({list})))"
        ));
    }
    if let Some(partner) = filter.partner {
        ways.push(format!("partner = {}", bind(partner.bytes().to_vec().into())));
    }
    let mut all = Vec::new();
    if !ways.is_empty() {
        all.push(format!("({})", ways.join(" OR ")));
    }
    if let Some(role) = filter.role {
        all.push(format!("role = {}", bind(role.as_str().to_owned().into())));
    }
    let wanted = if all.is_empty() { String::new() } else { format!("WHERE {}", all.join(" AND ")) };
    let count = format!("SELECT count(*) FROM users {wanted}");
    let total = first(db, &count, params_from_iter(values.iter()), |row| Ok(row.get::<_, i64>(0)?))?;
    let bound = values.len();
    values.push(filter.page.limit().into());
    values.push(filter.page.offset().into());
    let rows = format!("SELECT id, body FROM users {wanted} ORDER BY id LIMIT ${} OFFSET ${}", bound + 1, bound + 2);
    Ok(Page { rows: many(db, TABLE, &rows, params_from_iter(values.iter()))?, total: total.unwrap_or(0) as u64 })
}

/// Whether somebody else than this user is an owner: of each of these merchants, of this partner, or of the operator.
pub fn is_owned_without(db: &Connection, user: UserId, house: &House) -> Result<bool, Fault> {
    match house {
        House::Merchants(mids) => {
            for mid in mids {
                if !is_merchant_owned(db, *mid, user)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        House::Partner(partner) => is_partner_owned(db, *partner, user),
        House::Operator => found(
            db,
            "SELECT 1 FROM users WHERE house = $1 AND role = $2 AND is_blocked = 0 AND id <> $3 LIMIT 1",
            params![house.role().as_str(), Staff::Owner.as_str(), user.bytes()],
        ),
    }
}

fn is_merchant_owned(db: &Connection, mid: Mid, without: UserId) -> Result<bool, Fault> {
    found(
        db,
        "SELECT 1 FROM user_merchants AS m JOIN users AS u ON u.id = m.user_id
         WHERE m.mid = $1 AND u.role = $2 AND u.is_blocked = 0 AND u.id <> $3 LIMIT 1",
        params![mid.bytes(), Staff::Owner.as_str(), without.bytes()],
    )
}

fn is_partner_owned(db: &Connection, partner: PartnerId, without: UserId) -> Result<bool, Fault> {
    found(
        db,
        "SELECT 1 FROM users WHERE partner = $1 AND role = $2 AND is_blocked = 0 AND id <> $3 LIMIT 1",
        params![partner.bytes(), Staff::Owner.as_str(), without.bytes()],
    )
}

fn found(db: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<bool, Fault> {
    Ok(!collect(db, sql, params, |_| Ok(()))?.is_empty())
}

/// Notes when a user logged in.
pub fn mark_login(db: &Connection, user: UserId, at: Timestamp) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO user_marks (user_id, last_login_at, code_step) VALUES ($1, $2, 0)
         ON CONFLICT (user_id) DO UPDATE SET last_login_at = excluded.last_login_at",
        params![user.bytes(), at.micros()],
    )?;
    Ok(())
}

/// When a user last logged in.
pub fn last_login(db: &Connection, user: UserId) -> Result<Option<Timestamp>, Fault> {
    let at = first(db, "SELECT last_login_at FROM user_marks WHERE user_id = $1", params![user.bytes()], |row| {
        Ok(row.get::<_, Option<i64>>(0)?)
    })?;
    Ok(at.flatten().map(Timestamp::from_micros))
}

/// Uses the code of a step up; a step that is not later than the last one is a conflict.
pub fn spend_code(db: &Connection, user: UserId, step: u64) -> Result<(), Fault> {
    let touched = run(
        db,
        "INSERT INTO user_marks (user_id, last_login_at, code_step) VALUES ($1, NULL, $2)
         ON CONFLICT (user_id) DO UPDATE SET code_step = excluded.code_step
            WHERE user_marks.code_step < excluded.code_step",
        params![user.bytes(), step as i64],
    )?;
    if touched == 1 { Ok(()) } else { Err(Conflict::Taken { what: "code" }.into()) }
}

fn put_merchants(db: &Connection, user: &User) -> Result<(), Fault> {
    for mid in user.house.mids() {
        run(
            db,
            "INSERT INTO user_merchants (mid, user_id) VALUES ($1, $2) ON CONFLICT (mid, user_id) DO NOTHING",
            params![mid.bytes(), user.id.bytes()],
        )?;
    }
    Ok(())
}
