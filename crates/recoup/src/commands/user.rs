//! `recoup user`: people who use the portal.

use clap::Subcommand;
use domain::{
    environment::Environment,
    fault::Faults,
    id::{Mid, PartnerId, UserId},
    mail::Kind,
    scope::Staff,
    time::Timestamp,
    user::Status,
};
use engine::{
    Engine, PageAt, Principal,
    users::{Change, NewUser, Seen, Wanted},
};
use serde_json::{Value, json};

use super::arguments::{guid, word};
use crate::{failure::Failure, output::Output};

/// Users read at once for a list.
const PAGE: u32 = domain::bounds::PAGE_ROWS_MAX;

/// What to do with users.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Invite a user: of merchants, of a partner, or without either of the operator
    Create(Create),
    /// All users, or those of a merchant
    List {
        /// Its merchant
        #[arg(long, value_parser = guid(Mid::parse))]
        mid: Option<Mid>,
    },
    /// Block a user and end its sessions
    Block {
        /// Its id or e-mail address
        user: String,
    },
    /// Let a blocked user in again
    Unblock {
        /// Its id or e-mail address
        user: String,
    },
    /// End a user's password and sessions; prints the link to choose another password
    ResetPassword {
        /// Its id or e-mail address
        user: String,
    },
}

/// Who is invited.
#[derive(Debug, clap::Args)]
pub struct Create {
    /// E-mail address
    #[arg(long)]
    email: String,
    /// First name
    #[arg(long)]
    first_name: String,
    /// Last name
    #[arg(long)]
    last_name: String,
    /// Phone
    #[arg(long)]
    phone: String,
    /// owner, admin, finance, developer, support or viewer
    #[arg(long, default_value = "owner", value_parser = word(Staff::parse, Staff::ALL))]
    role: Staff,
    /// Its merchant; may be repeated
    #[arg(long, value_parser = guid(Mid::parse), conflicts_with = "partner")]
    mid: Vec<Mid>,
    /// Its partner
    #[arg(long, value_parser = guid(PartnerId::parse))]
    partner: Option<PartnerId>,
    /// Mask names, e-mail and phone of customers
    #[arg(long)]
    mask_pii: bool,
    /// How far its sessions reach: production (both environments) or the sandbox alone
    #[arg(long, default_value = "production", value_parser = word(Environment::parse, Environment::ALL))]
    environment: Environment,
}

/// Runs the command.
pub async fn run(command: Command, engine: &Engine, output: Output) -> Result<(), Failure> {
    let operator = Principal::operator(Environment::Production);
    match command {
        Command::Create(create) => {
            let (seen, token) = engine.create_user(&operator, create.into(), Faults::new()).await?;
            output.record(&invited(engine, &seen, &token))
        }
        Command::List { mid } => output.list(COLUMNS, all(engine, &operator, mid).await?),
        Command::Block { user } => {
            let id = find(engine, &operator, &user).await?;
            let change = Change { status: Some(Status::Blocked), ..Change::default() };
            output.record(&view(&engine.change_user(&operator, id, change, Faults::new()).await?))
        }
        Command::Unblock { user } => {
            output.record(&view(&engine.unblock_user(&operator, find(engine, &operator, &user).await?).await?))
        }
        Command::ResetPassword { user } => {
            let id = find(engine, &operator, &user).await?;
            let (seen, token) = engine.reset_user_password(&operator, id).await?;
            output.record(&invited(engine, &seen, &token))
        }
    }
}

impl From<Create> for NewUser {
    fn from(create: Create) -> Self {
        Self {
            first_name: Some(create.first_name),
            last_name: Some(create.last_name),
            phone: Some(create.phone),
            email: Some(create.email),
            role: Some(create.role),
            mask_pii: Some(create.mask_pii),
            mids: Some(create.mid),
            partner: create.partner,
            reach: Some(create.environment),
            language: None,
            timezone: None,
        }
    }
}

async fn all(engine: &Engine, operator: &Principal, mid: Option<Mid>) -> Result<Vec<Value>, Failure> {
    let mut users = Vec::new();
    for number in 1.. {
        let page = engine.users(operator, Wanted { mid, role: None, page: PageAt { number, size: PAGE } }).await?;
        let last = page.rows.len() < PAGE as usize;
        users.extend(page.rows.iter().map(view));
        if last {
            break;
        }
    }
    Ok(users)
}

async fn find(engine: &Engine, operator: &Principal, user: &str) -> Result<UserId, Failure> {
    if let Some(id) = UserId::parse(user) {
        return Ok(id);
    }
    let found =
        engine.user_with_address(operator, user).await.map_err(|_| Failure::not_found(format!("there is no user {user}")))?;
    Ok(found.user.id)
}

const COLUMNS: &[(&str, &str)] = &[
    ("ID", "id"),
    ("E-MAIL", "email"),
    ("NAME", "name"),
    ("ROLE", "role"),
    ("OF", "house"),
    ("STATUS", "status"),
    ("2FA", "mfaEnabled"),
    ("LAST LOGIN", "lastLoginAt"),
];

/// The link goes to whoever runs the command: a first user has nobody else to tell it to, and perhaps no mail server.
fn invited(engine: &Engine, seen: &Seen, token: &str) -> Value {
    let kind = if seen.user.status() == Status::Invited { Kind::Invitation } else { Kind::Reset };
    let mut made = view(seen);
    made["link"] = json!(engine.link(kind, token));
    made
}

fn view(seen: &Seen) -> Value {
    let user = &seen.user;
    json!({
        "id": user.id, "email": user.email, "name": format!("{} {}", user.first_name, user.last_name), "role": user.role,
        "house": user.house.role(), "mids": user.house.mids(), "partner": user.house.partner(), "maskPii": user.mask_pii,
        "environment": user.reach, "status": user.status(), "mfaEnabled": user.second_factor.is_on(),
        "lastLoginAt": seen.last_login_at.map(Timestamp::iso6), "createdAt": user.created_at.iso6(),
    })
}
