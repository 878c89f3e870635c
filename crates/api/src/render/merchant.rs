//! Merchants and their settings (`wire-api` §10.1).

use domain::{
    profile::{BankAccount, Contact, Profile},
    settings::{self, window_text},
};
use engine::tenancy::MerchantView;
use schemars::JsonSchema;
use serde::Serialize;

use super::site::Site;

/// A merchant.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Merchant")]
pub struct Merchant<'a> {
    /// The operator's own account number for it.
    account_id: Option<&'a str>,
    /// Its id.
    mid: String,
    /// Its name.
    company_name: &'a str,
    /// Name in the register of companies.
    legal_entity_name: Option<&'a str>,
    /// Trading name.
    dba: &'a str,
    /// Kind of business.
    #[serde(rename = "type")]
    kind: Option<&'a str>,
    /// Its website.
    website: Option<&'a str>,
    /// What it sells.
    description: Option<&'a str>,
    /// What was agreed beside the usual terms.
    special_terms: Option<&'a str>,
    /// Merchant category code.
    mcc: Option<&'a str>,
    /// Industry.
    industry: Option<&'a str>,
    /// 1: its orders are worked; 0: not.
    status: u8,
    /// `ACTIVE INACTIVE`.
    status_name: &'static str,
    /// Whom customers turn to.
    customer_support_information: CustomerSupport<'a>,
    /// Since when, UTC.
    created_on: String,
    /// Whom the operator turns to.
    primary_contact: PrimaryContact<'a>,
    /// Who integrates.
    developer_contact: DeveloperContact<'a>,
    /// Where payouts go.
    bank_account_information: Bank<'a>,
    /// Its sites that are not archived; the first hundred.
    sites: Vec<Site<'a>>,
    /// Minutes east of UTC, now.
    timezone: i32,
    /// IANA name of its time zone.
    timezone_name: &'a str,
    /// Language of its texts.
    language: &'a str,
    /// The partner that onboarded it.
    partner_id: Option<String>,
    /// ISO 3166 alpha-2 country.
    country: &'a str,
    /// Its settings.
    settings: Settings,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CustomerSupport")]
#[expect(clippy::struct_field_names, reason = "the wire's own words")]
struct CustomerSupport<'a> {
    customer_support_name: Option<&'a str>,
    customer_support_email: Option<&'a str>,
    customer_support_phone: Option<&'a str>,
    customer_support_link: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "MerchantPrimaryContact")]
struct PrimaryContact<'a> {
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    email: Option<&'a str>,
    phone: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "MerchantDeveloperContact")]
#[expect(clippy::struct_field_names, reason = "the wire's own words")]
struct DeveloperContact<'a> {
    developer_first_name: Option<&'a str>,
    developer_last_name: Option<&'a str>,
    developer_email: Option<&'a str>,
    developer_phone: Option<&'a str>,
}

/// The numbers themselves are never shown.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "MerchantBankAccount")]
#[expect(clippy::struct_field_names, reason = "the wire's own words")]
struct Bank<'a> {
    bank_name: Option<&'a str>,
    dda_type: Option<&'a str>,
    masked_account_number: Option<&'a str>,
    masked_routing_number: Option<&'a str>,
    /// Always null.
    account_number: Option<()>,
    /// Always null.
    routing_number: Option<()>,
}

/// A merchant's settings.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "MerchantSettings")]
pub struct Settings {
    /// `managed sync`: who retries rebills.
    mit_mode: &'static str,
    /// Length of the rescue, days; null: each order must say its end.
    rescue_window_days: Option<u16>,
    /// Sync: work between the caller's repeats too.
    sync_background: bool,
    /// Authorisation with later capture is offered.
    auth_capture: bool,
    /// How long an authorisation waits for its capture, ISO 8601.
    capture_window: String,
    /// The challenge widget is offered.
    challenge_enabled: bool,
    /// Life of a challenge, minutes.
    challenge_ttl_minutes: u16,
    /// `/evaluate` takes card numbers.
    accept_pan: bool,
    /// Time for a real-time answer, milliseconds.
    realtime_budget_ms: u32,
    /// Partial approvals are kept.
    allow_partial: bool,
    /// Largest partial refund, percent.
    refund_partial_max_percent: u8,
    /// `word order`: vocabulary of `statusName`.
    order_status_names: &'static str,
    /// `magic issuer`: who answers in the sandbox.
    simulator: &'static str,
    /// Share of rebills in the permanent hold-out, percent.
    holdout_percent: u8,
    /// Share of plans that explore, percent.
    explore_percent: u8,
    /// Terms of settlement.
    settlement: SettlementTerms,
}

