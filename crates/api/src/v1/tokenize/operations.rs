//! How `/v1/tokenize` is served and described.

use domain::bounds::TEXT_CHARS_MAX;
use serde_json::json;

use super::{delete, post, preflight};
use crate::{
    json::shape::{Shape, boolean, integer, object, text},
    operation::{Access, Budget, Operation, Tag, schema},
    render::tokenize::Body,
};

const ABOUT: &str = "\
The card number is checked (12 to 19 digits, Luhn), encrypted and kept; `transaction.payment_method.token` is what `/v1/evaluate` \
takes as `paymentMethod.cardNumber`. The CVV is kept apart until the first issuer answer, at most 15 minutes. The older camelCase \
form (`paymentMethod.creditCard`) is read too. Called from a shop page with `mid` and `environment` (a tokenization key) instead \
of a bearer; the page's origin must be listed for a site.";

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/tokenize", post)
            .id("tokenize")
            .tag(Tag::Vault)
            .access(Access::BearerOrTokenizationKey)
            .scope("tokenize")
            .budget(Budget::Tokenize)
            .summary("Vault a card")
            .about(ABOUT)
            .body(request())
            .runnable(
                "visa",
                "A test card",
                json!({"payment_method": {"credit_card": {
                "first_name": "Ada", "last_name": "Byron", "number": "4111111111111111", "month": 12, "year": 2031,
                "verification_value": "123"
            }, "email": "ada@example.com"}}),
            )
            .answers(200, schema::<Body<'static>>()),
        Operation::options("/v1/tokenize", preflight)
            .id("tokenizePreflight")
            .tag(Tag::Vault)
            .summary("Preflight of a browser")
            .answers_empty(204),
        Operation::delete("/v1/tokens/{token}", delete)
            .id("deleteToken")
            .tag(Tag::Vault)
            .scope("tokenize")
            .path("token", "The token")
            .summary("Forget a card")
            .answers_empty(204),
    ]
}

fn request() -> Shape {
    let name = || text(TEXT_CHARS_MAX).forgiving();
    let card = object("CreditCard", "The card.")
        .required("number", text(64).about("12 to 19 digits, Luhn; spaces and hyphens are dropped").example("4111111111111111"))
        .optional("month", integer().at_least(1).at_most(12).about("Expiry; the past is fine"))
        .optional("year", integer().about("Two or four digits"))
        .optional("verification_value", text(16).forgiving().about("CVV, 3–4 digits, else treated as absent"))
        .optional("first_name", name())
        .optional("last_name", name())
        .optional("full_name", name());
    let method = object("CardToVault", "The card and who it belongs to.")
        .required("credit_card", card)
        .optional("email", name())
        .optional("sense_key", name().about("Key of the browser script"))
        .optional("eligible_for_card_updater", boolean().forgiving().about("`false` keeps the account updater away"));
    object("TokenizeRequest", "A card to vault. Names, e-mail and address may stand on any level.")
        .required("payment_method", method)
}
