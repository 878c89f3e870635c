//! A merchant's settings with their defaults, and what a site may say otherwise (`wire-api` §10.1).

use jiff::{Span, SpanRelativeTo};
use serde::{Deserialize, Serialize};

use crate::{
    bounds,
    fault::Faults,
    patch::Patch,
    settlement::{Terms, terms},
};

crate::words! {
    /// Who retries a merchant-initiated decline.
    pub enum MitMode {
        /// Recoup alone, until the rescue period ends.
        Managed = "managed",
        /// The merchant repeats `/evaluate`.
        Sync = "sync",
    }
}

crate::words! {
    /// What answers sandbox orders.
    pub enum Simulator {
        /// The tables of magic values.
        Magic = "magic",
        /// Simulated issuers; the tables keep priority.
        Issuer = "issuer",
    }
}

crate::words! {
    /// What `statusName` of an order shows.
    pub enum StatusNames {
        /// A word of the evaluate vocabulary.
        Word = "word",
        /// The upper-cased status text.
        Order = "order",
    }
}

/// Settings of a merchant; members marked with an asterisk in the contract may be overridden by a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Settings {
    /// Managed or sync. Overridable.
    pub mit_mode: MitMode,
    /// Length of the rescue period in days, 1–60; none: the caller must send `expiryDateUtc`. Overridable.
    pub rescue_window_days: Option<u16>,
    /// Sync: work between the caller's repeats too. Overridable.
    pub sync_background: bool,
    /// Authorisation with later capture is offered. Overridable.
    pub auth_capture: bool,
    /// How long an authorisation may wait for its capture, in seconds (`PT5M`–`P7D`). Overridable.
    pub capture_window_secs: u32,
    /// The challenge widget is offered. Overridable.
    pub challenge_enabled: bool,
    /// Life of a challenge, minutes. Overridable.
    pub challenge_ttl_minutes: u16,
    /// Card numbers are accepted by `/evaluate`.
    pub accept_pan: bool,
    /// Time for a real-time answer, milliseconds, 500–25000.
    pub realtime_budget_ms: u32,
    /// Partial approvals are kept and the rest stays due.
    pub allow_partial: bool,
    /// Largest partial refund, percent of the captured amount.
    pub refund_partial_max_percent: u8,
    /// Vocabulary of `statusName`.
    pub order_status_names: StatusNames,
    /// Who answers in the sandbox.
    pub simulator: Simulator,
    /// Share of MIT orders in the permanent hold-out.
    pub holdout_percent: u8,
    /// Share of MIT plans that explore.
    pub explore_percent: u8,
    /// Terms of settlement; the operator's to change.
    pub settlement: Terms,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mit_mode: MitMode::Managed,
            rescue_window_days: Some(21),
            sync_background: true,
            auth_capture: true,
            capture_window_secs: 7 * 86_400,
            challenge_enabled: true,
            challenge_ttl_minutes: 15,
            accept_pan: true,
            realtime_budget_ms: 8_000,
            allow_partial: false,
            refund_partial_max_percent: 100,
            order_status_names: StatusNames::Word,
            simulator: Simulator::Magic,
            holdout_percent: 5,
            explore_percent: 3,
            settlement: Terms::default(),
        }
    }
}

/// What a site says otherwise; `None` inherits the merchant's value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Overrides {
    /// See [`Settings::mit_mode`].
    pub mit_mode: Option<MitMode>,
    /// See [`Settings::rescue_window_days`].
    pub rescue_window_days: Option<u16>,
    /// See [`Settings::sync_background`].
    pub sync_background: Option<bool>,
    /// See [`Settings::auth_capture`].
    pub auth_capture: Option<bool>,
    /// See [`Settings::capture_window_secs`].
    pub capture_window_secs: Option<u32>,
    /// See [`Settings::challenge_enabled`].
    pub challenge_enabled: Option<bool>,
    /// See [`Settings::challenge_ttl_minutes`].
    pub challenge_ttl_minutes: Option<u16>,
}

impl Settings {
    /// The settings in force on a site.
    #[must_use]
    pub fn on_site(&self, site: &Overrides) -> Self {
        Self {
            mit_mode: site.mit_mode.unwrap_or(self.mit_mode),
            rescue_window_days: site.rescue_window_days.or(self.rescue_window_days),
            sync_background: site.sync_background.unwrap_or(self.sync_background),
            auth_capture: site.auth_capture.unwrap_or(self.auth_capture),
            capture_window_secs: site.capture_window_secs.unwrap_or(self.capture_window_secs),
            challenge_enabled: site.challenge_enabled.unwrap_or(self.challenge_enabled),
            challenge_ttl_minutes: site.challenge_ttl_minutes.unwrap_or(self.challenge_ttl_minutes),
            ..self.clone()
        }
    }
}

