//! Settings of a merchant or a site, and members that may be taken away (`wire-api` §10.1).

use domain::{
    bounds::ID_CHARS_MAX,
    patch::Patch,
    settings::{Draft, MitMode, Simulator, StatusNames},
    settlement::terms,
};

use crate::json::{Node, Reader};

/// A text; absent and `null` keep what is there, blank takes it away.
pub fn clearable(reader: &mut Reader<'_, '_>, name: &str, max: usize) -> Patch<String> {
    match reader.get(name) {
        Some(Node::Text(text)) if text.trim().is_empty() => Patch::Clear,
        _ => reader.text(name, max).into(),
    }
}

/// The settings of an object. `null` is told from absent: on a site it inherits again, and a rescue window may be none.
pub fn settings(reader: &mut Reader<'_, '_>) -> Draft {
    Draft {
        mit_mode: nullable(reader, "mitMode", |reader, name| reader.parsed(name, MitMode::parse)),
        rescue_window_days: nullable(reader, "rescueWindowDays", Reader::integer),
        sync_background: nullable(reader, "syncBackground", Reader::boolean),
        auth_capture: nullable(reader, "authCapture", Reader::boolean),
        capture_window: nullable(reader, "captureWindow", |reader, name| reader.text(name, ID_CHARS_MAX)),
        challenge_enabled: nullable(reader, "challengeEnabled", Reader::boolean),
        challenge_ttl_minutes: nullable(reader, "challengeTtlMinutes", Reader::integer),
        accept_pan: reader.boolean("acceptPan"),
        realtime_budget_ms: reader.integer("realtimeBudgetMs"),
        allow_partial: reader.boolean("allowPartial"),
        refund_partial_max_percent: reader.integer("refundPartialMaxPercent"),
        order_status_names: reader.parsed("orderStatusNames", StatusNames::parse),
        simulator: reader.parsed("simulator", Simulator::parse),
        holdout_percent: reader.integer("holdoutPercent"),
        explore_percent: reader.integer("explorePercent"),
        settlement: terms(reader),
    }
}

/// The terms of settlement within settings.
fn terms(reader: &mut Reader<'_, '_>) -> terms::Draft {
    let Some(mut of) = reader.object("settlement", "Settlement") else { return terms::Draft::default() };
    terms::Draft {
        period_days: of.integer("periodDays"),
        payout_days: of.integer("payoutDays"),
        service_fee_basis_points: of.integer("serviceFeeBasisPoints"),
        service_fee_fixed: of.integer("serviceFeeFixed"),
        chargeback_fee: of.integer("chargebackFee"),
        reserve_basis_points: of.integer("reserveBasisPoints"),
        reserve_days: of.integer("reserveDays"),
    }
}

/// The member `settings` of an object; one that says nothing but `null` still says something.
pub fn settings_within(reader: &mut Reader<'_, '_>) -> Draft {
    let inner = match reader.get("settings") {
        Some(Node::Object(_)) => reader.required_object("settings", "Settings"),
        _ => reader.object("settings", "Settings"),
    };
    inner.map(|mut inner| settings(&mut inner)).unwrap_or_default()
}

fn nullable<'n, 'f, T>(
    reader: &mut Reader<'n, 'f>,
    name: &str,
    read: impl FnOnce(&mut Reader<'n, 'f>, &str) -> Option<T>,
) -> Patch<T> {
    if reader.is_null(name) { Patch::Clear } else { read(reader, name).into() }
}

#[cfg(test)]
mod tests {
    use domain::fault::Faults;

    use super::*;
    use crate::json::parse;

    #[test]
    fn null_is_told_from_absent() {
        let node = parse(
            br#"{"mitMode":"SYNC","rescueWindowDays":null,"captureWindow":"PT1H","challengeTtlMinutes":"20","acceptPan":0,"simulator":"?"}"#,
        )
        .unwrap();
        let mut faults = Faults::new();
        let draft = settings(&mut Reader::new(&node, &mut faults));
        assert_eq!(
            (draft.mit_mode, draft.rescue_window_days, draft.sync_background),
            (Patch::Set(MitMode::Sync), Patch::Clear, Patch::Keep)
        );
        assert_eq!((draft.challenge_ttl_minutes, draft.accept_pan), (Patch::Set(20), Some(false)));
        assert!(faults.has("Simulator") && faults.iter().count() == 1);
    }

    #[test]
    fn blank_takes_texts_away() {
        let node = parse(br#"{"a":" ","b":null,"c":"x","d":7}"#).unwrap();
        let mut faults = Faults::new();
        let mut reader = Reader::new(&node, &mut faults);
        let read = ["a", "b", "c", "d", "e"].map(|name| clearable(&mut reader, name, 9));
        assert_eq!(read, [Patch::Clear, Patch::Keep, Patch::Set("x".into()), Patch::Set("7".into()), Patch::Keep]);
    }
}
