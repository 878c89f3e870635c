//! What the calls of this room read.

use domain::bounds::{
    CHALLENGE_TTL_MINUTES_MAX, ID_CHARS_MAX, REALTIME_BUDGET_MS_MAX, REALTIME_BUDGET_MS_MIN, RESCUE_DAYS_MAX, TEXT_CHARS_MAX,
};

use crate::json::shape::{Shape, boolean, guid, integer, object, pattern, text, word};

/// What is said of a merchant.
pub fn merchant(name: &'static str) -> Shape {
    let short = || text(ID_CHARS_MAX);
    object(name, "Blank takes a text away; what is left out stays.")
        .optional("companyName", short().about("Its name"))
        .optional("mid", guid().about("Its id, when it has one already; fixed afterwards"))
        .optional("accountId", short().about("Your own account number for it"))
        .optional("legalEntityName", short())
        .optional("dba", short().about("Trading name"))
        .optional("type", short().about("Kind of business"))
        .optional("website", text(TEXT_CHARS_MAX))
        .optional("description", text(TEXT_CHARS_MAX))
        .optional("specialTerms", text(TEXT_CHARS_MAX))
        .optional("mcc", pattern("^([0-9]{4})?$", 4).about("Merchant category code"))
        .optional("industry", short())
        .optional("status", integer().at_least(0).at_most(1).about("1: its orders are worked"))
        .optional("country", pattern("^[A-Za-z]{2}$", 2).about("ISO 3166 alpha-2; decides regional network rules"))
        .optional("partnerId", guid().about("The partner that onboarded it"))
        .optional("timezoneName", short().about("IANA name, such as Europe/Vienna"))
        .optional("language", text(35))
        .optional(
            "customerSupportInformation",
            object("CustomerSupportDraft", "Whom customers turn to.")
                .optional("customerSupportName", short())
                .optional("customerSupportEmail", short())
                .optional("customerSupportPhone", short())
                .optional("customerSupportLink", text(TEXT_CHARS_MAX)),
        )
        .optional(
            "primaryContact",
            object("PrimaryContactDraft", "Whom the operator turns to.")
                .optional("firstName", short())
                .optional("lastName", short())
                .optional("email", short())
                .optional("phone", short()),
        )
        .optional(
            "developerContact",
            object("DeveloperContactDraft", "Who integrates.")
                .optional("developerFirstName", short())
                .optional("developerLastName", short())
                .optional("developerEmail", short())
                .optional("developerPhone", short()),
        )
        .optional(
            "bankAccountInformation",
            object("MerchantBankAccountDraft", "Numbers are sealed and never shown again.")
                .optional("bankName", short())
                .optional("ddaType", short())
                .optional("accountNumber", short())
                .optional("routingNumber", short()),
        )
        .optional("settings", settings())
}

/// A merchant's settings.
pub fn settings() -> Shape {
    let percent = || integer().at_least(0).at_most(100);
    overridable("MerchantSettingsDraft", "What is left out stays.")
        .optional("acceptPan", boolean().about("`/evaluate` takes card numbers"))
        .optional("realtimeBudgetMs", integer().at_least(REALTIME_BUDGET_MS_MIN).at_most(REALTIME_BUDGET_MS_MAX))
        .optional("allowPartial", boolean().about("Partial approvals are kept and the rest stays due"))
        .optional("refundPartialMaxPercent", percent())
        .optional("orderStatusNames", word(&["word", "order"]))
        .optional("simulator", word(&["magic", "issuer"]))
        .optional("holdoutPercent", percent())
        .optional("explorePercent", percent())
        .optional(
            "settlement",
            object("SettlementTermsDraft", "For the operator. What is left out stays.")
                .optional("periodDays", integer().at_least(1).at_most(92))
                .optional("payoutDays", integer().at_least(0).at_most(60))
                .optional("serviceFeeBasisPoints", integer().at_least(0).at_most(10_000))
                .optional("serviceFeeFixed", integer().at_least(0).at_most(10_000_000))
                .optional("chargebackFee", integer().at_least(0).at_most(10_000_000))
                .optional("reserveBasisPoints", integer().at_least(0).at_most(10_000))
                .optional("reserveDays", integer().at_least(1).at_most(730)),
        )
}

/// Settings that a site may override.
pub fn overridable(name: &'static str, about: &'static str) -> Shape {
    object(name, about)
        .optional("mitMode", word(&["managed", "sync"]).about("Who retries rebills"))
        .optional(
            "rescueWindowDays",
            integer().at_least(1).at_most(RESCUE_DAYS_MAX as i64).about("`null`: each order says its end"),
        )
        .optional("syncBackground", boolean())
        .optional("authCapture", boolean())
        .optional("captureWindow", text(ID_CHARS_MAX).about("ISO 8601 duration, `PT5M` to `P7D`"))
        .optional("challengeEnabled", boolean())
        .optional("challengeTtlMinutes", integer().at_least(1).at_most(CHALLENGE_TTL_MINUTES_MAX))
}

/// Channel switches; `modes` are those that may be named.
pub fn channels(name: &'static str, switch: &'static str, modes: &'static [&'static str]) -> Shape {
    let one = || object(switch, "What a channel is to be.").required("mode", word(modes));
    object(name, "Channels that are left out stay.")
        .optional("cit_web", one().about("Customers on the web"))
        .optional("cit_call_center", one().about("Customers on the phone"))
        .optional("mit", one().about("Rebills"))
}