/// A change of settings as it was sent; numbers are not judged yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// See [`Settings::mit_mode`].
    pub mit_mode: Patch<MitMode>,
    /// See [`Settings::rescue_window_days`].
    pub rescue_window_days: Patch<i64>,
    /// See [`Settings::sync_background`].
    pub sync_background: Patch<bool>,
    /// See [`Settings::auth_capture`].
    pub auth_capture: Patch<bool>,
    /// ISO 8601 duration.
    pub capture_window: Patch<String>,
    /// See [`Settings::challenge_enabled`].
    pub challenge_enabled: Patch<bool>,
    /// See [`Settings::challenge_ttl_minutes`].
    pub challenge_ttl_minutes: Patch<i64>,
    /// See [`Settings::accept_pan`].
    pub accept_pan: Option<bool>,
    /// See [`Settings::realtime_budget_ms`].
    pub realtime_budget_ms: Option<i64>,
    /// See [`Settings::allow_partial`].
    pub allow_partial: Option<bool>,
    /// See [`Settings::refund_partial_max_percent`].
    pub refund_partial_max_percent: Option<i64>,
    /// See [`Settings::order_status_names`].
    pub order_status_names: Option<StatusNames>,
    /// See [`Settings::simulator`].
    pub simulator: Option<Simulator>,
    /// See [`Settings::holdout_percent`].
    pub holdout_percent: Option<i64>,
    /// See [`Settings::explore_percent`].
    pub explore_percent: Option<i64>,
    /// See [`Settings::settlement`].
    pub settlement: terms::Draft,
}

impl Draft {
    /// Adds a fault for every value outside its range; `parent` is `""` or a path that ends with a dot.
    pub fn check(&self, parent: &str, faults: &mut Faults) {
        let percent = 0..=100;
        let numbers = [
            ("RescueWindowDays", self.rescue_window_days.value(), 1..=bounds::RESCUE_DAYS_MAX as i64),
            ("ChallengeTtlMinutes", self.challenge_ttl_minutes.value(), 1..=bounds::CHALLENGE_TTL_MINUTES_MAX),
            (
                "RealtimeBudgetMs",
                self.realtime_budget_ms.as_ref(),
                bounds::REALTIME_BUDGET_MS_MIN..=bounds::REALTIME_BUDGET_MS_MAX,
            ),
            ("RefundPartialMaxPercent", self.refund_partial_max_percent.as_ref(), percent.clone()),
            ("HoldoutPercent", self.holdout_percent.as_ref(), percent.clone()),
            ("ExplorePercent", self.explore_percent.as_ref(), percent),
        ];
        for (name, value, range) in numbers {
            if value.is_some_and(|value| !range.contains(value)) {
                let message = format!("The field {name} must be between {} and {}.", range.start(), range.end());
                faults.add(format!("{parent}{name}"), message);
            }
        }
        self.settlement.check(&format!("{parent}Settlement."), faults);
        if self.capture_window.value().is_some_and(|text| window_secs(text).is_none()) {
            faults.add(format!("{parent}CaptureWindow"), "The field CaptureWindow must be between PT5M and P7D.");
        }
    }

    /// A merchant's settings after a change without faults.
    #[must_use]
    pub fn amend(self, before: &Settings) -> Settings {
        Settings {
            mit_mode: self.mit_mode.or(before.mit_mode),
            rescue_window_days: self.rescue_window_days.map(narrow).over(before.rescue_window_days),
            sync_background: self.sync_background.or(before.sync_background),
            auth_capture: self.auth_capture.or(before.auth_capture),
            capture_window_secs: self
                .capture_window
                .map(|text| window_secs(&text).unwrap_or(before.capture_window_secs))
                .or(before.capture_window_secs),
            challenge_enabled: self.challenge_enabled.or(before.challenge_enabled),
            challenge_ttl_minutes: self.challenge_ttl_minutes.map(narrow).or(before.challenge_ttl_minutes),
            accept_pan: self.accept_pan.unwrap_or(before.accept_pan),
            realtime_budget_ms: self.realtime_budget_ms.map_or(before.realtime_budget_ms, narrow),
            allow_partial: self.allow_partial.unwrap_or(before.allow_partial),
            refund_partial_max_percent: self.refund_partial_max_percent.map_or(before.refund_partial_max_percent, narrow),
            order_status_names: self.order_status_names.unwrap_or(before.order_status_names),
            simulator: self.simulator.unwrap_or(before.simulator),
            holdout_percent: self.holdout_percent.map_or(before.holdout_percent, narrow),
            explore_percent: self.explore_percent.map_or(before.explore_percent, narrow),
            settlement: self.settlement.amend(&before.settlement),
        }
    }

