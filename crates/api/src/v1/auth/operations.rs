//! How `/v1/auth` is served and described.

use serde_json::json;

use super::{forgot, login, logout, mfa, remove, reset, set_up};
use crate::{
    json::shape::{object, text, word},
    operation::{Budget, Operation, Tag, schema},
    render::{Envelope, auth::SecondFactor, token::Body},
};

const ENVIRONMENTS: &[&str] = &["sandbox", "production"];

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/auth/login", login)
            .id("login")
            .tag(Tag::Authentication)
            .open()
            .budget(Budget::Token)
            .summary("Log a portal user in")
            .about("`status` is `MFA_REQUIRED` when a second factor is due: send its code with `session` to `/v1/auth/mfa`. After ten failures in a row the user is blocked.")
            .body(
                object("Login", "Who logs in.")
                    .required("email", text(255))
                    .required("password", text(256))
                    .optional("environment", word(ENVIRONMENTS).about("Where the session begins; without it as far as the user reaches")),
            )
            .example("login", "A portal user", json!({"email": "ada@example.com", "password": "correct horse battery"}))
            .answers(200, schema::<Body<'static>>())
            .answers(400, schema::<Body<'static>>())
            .when("Wrong `40001`, environment refused `40003`; or validation"),
        Operation::post("/v1/auth/mfa", mfa)
            .id("confirmLogin")
            .tag(Tag::Authentication)
            .open()
            .budget(Budget::Token)
            .summary("Finish a login with the second factor")
            .body(
                object("LoginCode", "The second factor.")
                    .required("session", text(255).about("From the login"))
                    .required("code", text(64).about("Six digits of the authenticator, good once, or a recovery code")),
            )
            .example("code", "A code of the authenticator", json!({"session": "4kXc…", "code": "123456"}))
            .answers(200, schema::<Body<'static>>())
            .answers(400, schema::<Body<'static>>())
            .when("Wrong `40001`; or validation"),
        Operation::post("/v1/auth/logout", logout)
            .id("logout")
            .tag(Tag::Authentication)
            .budget(Budget::Token)
            .summary("End a session")
            .about("The session of the bearer, or the one that is named. Its tokens work no more.")
            .body(object("Logout", "Which session.").optional("session", text(255).about("From the login")))
            .example("own", "The bearer's own", json!({}))
            .answers(200, schema::<Envelope<'static>>()),
        Operation::post("/v1/auth/password/forgot", forgot)
            .id("forgotPassword")
            .tag(Tag::Authentication)
            .open()
            .budget(Budget::Token)
            .summary("Ask for a new password")
            .about("The answer is the same whether somebody has the address or not.")
            .body(object("ForgottenPassword", "Whose password.").required("email", text(255)))
            .example("forgot", "A portal user", json!({"email": "ada@example.com"}))
            .answers(202, schema::<Envelope<'static>>()),
        Operation::post("/v1/auth/password/reset", reset)
            .id("resetPassword")
            .tag(Tag::Authentication)
            .open()
            .budget(Budget::Token)
            .summary("Choose a password")
            .about("With the token of an invitation or of a mail about a forgotten password. At least 12 characters, not the e-mail address.")
            .body(object("NewPassword", "The token and the password.").required("token", text(255)).required("password", text(256)))
            .example("reset", "A first password", json!({"token": "mN3f…", "password": "correct horse battery"}))
            .answers(200, schema::<Envelope<'static>>()),
        Operation::post("/v1/auth/mfa/setup", set_up)
            .id("setUpSecondFactor")
            .tag(Tag::Authentication)
            .budget(Budget::Token)
            .summary("Set the own second factor up")
            .about("Without `code`: offers a secret for an authenticator. With the code it shows: in force from now on; the recovery codes are told once.")
            .body(object("SecondFactorCode", "The code of the offered secret.").optional("code", text(64)))
            .example("offer", "Ask for a secret", json!({}))
            .example("confirm", "Put it in force", json!({"code": "123456"}))
            .answers(200, schema::<SecondFactor<'static>>()),
        Operation::post("/v1/auth/mfa/remove", remove)
            .id("removeSecondFactor")
            .tag(Tag::Authentication)
            .budget(Budget::Token)
            .summary("Take the own second factor away")
            .body(object("SecondFactorRemoval", "One of its codes.").required("code", text(64).about("Or a recovery code")))
            .example("code", "A code of the authenticator", json!({"code": "123456"}))
            .answers(200, schema::<SecondFactor<'static>>()),
    ]
}
