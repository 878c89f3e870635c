//! An approved application becomes a merchant with its default site, once.

use domain::{
    application::{Application, Hidden, Particulars},
    bounds::CONFLICT_RETRIES_MAX,
    change::{ChangeSet, Conflict, Write},
    channel::{Mode, Modes},
    id::{ApplicationId, Mid, SiteId},
    merchant::Merchant,
    profile::{BankAccount, Contact, Profile, Support},
    settings::{Overrides, Settings},
    site::{Site, Ui},
    time::Timestamp,
};
use zeroize::Zeroizing;

use super::{
    Step,
    application::SCOPE,
    numbers::{ACCOUNT, ROUTING},
};
use crate::{Engine, Error, Principal, Result, tenancy::BankDraft};

/// Country of a merchant whose application names none.
const COUNTRY_DEFAULT: &str = "US";

/// The merchant that an application became.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Converted {
    /// Its id.
    pub mid: Mid,
}

impl Engine {
    /// Makes the merchant and its default site; the same merchant when that was done before.
    pub async fn convert_application(&self, principal: &Principal, id: ApplicationId) -> Result<Step<Converted>> {
        principal.require(SCOPE)?;
        self.admit()?;
        for _ in 0..CONFLICT_RETRIES_MAX {
            let mut application = self.application_of(principal, id).await?;
            if let Some(mid) = application.state.mid() {
                return Ok(Ok(Converted { mid }));
            }
            let now = self.clock.now();
            let mid = Mid::at(now, self.random.bytes());
            match application.state.convert(now, mid) {
                Ok(state) => application.advance(state, now),
                Err(refusal) => return Ok(Err(refusal)),
            }
            let mut set = self.new_tenant(&application, mid, now)?;
            self.tell_application(&application, &mut set).await?;
            set.push(self.step_told(principal, &application, None).await?);
            set.push(Write::UpdateApplication(Box::new(application)));
            match self.apply(set).await? {
                Ok(()) => {
                    self.refresh_registry().await?;
                    return Ok(Ok(Converted { mid }));
                }
                Err(Conflict::Version { .. }) => {}
                Err(other) => return Err(Error::Internal(other.to_string())),
            }
        }
        Err(Error::InProgress)
    }

    fn new_tenant(&self, application: &Application, mid: Mid, now: Timestamp) -> Result<ChangeSet> {
        let particulars = &application.particulars;
        let country = particulars.address.as_ref().and_then(|address| address.country.clone());
        let merchant = Merchant {
            id: mid,
            version: 1,
            partner: application.partner,
            name: particulars.dba.clone(),
            country: country.unwrap_or_else(|| COUNTRY_DEFAULT.to_owned()),
            mcc: particulars.mcc.clone(),
            active: true,
            settings: Settings::default(),
            modes: Modes::all(Mode::Sandbox),
            created_at: now,
            profile: Profile { bank: self.merchant_bank(application, mid)?, ..profile(particulars) },
        };
        let site = Site {
            id: SiteId::at(now, self.random.bytes()),
            version: 1,
            mid,
            name: particulars.dba.clone(),
            urls: addresses(particulars),
            descriptors: vec![particulars.descriptor.clone()],
            is_default: true,
            mcc: particulars.mcc.clone(),
            allowed_origins: vec![],
            ui: Ui::default(),
            modes: Modes::all(None),
            overrides: Overrides::default(),
            archived: false,
            created_at: now,
        };
        Ok(ChangeSet::new().with(Write::PutMerchant(Box::new(merchant))).with(Write::PutSite(Box::new(site))))
    }

    /// The bank account, its numbers sealed anew for the merchant's row.
    fn merchant_bank(&self, application: &Application, mid: Mid) -> Result<Option<BankAccount>> {
        let Some(bank) = &application.particulars.bank else { return Ok(None) };
        let number = |column: &str, hidden: &Option<Hidden>| -> Result<Option<Zeroizing<String>>> {
            let Some(hidden) = hidden else { return Ok(None) };
            let opened = self.number(application.id, column, hidden)?;
            Ok(std::str::from_utf8(&opened).ok().map(|text| Zeroizing::new(text.to_owned())))
        };
        let draft = BankDraft {
            bank_name: bank.bank_name.clone(),
            dda_type: bank.account_type.clone(),
            account_number: number(ACCOUNT, &bank.account_number)?,
            routing_number: number(ROUTING, &bank.routing_number)?,
        };
        self.amend_bank(mid, None, &draft).map(Some)
    }
}

fn profile(particulars: &Particulars) -> Profile {
    let contact = particulars.primary_contact.clone().unwrap_or_default();
    let support = particulars.support.clone().unwrap_or_default();
    Profile {
        legal_name: Some(particulars.legal_entity_name.clone()),
        dba: Some(particulars.dba.clone()),
        website: particulars.website.clone(),
        support: Support { name: support.name, email: support.email, phone: support.phone, link: support.link },
        primary: Contact {
            first_name: contact.first_name,
            last_name: contact.last_name,
            email: contact.email,
            phone: contact.phone,
        },
        ..Profile::default()
    }
}

/// The shop's addresses, the website first, each once.
fn addresses(particulars: &Particulars) -> Vec<String> {
    let mut addresses: Vec<String> = vec![];
    for url in particulars.website.iter().chain(&particulars.urls) {
        if !addresses.contains(url) {
            addresses.push(url.clone());
        }
    }
    addresses
}
