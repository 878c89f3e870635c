//! How `/v1/users` is served and described.

use domain::bounds::USER_MERCHANTS_MAX;
use serde_json::{Value, json};

use super::{create, delete, get, list, patch, resend_invitation, reset_password, unblock};
use crate::{
    json::shape::{Shape, boolean, guid, list as items, object, text, word},
    operation::{Operation, Tag, schema},
    render::{List, user::Body},
};

const ROLES: &[&str] = &["owner", "admin", "finance", "developer", "support", "viewer"];
const ENVIRONMENTS: &[&str] = &["sandbox", "production"];

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/users", list)
            .id("listUsers")
            .tag(Tag::Users)
            .scope("users")
            .summary("List portal users")
            .listed()
            .query_as("role", word(ROLES).about("Only users of this role"))
            .answers(200, schema::<List<Body<'_>>>()),
        Operation::post("/v1/users", create)
            .id("createUser")
            .tag(Tag::Users)
            .scope("users")
            .summary("Invite a portal user")
            .about("The invitation goes by mail. Nobody gives a role higher than his own, and a sandbox caller makes sandbox users.")
            .body(
                common(object("UserDraft", "A user to invite.").required("firstName", text(255)).required("lastName", text(255)))
                    .required("phone", text(255))
                    .required("email", text(255).about("Unique; never changes"))
                    .required("role", word(ROLES))
                    .optional("partnerId", guid().about("Operator only: staff of this partner")),
            )
            .example("viewer", "Somebody who looks only", json!({
                "firstName": "Ada", "lastName": "Byron", "phone": "+15550100", "email": "ada@example.com", "role": "viewer", "maskPii": true
            }))
            .answers(201, schema::<Body<'_>>())
            .showing(shown()),
        Operation::get("/v1/users/{id}", get)
            .id("getUser")
            .tag(Tag::Users)
            .scope("users")
            .path("id", "User id")
            .summary("Read a portal user")
            .about("Users may always read themselves.")
            .answers(200, schema::<Body<'_>>())
            .showing(shown()),
        Operation::patch("/v1/users/{id}", patch)
            .id("changeUser")
            .tag(Tag::Users)
            .scope("users")
            .path("id", "User id")
            .summary("Change a portal user")
            .about("What it may do changes at once. The last owner keeps its role. Users may change their own names, phone, language and time zone.")
            .body(
                common(object("UserChange", "What is to be another.").optional("firstName", text(255)).optional("lastName", text(255)))
                    .optional("phone", text(255))
                    .optional("role", word(ROLES))
                    .optional("status", word(&["BLOCKED"]).about("Blocks the user and ends its sessions"))
                    .optional("mfaEnabled", boolean().about("`false` takes a lost second factor away")),
            )
            .example("role", "Another role", json!({"role": "support"}))
            .answers(200, schema::<Body<'_>>()),
        Operation::delete("/v1/users/{id}", delete)
            .id("deleteUser")
            .tag(Tag::Users)
            .scope("users")
            .path("id", "User id")
            .summary("Remove a portal user")
            .about("The last owner cannot be removed.")
            .answers_empty(204),
        act(Operation::post("/v1/users/{id}/unblock", unblock)).id("unblockUser").summary("Unblock a portal user"),
        act(Operation::post("/v1/users/{id}/reset-password", reset_password))
            .id("resetUserPassword")
            .summary("Reset a portal user's password")
            .about("Its password and its sessions end; it gets a mail to choose another password."),
        act(Operation::post("/v1/users/{id}/resend-invitation", resend_invitation))
            .id("resendInvitation")
            .summary("Send an invitation again"),
    ]
}

fn act(operation: Operation) -> Operation {
    operation.tag(Tag::Users).scope("users").path("id", "User id").answers(200, schema::<Body<'_>>())
}

fn common(shape: Shape) -> Shape {
    shape
        .optional(
            "mids",
            items(guid(), USER_MERCHANTS_MAX).about("Its merchants; without them it belongs to the caller's own house"),
        )
        .optional("maskPii", boolean().about("Names, e-mail and phone of customers are masked for it"))
        .optional("environment", word(ENVIRONMENTS).about("How far its sessions reach; `production` reaches both"))
        .optional("language", text(35))
        .optional("timezoneName", text(255).about("IANA time zone"))
}

fn shown() -> Value {
    json!({
        "id": "0190b0a2-7c3e-7d4f-8a1b-2c3d4e5f6071", "firstName": "Ada", "lastName": "Byron", "phone": "+15550100",
        "email": "ada@example.com", "maskPii": true, "role": "viewer", "mids": ["0190b0a2-0000-7d4f-8a1b-2c3d4e5f6071"],
        "status": "INVITED", "mfaEnabled": false, "lastLoginOn": null, "language": "en", "timezoneName": "Europe/Berlin",
        "partnerId": null, "environment": "sandbox", "createdOn": "2026-11-20T10:15:30.000000Z"
    })
}
