//! People who can look at the demonstration in the portal, with passwords of their own.

use domain::{
    environment::Environment,
    fault::Faults,
    id::{Mid, PartnerId},
    scope::Staff,
};
use engine::{Engine, Principal, users::NewUser};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Characters of a password that was drawn.
const PASSWORD_CHARS: usize = 20;

/// Somebody who can sign in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Person {
    /// What it is.
    pub role: String,
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: String,
}

/// The operator's, the partner's and the merchant's admin. Those of an earlier run whose passwords are lost get others.
pub async fn people(engine: &Engine, partner: PartnerId, mid: Mid, known: &[Person]) -> Result<Vec<Person>, Failure> {
    let of = |mids, partner| (mids, partner);
    let places = [
        ("operator", "operator@demo.example.com", of(vec![], None)),
        ("partner", "partner@demo.example.com", of(vec![], Some(partner))),
        ("merchant", "merchant@demo.example.com", of(vec![mid], None)),
    ];
    let mut people = Vec::with_capacity(places.len());
    for (role, email, (mids, partner)) in places {
        let found = known.iter().find(|person| person.email == email && person.role == role);
        let there = engine.user_with_address(&operator(), email).await.is_ok();
        people.push(match found.filter(|_| there) {
            Some(person) => person.clone(),
            None => Person {
                role: role.to_owned(),
                email: email.to_owned(),
                password: enter(engine, role, email, mids, partner).await?,
            },
        });
    }
    Ok(people)
}

/// Invites somebody, or takes the password away that nobody knows any more, and chooses one.
async fn enter(engine: &Engine, role: &str, email: &str, mids: Vec<Mid>, partner: Option<PartnerId>) -> Result<String, Failure> {
    let token = match engine.user_with_address(&operator(), email).await {
        Ok(seen) => engine.reset_user_password(&operator(), seen.user.id).await?.1,
        Err(_) => invite(engine, role, email, mids, partner).await?,
    };
    let password: String = engine.fresh_secret().chars().take(PASSWORD_CHARS).collect();
    engine.choose_password(&token, password.clone()).await?;
    Ok(password)
}

async fn invite(
    engine: &Engine,
    role: &str,
    email: &str,
    mids: Vec<Mid>,
    partner: Option<PartnerId>,
) -> Result<Zeroizing<String>, Failure> {
    let new = NewUser {
        first_name: Some("Demo".to_owned()),
        last_name: Some(role.to_owned()),
        phone: Some("+1 555 0100".to_owned()),
        email: Some(email.to_owned()),
        role: Some(Staff::Owner),
        mids: Some(mids),
        partner,
        reach: Some(Environment::Sandbox),
        ..NewUser::default()
    };
    Ok(engine.create_user(&operator(), new, Faults::new()).await?.1)
}

/// Who runs the process.
fn operator() -> Principal {
    Principal::operator(Environment::Production)
}
