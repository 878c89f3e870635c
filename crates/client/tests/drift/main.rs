//! The client against the OpenAPI document: a server made of nothing but the document takes every call of the client,
//! checks what is asked and answers what the document allows: at least, at most, and what it shows as examples. A call
//! that the document does not have, a member that it does not know, or one that the client relies on and the document
//! does not promise is a failure; so is an operation that is neither called nor left out by name.

mod document;
mod requests;
mod sample;
mod server;
mod tour;

use std::collections::BTreeSet;

use self::{
    document::Document,
    server::{Richness, Server},
};

/// Operations that the client leaves out: for portals, partners' and operators' tools, browsers and machines.
const LEFT_OUT: &[&str] = &[
    // People and their logins.
    "login",
    "confirmLogin",
    "logout",
    "forgotPassword",
    "resetPassword",
    "setUpSecondFactor",
    "removeSecondFactor",
    "listUsers",
    "createUser",
    "getUser",
    "changeUser",
    "deleteUser",
    "unblockUser",
    "resetUserPassword",
    "resendInvitation",
    // Keys.
    "createApiKey",
    "getApiKey",
    "deleteApiKey",
    // Onboarding.
    "createApplication",
    "getApplication",
    "rewriteApplication",
    "listApplications",
    "submitApplication",
    "cancelApplication",
    "convertApplication",
    "reviewApplication",
    "uploadDocument",
    "listDocuments",
    "getDocument",
    "deleteDocument",
    // Processors and routes.
    "listProcessors",
    "createProcessor",
    "listProcessorKinds",
    "getProcessor",
    "updateProcessor",
    "deleteProcessor",
    "receiveProcessorNotification",
    "getRoutes",
    "replaceRoutes",
    // Set-up of merchants.
    "createMerchant",
    "updateMerchant",
    "getMerchantSettings",
    "updateMerchantSettings",
    "listChannelSwitches",
    "updateSite",
    // Disputes and blocking.
    // Settlements and payouts.
    "listSettlements",
    "getSettlement",
    "listSettlementItems",
    "closeSettlement",
    "adjustSettlement",
    "listPayouts",
    "getPayout",
    "updatePayout",
    "listChargebacks",
    "getChargeback",
    "reportChargeback",
    "listBlocklist",
    "addBlocklistEntry",
    "deleteBlocklistEntry",
    "blockOrder",
    // Stored copies.
    "getTransmit",
    "updateTransmit",
    // Care of deliveries.
    "updateWebhook",
    "rotateWebhookKey",
    "testWebhook",
    "replayWebhook",
    "listDeliveries",
    "getDelivery",
    "redeliver",
    // Test data.
    "clearSandbox",
    // For browsers and machines.
    "tokenizePreflight",
    "readSense",
    "readWidget",
    "readSenseIntegrity",
    "takeSense",
    "sensePreflight",
    "showChallenge",
    "readChallengeStyle",
    "readChallengeScript",
    "getChallenge",
    "answerChallenge",
    "challengePreflight",
    "isAlive",
    "isReady",
    "readMetrics",
    "readDocument",
    "readReference",
    "readReferenceStyle",
];

#[tokio::test]
async fn every_call_is_one_of_the_document() {
    let mut called = BTreeSet::new();
    for richness in [Richness::Least, Richness::Most, Richness::Shown] {
        let server = Server::start(Document::load(), richness).await;
        tour::every_call(&server).await;
        called.extend(server.called());
    }
    let left_out: BTreeSet<_> = LEFT_OUT.iter().map(|id| (*id).to_owned()).collect();
    let both: Vec<_> = called.intersection(&left_out).collect();
    assert!(both.is_empty(), "called, but said to be left out: {both:?}");
    let covered: BTreeSet<_> = called.union(&left_out).cloned().collect();
    let all: BTreeSet<_> = Document::load().operation_ids().into_iter().collect();
    let new: Vec<_> = all.difference(&covered).collect();
    assert!(new.is_empty(), "operations that the client neither calls nor leaves out by name: {new:?}");
    let gone: Vec<_> = covered.difference(&all).collect();
    assert!(gone.is_empty(), "left out by name, but no longer in the document: {gone:?}");
}

#[test]
fn errors_have_what_the_client_reads() {
    let document = Document::load();
    let required = |name: &str| document.at(&format!("/components/schemas/{name}/required")).as_array().unwrap().clone();
    for member in ["result", "statusCode", "customProperties"] {
        assert!(required("Error").iter().any(|name| name == member), "{member}");
    }
    assert!(required("ValidationErrors").iter().any(|name| name == "TraceId"));
}