    /// What a site says otherwise after a change without faults; `null` inherits again.
    #[must_use]
    pub fn amend_site(self, before: &Overrides) -> Overrides {
        Overrides {
            mit_mode: self.mit_mode.over(before.mit_mode),
            rescue_window_days: self.rescue_window_days.map(narrow).over(before.rescue_window_days),
            sync_background: self.sync_background.over(before.sync_background),
            auth_capture: self.auth_capture.over(before.auth_capture),
            capture_window_secs: match self.capture_window {
                Patch::Set(text) => window_secs(&text).or(before.capture_window_secs),
                other => other.map(|_| 0).over(before.capture_window_secs),
            },
            challenge_enabled: self.challenge_enabled.over(before.challenge_enabled),
            challenge_ttl_minutes: self.challenge_ttl_minutes.map(narrow).over(before.challenge_ttl_minutes),
        }
    }
}

/// A number whose range was checked.
fn narrow<T: TryFrom<i64> + Default>(number: i64) -> T {
    T::try_from(number).unwrap_or_default()
}

/// A capture window as ISO 8601 duration; `None` when it is none, or outside `PT5M`–`P7D`.
pub fn window_secs(text: &str) -> Option<u32> {
    let span: Span = text.trim().parse().ok()?;
    let secs = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?.as_secs();
    u32::try_from(secs).ok().filter(|secs| (bounds::CAPTURE_WINDOW_SECS_MIN..=bounds::CAPTURE_WINDOW_SECS_MAX).contains(secs))
}

/// A capture window as the wire shows it: whole days, else hours, minutes and seconds.
pub fn window_text(secs: u32) -> String {
    if secs.is_multiple_of(86_400) {
        return format!("P{}D", secs / 86_400);
    }
    let parts = [(secs / 3_600, "H"), (secs / 60 % 60, "M"), (secs % 60, "S")];
    parts.iter().filter(|(count, _)| *count > 0).fold("PT".to_owned(), |text, (count, unit)| text + &count.to_string() + unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_read_and_show() {
        for (text, secs, shown) in [
            ("P7D", Some(604_800), "P7D"),
            ("p1w", Some(604_800), "P7D"),
            ("PT5M", Some(300), "PT5M"),
            ("PT48H", Some(172_800), "P2D"),
            ("P1DT1H30S", Some(90_030), "PT25H30S"),
            ("PT4M59S", None, ""),
            ("P7DT1S", None, ""),
            ("P1M", None, ""),
            ("-P1D", None, ""),
            ("7", None, ""),
            ("", None, ""),
        ] {
            assert_eq!(window_secs(text), secs, "{text}");
            assert!(secs.is_none_or(|secs| window_text(secs) == shown), "{text}");
        }
    }

    #[test]
    fn ranges_are_held_and_named() {
        let mut faults = Faults::new();
        let draft = Draft {
            rescue_window_days: Patch::Set(61),
            capture_window: Patch::Set("P8D".into()),
            challenge_ttl_minutes: Patch::Set(0),
            realtime_budget_ms: Some(499),
            refund_partial_max_percent: Some(101),
            holdout_percent: Some(-1),
            explore_percent: Some(100),
            ..Draft::default()
        };
        draft.check("Settings.", &mut faults);
        let paths: Vec<_> = faults.iter().map(|(path, _)| path.trim_start_matches("Settings.")).collect();
        let expected = [
            "CaptureWindow",
            "ChallengeTtlMinutes",
            "HoldoutPercent",
            "RealtimeBudgetMs",
            "RefundPartialMaxPercent",
            "RescueWindowDays",
        ];
        assert_eq!(paths, expected);
        let message = faults.iter().find(|(path, _)| path.ends_with("Ms")).unwrap().1;
        assert_eq!(message, "The field RealtimeBudgetMs must be between 500 and 25000.");
    }

    #[test]
    fn changes_keep_clear_and_set() {
        let before = Settings { rescue_window_days: Some(30), ..Settings::default() };
        let draft = Draft {
            mit_mode: Patch::Clear,
            rescue_window_days: Patch::Clear,
            capture_window: Patch::Set("PT1H".into()),
            realtime_budget_ms: Some(500),
            ..Draft::default()
        };
        let after = draft.clone().amend(&before);
        assert_eq!((after.mit_mode, after.rescue_window_days), (MitMode::Managed, None));
        assert_eq!((after.capture_window_secs, after.realtime_budget_ms, after.challenge_ttl_minutes), (3_600, 500, 15));
        let site = Overrides { mit_mode: Some(MitMode::Sync), sync_background: Some(false), ..Overrides::default() };
        let after = draft.amend_site(&site);
        assert_eq!((after.mit_mode, after.sync_background, after.capture_window_secs), (None, Some(false), Some(3_600)));
        let cleared = Draft { capture_window: Patch::Clear, ..Draft::default() }.amend_site(&after);
        assert_eq!(cleared.capture_window_secs, None);
    }

    proptest::proptest! {
        #[test]
        fn no_window_makes_it_panic(text in "[PTWDHMSY0-9.-]{0,20}") {
            if let Some(secs) = window_secs(&text) {
                proptest::prop_assert_eq!(window_secs(&window_text(secs)), Some(secs));
            }
        }
    }
}
