//! Reports.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Client, Error, request::requests};

requests! {
    /// Over what.
    pub struct ReportQuery {
        /// First moment, UTC; a bare date is its whole day.
        from: String,
        /// Last moment; at most 400 days later.
        to: String,
    }
    optional {
        /// One merchant only.
        mid: String,
        /// One site only.
        site_id: String,
        /// One channel only.
        channel: String,
        /// One currency only.
        currency: String,
        /// `none`, `day`, `week` or `month`.
        interval: String,
        /// `site`, `channel`, `descriptor`.
        group_by: Vec<String>,
        /// Orders of the sandbox processor too.
        include_test: bool,
    }
}

/// A report.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report<R> {
    /// Its name.
    pub report: String,
    /// First moment.
    pub from: String,
    /// Last moment.
    pub to: String,
    /// When it was made.
    pub generated_on: String,
    /// Its rows.
    pub rows: Vec<R>,
}

/// A kind of row, and the report that holds it.
pub trait ReportRow: DeserializeOwned {
    /// Its path.
    const PATH: &'static str;
}

/// Rows begin alike: period, merchant, currency, and the keys that were asked for.
macro_rules! rows {
    ($(
        $(#[$about:meta])*
        pub struct $name:ident = $path:literal { $($(#[$each:meta])* $member:ident: $type:ty,)* }
    )+) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            /// The period; nothing without an interval.
            pub period: Option<String>,
            /// The merchant.
            pub mid: Option<String>,
            /// Three letters.
            pub currency: Option<String>,
            /// When grouped by site.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub site_id: Option<String>,
            /// Its name.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub site_name: Option<String>,
            /// When grouped by channel.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub channel: Option<String>,
            /// When grouped by descriptor.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub descriptor: Option<String>,
            $($(#[$each])* pub $member: $type,)*
        }

        impl ReportRow for $name {
            const PATH: &'static str = $path;
        }
    )+};
}

rows! {
    /// What was rescued.
    pub struct RecoveryRow = "/v1/reports/recovery" {
        /// Orders.
        orders: i64,
        /// Cents.
        amount: i64,
        /// Rescued ones.
        recovered_orders: i64,
        /// Cents.
        recovered_amount: i64,
        /// 0–1.
        recovery_rate: Option<f64>,
        /// 0–1.
        recovered_amount_rate: Option<f64>,
        /// Attempts.
        attempts: i64,
        /// For each rescue.
        attempts_per_recovery: Option<f64>,
        /// From placing to rescue.
        median_hours: Option<f64>,
        /// Still worked.
        open_orders: i64,
    }

    /// What was declined, and what came of it.
    pub struct DeclinesRow = "/v1/reports/declines" {
        /// Whose codes these are.
        response_code_source: Option<String>,
        /// The code.
        response_code: Option<String>,
        /// Mastercard's advice.
        merchant_advice_code: Option<String>,
        /// What kind of decline it is.
        decline_class: Option<String>,
        /// The card network.
        network: Option<String>,
        /// Orders.
        orders: i64,
        /// Cents.
        amount: i64,
        /// Rescued ones.
        recovered_orders: i64,
        /// Cents.
        recovered_amount: i64,
    }

    /// What was tried.
    pub struct AttemptsRow = "/v1/reports/attempts" {
        /// From 1.
        attempt_number: i64,
        /// The processor.
        processor: Option<String>,
        /// What kind of decline came before.
        decline_class: Option<String>,
        /// Attempts.
        attempts: i64,
        /// Approved ones.
        approved: i64,
        /// 0–1.
        approval_rate: Option<f64>,
        /// Not known yet.
        unknown: i64,
        /// Milliseconds.
        #[serde(rename = "p50LatencyMs")]
        p50_latency_ms: Option<i64>,
        /// Milliseconds.
        #[serde(rename = "p95LatencyMs")]
        p95_latency_ms: Option<i64>,
    }

    /// By what stands on statements.
    pub struct DescriptorsRow = "/v1/reports/descriptors" {
        /// Payments.
        transactions: i64,
        /// Approved ones.
        approved: i64,
        /// Declined ones.
        declined: i64,
        /// Cents.
        amount: i64,
        /// Refunds.
        refunds: i64,
        /// Disputes.
        chargebacks: i64,
    }

    /// By site.
    pub struct SitesRow = "/v1/reports/sites" {
        /// How the site was found.
        matched_by: Option<String>,
        /// Payments.
        transactions: i64,
        /// Rescued ones.
        rescued: i64,
        /// Cents.
        recovered_amount: i64,
        /// Without a site of their own.
        unresolved: i64,
    }

    /// What retries cost at the networks.
    pub struct FeesRow = "/v1/reports/fees" {
        /// The card network.
        network: Option<String>,
        /// The rule.
        rule_id: Option<String>,
        /// Attempts.
        attempts: i64,
        /// Cents.
        predicted_fee: i64,
        /// Cents.
        incurred_fee: i64,
        /// Cents.
        avoided_fee: i64,
    }

    /// What the policy recovers beyond the permanent hold-out. Uplifts are null while there are too few orders to say.
    pub struct UpliftRow = "/v1/reports/uplift" {
        /// `policy`, `explore` or `holdout`.
        arm: Option<String>,
        /// Orders whose rescue period is over.
        orders: i64,
        /// Cents due.
        amount: i64,
        /// Rescued ones.
        recovered_orders: i64,
        /// Cents.
        recovered_amount: i64,
        /// 0–1.
        rate: Option<f64>,
        /// Beyond the hold-out's rate.
        uplift_absolute: Option<f64>,
        /// The same as a part of the hold-out's rate.
        uplift_relative: Option<f64>,
        /// Interval of 95 % of `uplift_absolute`.
        ci_low: Option<f64>,
        /// Its upper end.
        ci_high: Option<f64>,
        /// How likely chance alone makes one so large.
        p_value: Option<f64>,
        /// Amount rescued of the amount due.
        amount_rate: Option<f64>,
        /// Beyond the hold-out's.
        amount_uplift: Option<f64>,
        /// Interval of 95 % of `amount_uplift`.
        amount_ci_low: Option<f64>,
        /// Its upper end.
        amount_ci_high: Option<f64>,
        /// Not compared yet.
        open_orders: i64,
    }
}

impl Client {
    /// `GET /v1/reports/…`: the report that these rows belong to, such as `client.report::<RecoveryRow>(&query)`.
    pub async fn report<R: ReportRow>(&self, query: &ReportQuery) -> Result<Report<R>, Error> {
        self.get(R::PATH).asking(query).json().await
    }
}
