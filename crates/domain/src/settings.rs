//! A merchant's settings with their defaults, and what a site may say otherwise (`wire-api` §10.1).

use serde::{Deserialize, Serialize};

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
