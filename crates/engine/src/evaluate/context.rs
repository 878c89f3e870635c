//! What a request means at this merchant: site, channel, mode, card, period; and the faults that only the context shows.

use std::sync::Arc;

use domain::{
    bounds::{MAGIC_AMOUNT_MINOR_MAX, MAGIC_AMOUNT_MINOR_MIN, RESCUE_DAYS_MAX},
    channel::{Channel, Mode, OrderSource},
    environment::Environment,
    fault::Faults,
    id::{Mid, SiteId},
    intake::{self, When},
    order::{Credential, RouteKind},
    settings::{MitMode, Settings, Simulator},
    site::MatchedBy,
    time::{DAY, MINUTE, Timestamp},
    token::{Card, SealedCvv},
};
use processor::simulator::magic::{self, Facts, FirstAnswer};

use crate::{
    Engine, Error, Principal, Result,
    rescue::Step,
    tenants::Tenant,
    vaulting::{Sealing, credential},
};

/// A managed sandbox period that ends this soon is read as absent: existing clients send "now".
const SANDBOX_NOW_MINUTES: u32 = 5;
/// Life of an order whose customer is present, days: long enough for anything that settles later.
const CIT_DAYS: u32 = 7;

/// A request in its context.
pub struct Context {
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// Merchant, sites, endpoints.
    pub tenant: Arc<Tenant>,
    /// Resolved site.
    pub site: SiteId,
    /// How it was found.
    pub matched_by: MatchedBy,
    /// Settings in force on it.
    pub settings: Settings,
    /// Channel.
    pub channel: Channel,
    /// Source.
    pub source: OrderSource,
    /// The source's text when unknown.
    pub source_text: Option<String>,
    /// Mode of the channel on this site.
    pub mode: Mode,
    /// Which processors work it.
    pub route_kind: RouteKind,
    /// Managed or sync, for MIT.
    pub mit_mode: Option<MitMode>,
    /// End of the rescue, UTC.
    pub expires_at: Timestamp,
    /// The card, when it is known or was sent.
    pub card: Option<KnownCard>,
    /// What the sandbox's tables say; none outside the sandbox.
    pub magic: Option<FirstAnswer>,
    /// Now, by the merchant's clock.
    pub now: Timestamp,
}

/// The card of a request.
pub struct KnownCard {
    /// What the order keeps of it.
    pub credential: Credential,
    /// Rows to be inserted, when it came as a number.
    pub new: Option<(Box<Card>, Option<SealedCvv>)>,
    /// A CVV that came beside a token.
    pub cvv: Option<SealedCvv>,
}

impl Engine {
    /// Reads the context and adds its faults. `None` when the context itself could not be read for a fault.
    pub(super) async fn context(
        &self,
        principal: &Principal,
        mid: Mid,
        input: &intake::Evaluate,
        faults: &mut Faults,
    ) -> Result<Option<Context>> {
        let tenant = self.tenants.get(mid).await?.ok_or(Error::ForeignMerchant)?;
        let environment = principal.environment;
        let now = self.now_for(mid, environment);
        let resolved = match crate::transmit::resolve(&tenant, &input.payment) {
            Ok(resolved) => Some(resolved),
            Err(Error::Invalid(found)) => {
                found.iter().for_each(|(path, message)| faults.add(path, message));
                None
            }
            Err(other) => return Err(other),
        };
        let (source, source_text) = OrderSource::read(input.payment.order_source.as_deref());
        let channel = Channel::of(input.payment.is_mit, source);
        let default_site = tenant.sites.iter().find(|site| site.is_default).map(|site| site.id);
        let Some((site, matched_by)) = resolved.or(default_site.map(|site| (site, MatchedBy::Default))) else { return Ok(None) };
        let settings = tenant.settings_on(site);
        let mode =
            tenant.site(site).map_or(tenant.merchant.modes.get(channel), |found| found.mode(&tenant.merchant.modes, channel));
        let route_kind = route_kind(environment, mode);
        let mit_mode = (channel == Channel::Mit).then_some(settings.mit_mode);
        check_amount(environment, &settings, input, faults);
        let expires_at = expiry(environment, &settings, mit_mode, input.expires, now, faults);
        let number = self.number_of(mid, environment, input, &settings, faults).await?;
        let magic = (route_kind == RouteKind::Simulator).then(|| first_answer(input, number.as_ref(), &settings));
        let storable = !matches!(magic, Some(FirstAnswer::SandboxCard)) || matches!(number, Some(Number::Vaulted { .. }));
        let card = match number.filter(|_| storable && faults.is_empty()) {
            Some(number) => Some(self.known_card(mid, environment, input, number, now).await?),
            None => None,
        };
        Ok(Some(Context {
            mid,
            environment,
            tenant,
            site,
            matched_by,
            settings,
            channel,
            source,
            source_text,
            mode,
            route_kind,
            mit_mode,
            expires_at,
            card,
            magic,
            now,
        }))
    }