/// Terms of settlement; fees are in minor units of the payment's currency.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "SettlementTerms")]
struct SettlementTerms {
    /// Length of a settlement period, days.
    period_days: u16,
    /// From the end of a period to its payout, days.
    payout_days: u16,
    /// Service fee, basis points of what was captured.
    service_fee_basis_points: u16,
    /// Service fee of each rescued order beside the share.
    service_fee_fixed: i64,
    /// Fee of each chargeback.
    chargeback_fee: i64,
    /// Held back at the end of a period, basis points.
    reserve_basis_points: u16,
    /// How long it is held back, days.
    reserve_days: u16,
}

impl<'a> From<&'a MerchantView> for Merchant<'a> {
    fn from(view: &'a MerchantView) -> Self {
        let merchant = &view.merchant;
        let profile: &Profile = &merchant.profile;
        let support = &profile.support;
        Self {
            account_id: profile.account_id.as_deref(),
            mid: merchant.id.to_string(),
            company_name: &merchant.name,
            legal_entity_name: profile.legal_name.as_deref(),
            dba: profile.dba.as_deref().unwrap_or(&merchant.name),
            kind: profile.kind.as_deref(),
            website: profile.website.as_deref(),
            description: profile.description.as_deref(),
            special_terms: profile.special_terms.as_deref(),
            mcc: merchant.mcc.as_deref(),
            industry: profile.industry.as_deref(),
            status: u8::from(merchant.active),
            status_name: if merchant.active { "ACTIVE" } else { "INACTIVE" },
            customer_support_information: CustomerSupport {
                customer_support_name: support.name.as_deref(),
                customer_support_email: support.email.as_deref(),
                customer_support_phone: support.phone.as_deref(),
                customer_support_link: support.link.as_deref(),
            },
            created_on: merchant.created_at.iso6(),
            primary_contact: primary(&profile.primary),
            developer_contact: developer(&profile.developer),
            bank_account_information: bank(profile.bank.as_ref()),
            sites: view.sites.iter().map(Site::from).collect(),
            timezone: view.offset_minutes,
            timezone_name: &profile.timezone_name,
            language: &profile.language,
            partner_id: merchant.partner.map(|partner| partner.to_string()),
            country: &merchant.country,
            settings: Settings::from(&merchant.settings),
        }
    }
}

fn primary(of: &Contact) -> PrimaryContact<'_> {
    PrimaryContact {
        first_name: of.first_name.as_deref(),
        last_name: of.last_name.as_deref(),
        email: of.email.as_deref(),
        phone: of.phone.as_deref(),
    }
}

fn developer(of: &Contact) -> DeveloperContact<'_> {
    DeveloperContact {
        developer_first_name: of.first_name.as_deref(),
        developer_last_name: of.last_name.as_deref(),
        developer_email: of.email.as_deref(),
        developer_phone: of.phone.as_deref(),
    }
}

fn bank(of: Option<&BankAccount>) -> Bank<'_> {
    Bank {
        bank_name: of.and_then(|bank| bank.bank_name.as_deref()),
        dda_type: of.and_then(|bank| bank.dda_type.as_deref()),
        masked_account_number: of.and_then(|bank| bank.masked_account.as_deref()),
        masked_routing_number: of.and_then(|bank| bank.masked_routing.as_deref()),
        account_number: None,
        routing_number: None,
    }
}

impl From<&settings::Settings> for Settings {
    fn from(of: &settings::Settings) -> Self {
        Self {
            mit_mode: of.mit_mode.as_str(),
            rescue_window_days: of.rescue_window_days,
            sync_background: of.sync_background,
            auth_capture: of.auth_capture,
            capture_window: window_text(of.capture_window_secs),
            challenge_enabled: of.challenge_enabled,
            challenge_ttl_minutes: of.challenge_ttl_minutes,
            accept_pan: of.accept_pan,
            realtime_budget_ms: of.realtime_budget_ms,
            allow_partial: of.allow_partial,
            refund_partial_max_percent: of.refund_partial_max_percent,
            order_status_names: of.order_status_names.as_str(),
            simulator: of.simulator.as_str(),
            holdout_percent: of.holdout_percent,
            explore_percent: of.explore_percent,
            settlement: SettlementTerms {
                period_days: of.settlement.period_days,
                payout_days: of.settlement.payout_days,
                service_fee_basis_points: of.settlement.service_fee_basis_points,
                service_fee_fixed: of.settlement.service_fee_fixed_minor,
                chargeback_fee: of.settlement.chargeback_fee_minor,
                reserve_basis_points: of.settlement.reserve_basis_points,
                reserve_days: of.settlement.reserve_days,
            },
        }
    }
}
