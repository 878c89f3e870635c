//! `POST /v1/auth/login` and `/v1/auth/mfa`: a password and, when it is due, a code for tokens.

use axum::extract::State;
use domain::{bounds::TEXT_CHARS_MAX, environment::Environment, fault::Faults};
use engine::{Error, LoggedIn};

use super::Stranger;
use crate::{
    failure::Failure,
    json::{self, Node, Reader},
    render::{Reply, token::Body},
    state::AppState,
    v1::token::{granted_reply, refused},
};

/// E-mail address and password.
struct Asked {
    email: String,
    password: String,
    environment: Option<Environment>,
}

/// Reads, logs in, answers tokens or that the second factor is due.
pub async fn login(State(state): State<AppState>, stranger: Stranger) -> Result<Reply, Failure> {
    let Asked { email, password, environment } = read_login(&json::parse(&stranger.body)?)?;
    let environment = state.listener().or(environment);
    match state.engine().login(&email, password, environment).await {
        Ok(LoggedIn::Granted(grant)) => Ok(granted_reply(&grant)),
        Ok(LoggedIn::SecondFactor { session }) => Ok(Reply::ok(&Body::second_factor(&session))),
        Err(error) => Err(told(error, &stranger, &state, "Invalid e-mail address or password")),
    }
}

/// Reads, checks the code, answers tokens.
pub async fn mfa(State(state): State<AppState>, stranger: Stranger) -> Result<Reply, Failure> {
    let node = json::parse(&stranger.body)?;
    let mut faults = Faults::new();
    let mut reader = Reader::new(&node, &mut faults);
    let session = reader.required_text("session", TEXT_CHARS_MAX);
    let code = reader.required_text("code", TEXT_CHARS_MAX);
    let (Some(session), Some(code)) = (session, code) else { return Err(faults.into()) };
    match state.engine().second_factor(&session, &code).await {
        Ok(grant) => Ok(granted_reply(&grant)),
        Err(error) => Err(told(error, &stranger, &state, "Invalid session or code")),
    }
}

fn told(error: Error, stranger: &Stranger, state: &AppState, wrong: &'static str) -> Failure {
    match error {
        Error::BadCredentials => {
            stranger.failed(state);
            refused(wrong, "40001")
        }
        Error::OtherEnvironment => refused("The environment is not open to this user.", "40003"),
        other => other.into(),
    }
}

fn read_login(node: &Node<'_>) -> Result<Asked, Faults> {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let email = reader.required_text("email", TEXT_CHARS_MAX);
    let password = reader.required_text("password", TEXT_CHARS_MAX);
    let environment = reader.parsed("environment", Environment::parse);
    match (email, password) {
        (Some(email), Some(password)) if faults.is_empty() => Ok(Asked { email, password, environment }),
        _ => Err(faults),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_told() {
        let faults = |body: &str| {
            let read = read_login(&json::parse(body.as_bytes()).unwrap());
            read.map_or_else(|faults| faults.iter().map(|(path, _)| path.to_owned()).collect(), |_| vec![])
        };
        assert_eq!(faults("{}"), ["Email", "Password"]);
        assert_eq!(faults(r#"{"email":"a@b.de","password":" ","environment":"moon"}"#), ["Environment", "Password"]);
        assert!(faults(r#"{"Email":"a@b.de","PASSWORD":12345678901234,"environment":"Sandbox"}"#).is_empty());
    }
}