    /// The card that the request names, or the one vaulted for this order, payer or subscription.
    async fn number_of(
        &self,
        mid: Mid,
        environment: Environment,
        input: &intake::Evaluate,
        settings: &Settings,
        faults: &mut Faults,
    ) -> Result<Option<Number>> {
        let simulated = environment == Environment::Sandbox;
        match &input.credential {
            Some(intake::Credential::Token(token)) => match self.card_of(mid, environment, *token).await? {
                Some(card) => Ok(Some(self.vaulted(card, simulated).await?)),
                None => {
                    faults.add("PaymentMethod.CardNumber", "The payment method token is unknown.");
                    Ok(None)
                }
            },
            Some(intake::Credential::Number(_)) if !settings.accept_pan => {
                faults.add("PaymentMethod.CardNumber", "Card numbers are not accepted; send a token.");
                Ok(None)
            }
            Some(intake::Credential::Number(number)) => Ok(Some(Number::Sent(number.clone()))),
            None if faults.has("PaymentMethod.CardNumber") => Ok(None),
            None => self.remembered(mid, environment, input, simulated, faults).await,
        }
    }

    async fn remembered(
        &self,
        mid: Mid,
        environment: Environment,
        input: &intake::Evaluate,
        simulated: bool,
        faults: &mut Faults,
    ) -> Result<Option<Number>> {
        let payment = &input.payment;
        let subscription = payment.subscription.as_ref().and_then(|subscription| subscription.subscription_id.as_deref());
        let known = self
            .store
            .order_with_credential_of(mid, environment, &payment.order_id, payment.payer.id.as_deref(), subscription)
            .await?;
        let token = known.as_ref().and_then(|order| order.credential()).map(|credential| credential.token);
        let card = match token {
            Some(token) => self.card_of(mid, environment, token).await?,
            None => None,
        };
        match card {
            Some(card) => Ok(Some(self.vaulted(card, simulated).await?)),
            None => {
                faults.required(if input.method_given { "PaymentMethod.CardNumber" } else { "PaymentMethod" });
                Ok(None)
            }
        }
    }

    /// In the sandbox the number itself is looked at: it may carry a scenario.
    async fn vaulted(&self, card: Card, simulated: bool) -> Result<Number> {
        let number = if simulated && !card.is_reference { Some(self.open_number(&card).await?) } else { None };
        let has_cvv = simulated && self.store.cvv(card.id).await?.is_some();
        Ok(Number::Vaulted { card: Box::new(card), number, has_cvv })
    }

    async fn known_card(
        &self,
        mid: Mid,
        environment: Environment,
        input: &intake::Evaluate,
        number: Number,
        now: Timestamp,
    ) -> Result<KnownCard> {
        let method = &input.payment.method;
        let country = issuer_country(input);
        match number {
            Number::Sent(number) => {
                let sealing = Sealing {
                    number: &number,
                    cvv: input.cvv.as_ref().filter(|_| !input.payment.is_mit),
                    exp_month: method.expiration_month,
                    exp_year: method.expiration_year,
                    holder: vault::Holder { full_name: method.holder_name.clone(), ..vault::Holder::default() },
                    updater_allowed: true,
                };
                let vaulted = self.seal_card(mid, environment, sealing).await?;
                let credential = credential(&vaulted.card, country, now);
                Ok(KnownCard { credential, new: Some((Box::new(vaulted.card), vaulted.cvv)), cvv: None })
            }
            Number::Vaulted { card, .. } => {
                let cvv = match input.cvv.as_ref().filter(|_| !input.payment.is_mit) {
                    Some(cvv) => {
                        let key = self.data_key(mid, environment).await?;
                        Some(self.vault.seal_cvv(&key, card.id, cvv, self.clock.now())?)
                    }
                    None => None,
                };
                Ok(KnownCard { credential: credential(&card, country, now), new: None, cvv })
            }
        }
    }
}

