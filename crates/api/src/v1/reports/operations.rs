//! How `/v1/reports` is served and described.

use axum::extract::State;
use domain::report::Name;
use http::HeaderMap;
use serde_json::json;

use super::get::get;
use crate::{
    extract::{Caller, Query},
    json::shape::{boolean, currency, date_time, guid, list, word},
    operation::{Operation, Schema, Tag},
    render::report::schema_of,
    state::AppState,
};

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        report("/v1/reports/recovery", Name::Recovery)
            .id("reportRecovery")
            .summary("Report what was rescued")
            .about("Of the orders placed in the span. `medianHours` is the time from an order's placing to its rescue.")
            .answers(200, Schema::Of(|_| schema_of(Name::Recovery)))
            .showing(json!({
                "report": "recovery", "from": "2026-11-01T00:00:00.000000Z", "to": "2026-11-30T23:59:59.999999Z",
                "generatedOn": "2026-12-01T08:00:00.000000Z",
                "rows": [{
                    "period": "2026-W47", "mid": "0193a1f0-0000-7000-8000-000000000001", "currency": "USD", "orders": 1200,
                    "amount": 5_398_800, "recoveredOrders": 540, "recoveredAmount": 2_429_460, "recoveryRate": 0.45,
                    "recoveredAmountRate": 0.45, "attempts": 2100, "attemptsPerRecovery": 3.889, "medianHours": 74.5, "openOrders": 31
                }]
            })),
        report("/v1/reports/declines", Name::Declines)
            .id("reportDeclines")
            .summary("Report the declines that orders began with")
            .answers(200, Schema::Of(|_| schema_of(Name::Declines))),
        report("/v1/reports/attempts", Name::Attempts)
            .id("reportAttempts")
            .summary("Report Recoup's attempts")
            .about(
                "Of the attempts made in the span. `declineClass` is the class of the decline that the order began with; \
                 percentiles are of what processors took to answer, without answers that were looked up.",
            )
            .answers(200, Schema::Of(|_| schema_of(Name::Attempts))),
        report("/v1/reports/descriptors", Name::Descriptors)
            .id("reportDescriptors")
            .summary("Report what went out under each descriptor")
            .about(
                "Attempts made, refunds settled and disputes received in the span. `amount` is what was approved and not given \
                 back; `transactions` counts attempts whose result is not known yet, too.",
            )
            .answers(200, Schema::Of(|_| schema_of(Name::Descriptors))),
        report("/v1/reports/sites", Name::Sites)
            .id("reportSites")
            .summary("Report what came in for each site")
            .about("Of the orders placed in the span. `unresolved` counts those for which no site was found.")
            .answers(200, Schema::Of(|_| schema_of(Name::Sites))),
        report("/v1/reports/fees", Name::Fees)
            .id("reportFees")
            .summary("Report network fees for attempts beyond the limits")
            .about(
                "Counts every attempt on a card, the merchant's own included. `incurredFee`: for attempts made beyond a limit. \
                 `avoidedFee`: what a retry at once would have cost after a decline that Recoup had, where none was made beyond \
                 the limit. `predictedFee` is both. Here `currency` is the fee's.",
            )
            .answers(200, Schema::Of(|_| schema_of(Name::Fees))),
        report("/v1/reports/uplift", Name::Uplift)
            .id("reportUplift")
            .summary("Report what the policy recovers beyond the permanent hold-out")
            .about(
                "Of the orders placed in the span that Recoup works by itself, by the arm their card was drawn for: `policy`, \
                 `explore` (moments are drawn) or `holdout` (a fixed ladder of 1, 3, 5 and 7 days, for ever). Compared are orders \
                 whose rescue period is over; the others are in `openOrders` alone, closed ones too, because those that are \
                 recovered close first. `upliftAbsolute` is the difference of the rates to the hold-out's of the same row, \
                 `upliftRelative` the same as a part of the hold-out's; `ciLow` and `ciHigh` are the 95 % interval of the \
                 difference (Newcombe), `pValue` tells how likely chance alone makes one so large. `amountRate` weighs orders by \
                 what was due. All count by card, as the orders of one card go together. null: fewer than 30 cards in one of the \
                 two arms, not enough to say.",
            )
            .answers(200, Schema::Of(|_| schema_of(Name::Uplift)))
            .showing(json!({
                "report": "uplift", "from": "2026-09-01T00:00:00.000000Z", "to": "2026-10-31T23:59:59.999999Z",
                "generatedOn": "2026-12-01T08:00:00.000000Z",
                "rows": [
                    {
                        "period": null, "mid": "0193a1f0-0000-7000-8000-000000000001", "currency": "USD", "arm": "holdout",
                        "orders": 620, "amount": 1_240_000, "recoveredOrders": 236, "recoveredAmount": 472_000, "rate": 0.3806,
                        "upliftAbsolute": null, "upliftRelative": null, "ciLow": null, "ciHigh": null, "pValue": null,
                        "amountRate": 0.3806, "amountUplift": null, "amountCiLow": null, "amountCiHigh": null, "openOrders": 12
                    },
                    {
                        "period": null, "mid": "0193a1f0-0000-7000-8000-000000000001", "currency": "USD", "arm": "policy",
                        "orders": 11_500, "amount": 23_000_000, "recoveredOrders": 5_290, "recoveredAmount": 10_580_000, "rate": 0.46,
                        "upliftAbsolute": 0.0794, "upliftRelative": 0.2086, "ciLow": 0.0395, "ciHigh": 0.1173, "pValue": 0.0001,
                        "amountRate": 0.46, "amountUplift": 0.0794, "amountCiLow": 0.0398, "amountCiHigh": 0.1189, "openOrders": 240
                    }
                ]
            })),
    ]
}

fn report(path: &'static str, name: Name) -> Operation {
    let serve =
        move |state: State<AppState>, query: Query, headers: HeaderMap, caller: Caller| get(name, state, query, headers, caller);
    Operation::get(path, serve)
        .tag(Tag::Reports)
        .scope("reports")
        .query_as("from", date_time().about("Required. First moment, UTC; a bare date is its whole day"))
        .query_as("to", date_time().about("Required. Last moment, at most 400 days later"))
        .query_as("mid", guid().about("One merchant only"))
        .query_as("siteId", guid().about("One site only"))
        .query_as("channel", word(&["cit_web", "cit_call_center", "mit"]).about("One channel only"))
        .query_as("currency", currency().about("One currency only"))
        .query_as("interval", word(&["none", "day", "week", "month"]).default("none".into()).about("Length of a period, UTC"))
        .query_as(
            "groupBy",
            list(word(&["site", "channel", "currency", "descriptor", "mid"]), 5)
                .about("Further group keys, repeated or comma separated; merchant and currency always are"),
        )
        .query_as("includeTest", boolean().default(false.into()).about("Orders that ran on the sandbox processor too"))
        .query_as("format", word(&["json", "csv"]).about("Else as `Accept` says"))
        .answers_as(200, "text/csv", Schema::Text)
}