impl Context {
    /// What the sandbox's tables make of a real-time decision.
    pub(super) fn magic_step(&self, decided: Step) -> Step {
        match &self.magic {
            Some(FirstAnswer::Approve | FirstAnswer::DeclineNotRescued) => Step::Attempt(self.now),
            Some(FirstAnswer::Challenge { fields }) if self.settings.challenge_enabled => Step::Challenge(fields.clone()),
            Some(FirstAnswer::DeclineNotEligible) => Step::Stop(domain::decline::Reason::NotEligible),
            Some(FirstAnswer::SandboxCard) => Step::Stop(domain::decline::Reason::SandboxCard),
            Some(FirstAnswer::Scenario { response_code: None, .. }) if self.settings.simulator == Simulator::Magic => {
                Step::Attempt(self.now)
            }
            _ => decided,
        }
    }
}

enum Number {
    Sent(domain::card::Pan),
    Vaulted { card: Box<Card>, number: Option<domain::card::Pan>, has_cvv: bool },
}

fn first_answer(input: &intake::Evaluate, number: Option<&Number>, settings: &Settings) -> FirstAnswer {
    let (digits, has_cvv) = match number {
        Some(Number::Sent(number)) => (Some(number.reveal()), false),
        Some(Number::Vaulted { number, has_cvv, .. }) => (number.as_ref().map(domain::card::Pan::reveal), *has_cvv),
        None => (None, false),
    };
    magic::first_answer(&Facts {
        is_mit: input.payment.is_mit,
        phone: input.payment.payer.phone.as_deref(),
        number: digits,
        has_cvv: has_cvv || input.cvv.is_some(),
        mode: settings.simulator,
    })
}

/// A sandbox key never reaches live routes; a production key does so only where the channel says production.
fn route_kind(environment: Environment, mode: Mode) -> RouteKind {
    match (environment, mode) {
        (Environment::Production, Mode::Production | Mode::Off) => RouteKind::Live,
        _ => RouteKind::Simulator,
    }
}

fn check_amount(environment: Environment, settings: &Settings, input: &intake::Evaluate, faults: &mut Faults) {
    let lawful = MAGIC_AMOUNT_MINOR_MIN..=MAGIC_AMOUNT_MINOR_MAX;
    if faults.has("Transaction") || faults.has("Transaction.Amount") {
        return;
    }
    let amount = input.payment.transaction.amount.minor;
    if environment == Environment::Sandbox && settings.simulator == Simulator::Magic && !lawful.contains(&amount) {
        faults.add("Transaction.Amount", "The field Amount must be between 11 and 19999 in the sandbox.");
    }
}

/// The end of the rescue (`wire-api` §5.4 `ExpiryDateUtc`, §5.5).
fn expiry(
    environment: Environment,
    settings: &Settings,
    mit_mode: Option<MitMode>,
    sent: When,
    now: Timestamp,
    faults: &mut Faults,
) -> Timestamp {
    let usual = settings.rescue_window_days.map(|days| now + DAY * u32::from(days));
    let latest = now + DAY * RESCUE_DAYS_MAX as u32;
    let soon =
        |at: Timestamp| environment == Environment::Sandbox && at.since(now).max(now.since(at)) <= MINUTE * SANDBOX_NOW_MINUTES;
    match (mit_mode, sent) {
        (None, _) => now + DAY * CIT_DAYS,
        (Some(MitMode::Managed), When::At(at)) if soon(at) && usual.is_some() => usual.unwrap_or(latest),
        (Some(MitMode::Managed), When::Absent) if usual.is_some() => usual.unwrap_or(latest),
        (Some(_), When::At(at)) if at > now && at <= latest => at,
        (Some(MitMode::Sync), When::At(_) | When::Absent) => usual.unwrap_or(latest),
        (Some(_), _) => {
            faults.invalid("ExpiryDateUtc");
            latest
        }
    }
}

/// ISO 3166 alpha-2 of the issuer, when it was sent in that form.
fn issuer_country(input: &intake::Evaluate) -> Option<String> {
    let country = input.payment.method.card_country.as_deref().map(str::trim)?;
    (country.len() == 2 && country.bytes().all(|b| b.is_ascii_alphabetic())).then(|| country.to_ascii_uppercase())
}
