//! Merchants, as operators, partners and they themselves see and change them.

use domain::{
    audit::What,
    bounds::{SITES_SHOWN_MAX, TEXT_CHARS_MAX},
    change::{ChangeSet, Write},
    client::Role,
    fault::Faults,
    id::{Mid, PartnerId},
    merchant::Merchant,
    patch::Patch,
    profile::{self, Contact, Profile, Support},
    settings,
    site::Site,
};
use store::{MerchantFilter, Page};

use super::BankDraft;
use crate::{Engine, Error, Precondition, Principal, Result, admin::NewMerchant};

/// What a caller says of a merchant; absent members keep or default. It does not print: it may hold account numbers.
#[derive(Clone, Default)]
pub struct MerchantDraft {
    /// Its id, when it has one already; only for a new one.
    pub id: Option<Mid>,
    /// Trading name.
    pub name: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// Merchant category code.
    pub mcc: Patch<String>,
    /// Whether its orders are worked.
    pub active: Option<bool>,
    /// Its partner.
    pub partner: Patch<PartnerId>,
    /// The operator's own account number for it.
    pub account_id: Patch<String>,
    /// Name in the register of companies.
    pub legal_name: Patch<String>,
    /// Trading name when it differs.
    pub dba: Patch<String>,
    /// Kind of business.
    pub kind: Patch<String>,
    /// Website.
    pub website: Patch<String>,
    /// What it sells.
    pub description: Patch<String>,
    /// Special terms.
    pub special_terms: Patch<String>,
    /// Industry.
    pub industry: Patch<String>,
    /// IANA name of its time zone.
    pub timezone_name: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// Whom customers turn to.
    pub support: SupportDraft,
    /// Whom the operator turns to.
    pub primary: ContactDraft,
    /// Who integrates.
    pub developer: ContactDraft,
    /// Bank account.
    pub bank: Option<BankDraft>,
    /// Settings.
    pub settings: settings::Draft,
}

/// Changes of the customer support.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "as in the profile")]
pub struct SupportDraft {
    pub name: Patch<String>,
    pub email: Patch<String>,
    pub phone: Patch<String>,
    pub link: Patch<String>,
}

/// Changes of a contact.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "as in the profile")]
pub struct ContactDraft {
    pub first_name: Patch<String>,
    pub last_name: Patch<String>,
    pub email: Patch<String>,
    pub phone: Patch<String>,
}

/// A merchant with what is shown beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerchantView {
    /// The merchant.
    pub merchant: Merchant,
    /// Its sites that are not archived, oldest first; at most [`SITES_SHOWN_MAX`].
    pub sites: Vec<Site>,
    /// Minutes east of UTC where it is, now.
    pub offset_minutes: i32,
}

impl Engine {
    /// One page of the merchants that the caller may act for.
    pub async fn list_merchants(
        &self,
        principal: &Principal,
        named: Option<Mid>,
        filter: MerchantFilter,
    ) -> Result<Page<MerchantView>> {
        principal.require_read("merchants")?;
        let mids = self.visible_merchants(principal, named).await?;
        let page = self.store.merchant_list(MerchantFilter { mids, ..filter }).await?;
        let mut rows = Vec::with_capacity(page.rows.len());
        for merchant in page.rows {
            rows.push(self.merchant_view(merchant).await?);
        }
        Ok(Page { rows, total: page.total })
    }

    /// A merchant that the caller may act for.
    pub async fn merchant_of(&self, principal: &Principal, mid: Mid) -> Result<MerchantView> {
        principal.require_read("merchants")?;
        self.may_act_for(principal, mid).await?;
        self.merchant_view(self.merchant(mid).await?).await
    }

    /// Makes a merchant; for operators.
    pub async fn add_merchant(&self, principal: &Principal, draft: MerchantDraft, mut faults: Faults) -> Result<MerchantView> {
        principal.require("merchants")?;
        self.admit()?;
        if principal.role != Role::Operator {
            return Err(Error::RoleMissing);
        }
        if draft.name.is_none() && !faults.has("CompanyName") {
            faults.required("CompanyName");
        }
        self.check_merchant(&draft, &mut faults).await?;
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let id = draft.id.unwrap_or_else(|| Mid::at(self.clock.now(), self.random.bytes()));
        let blank = self.new_merchant(NewMerchant { id: Some(id), ..NewMerchant::default() });
        let merchant = self.amended(&blank, draft)?;
        self.insert_merchant(merchant.clone()).await?;
        self.merchant_view(merchant).await
    }

    /// Changes a merchant: everything for operators, its contacts for the merchant itself.
    pub async fn amend_merchant(
        &self,
        principal: &Principal,
        mid: Mid,
        draft: MerchantDraft,
        mut faults: Faults,
        known: &Precondition,
    ) -> Result<MerchantView> {
        principal.require("merchants")?;
        self.admit()?;
        self.may_act_for(principal, mid).await?;
        if draft.id.is_some_and(|id| id != mid) {
            faults.invalid("Mid");
        }
        self.check_merchant(&draft, &mut faults).await?;
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let merchant = self
            .amend(|| async {
                let before = self.merchant(mid).await?;
                known.check(before.version)?;
                let mut merchant = self.amended(&before, draft.clone())?;
                let lawful = match principal.role {
                    Role::Operator => true,
                    Role::Merchant => same_but_contacts(&before, &merchant),
                    Role::Partner => false,
                };
                if !lawful {
                    return Err(Error::RoleMissing);
                }
                merchant.version += 1;
                let mut set = ChangeSet::new().with(Write::PutMerchant(Box::new(merchant.clone())));
                if merchant.active != before.active {
                    set.push(self.audit(principal, mid, What::Merchant { active: merchant.active }).await?);
                }
                Ok((set, merchant))
            })
            .await?;
        self.merchant_view(merchant).await
    }

    async fn merchant_view(&self, merchant: Merchant) -> Result<MerchantView> {
        let mut sites = self.store.sites(merchant.id).await?;
        sites.retain(|site| !site.archived);
        sites.truncate(SITES_SHOWN_MAX);
        let offset_minutes = merchant.profile.offset_minutes(self.clock.now());
        Ok(MerchantView { merchant, sites, offset_minutes })
    }

    async fn check_merchant(&self, draft: &MerchantDraft, faults: &mut Faults) -> Result<()> {
        if draft.country.as_ref().is_some_and(|country| country.len() != 2 || !country.bytes().all(|b| b.is_ascii_alphabetic())) {
            faults.invalid("Country");
        }
        if draft.mcc.value().is_some_and(|mcc| mcc.len() != 4 || !mcc.bytes().all(|b| b.is_ascii_digit())) {
            faults.invalid("Mcc");
        }
        if draft.timezone_name.as_ref().is_some_and(|name| !profile::is_zone(name)) {
            faults.invalid("TimezoneName");
        }
        if let Some(partner) = draft.partner.value()
            && self.store.partner(*partner).await?.is_none()
        {
            faults.invalid("PartnerId");
        }
        let emails = [
            ("CustomerSupportInformation.CustomerSupportEmail", &draft.support.email),
            ("PrimaryContact.Email", &draft.primary.email),
            ("DeveloperContact.DeveloperEmail", &draft.developer.email),
        ];
        for (path, email) in emails {
            if email.value().is_some_and(|text| !is_email(text)) {
                faults.invalid(path);
            }
        }
        if let Some(bank) = &draft.bank {
            bank.check("BankAccountInformation.", faults);
        }
        draft.settings.check("Settings.", faults);
        Ok(())
    }

    /// The merchant after a change without faults; its version stays.
    fn amended(&self, before: &Merchant, draft: MerchantDraft) -> Result<Merchant> {
        let profile = &before.profile;
        let bank = match &draft.bank {
            Some(bank) => Some(self.amend_bank(before.id, profile.bank.as_ref(), bank)?),
            None => profile.bank.clone(),
        };
        let profile = Profile {
            account_id: draft.account_id.over(profile.account_id.clone()),
            legal_name: draft.legal_name.over(profile.legal_name.clone()),
            // Shown as the name when there is none, and so sent back.
            dba: draft.dba.over(profile.dba.clone()).filter(|dba| *dba != before.name),
            kind: draft.kind.over(profile.kind.clone()),
            website: draft.website.over(profile.website.clone()),
            description: draft.description.over(profile.description.clone()),
            special_terms: draft.special_terms.over(profile.special_terms.clone()),
            industry: draft.industry.over(profile.industry.clone()),
            support: draft.support.over(&profile.support),
            primary: draft.primary.over(&profile.primary),
            developer: draft.developer.over(&profile.developer),
            bank,
            timezone_name: draft.timezone_name.unwrap_or_else(|| profile.timezone_name.clone()),
            language: draft.language.unwrap_or_else(|| profile.language.clone()),
        };
        Ok(Merchant {
            name: draft.name.map_or_else(|| before.name.clone(), |name| name.trim().to_owned()),
            country: draft.country.map_or_else(|| before.country.clone(), |country| country.to_ascii_uppercase()),
            mcc: draft.mcc.over(before.mcc.clone()),
            active: draft.active.unwrap_or(before.active),
            partner: draft.partner.over(before.partner),
            settings: draft.settings.amend(&before.settings),
            profile,
            ..before.clone()
        })
    }
}

impl SupportDraft {
    fn over(self, before: &Support) -> Support {
        Support {
            name: self.name.over(before.name.clone()),
            email: self.email.over(before.email.clone()),
            phone: self.phone.over(before.phone.clone()),
            link: self.link.over(before.link.clone()),
        }
    }
}

impl ContactDraft {
    fn over(self, before: &Contact) -> Contact {
        Contact {
            first_name: self.first_name.over(before.first_name.clone()),
            last_name: self.last_name.over(before.last_name.clone()),
            email: self.email.over(before.email.clone()),
            phone: self.phone.over(before.phone.clone()),
        }
    }
}

/// Whether nothing but the contacts differs.
fn same_but_contacts(before: &Merchant, after: &Merchant) -> bool {
    let contacts = |of: &Profile| (of.support.clone(), of.primary.clone(), of.developer.clone());
    let (support, primary, developer) = contacts(&before.profile);
    let profile = Profile { support, primary, developer, ..after.profile.clone() };
    Merchant { profile, ..after.clone() } == *before
}

/// Something at something: who really lives there shows only when a letter comes back.
fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    text.chars().count() <= TEXT_CHARS_MAX
        && !text.chars().any(|letter| letter.is_whitespace() || letter.is_control())
        && parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
}

#[cfg(test)]
mod tests {
    use domain::{
        channel::{Mode, Modes},
        profile::BankAccount,
        time::Timestamp,
    };

    use super::*;

    #[test]
    fn contacts_may_differ_and_nothing_else() {
        let before = Merchant {
            id: Mid::from_bytes([1; 16]),
            version: 1,
            partner: None,
            name: "Shop".into(),
            country: "US".into(),
            mcc: None,
            active: true,
            settings: settings::Settings::default(),
            modes: Modes::all(Mode::Sandbox),
            created_at: Timestamp::EPOCH,
            profile: Profile::default(),
        };
        let with = |change: fn(&mut Merchant)| {
            let mut after = before.clone();
            change(&mut after);
            same_but_contacts(&before, &after)
        };
        assert!(with(|_| ()));
        assert!(with(|after| after.profile.primary.email = Some("a@b.example".into())));
        assert!(with(|after| after.profile.support.link = Some("https://b.example".into())));
        assert!(with(|after| after.profile.developer.phone = Some("1".into())));
        assert!(!with(|after| after.name = "Other".into()));
        assert!(!with(|after| after.active = false));
        assert!(!with(|after| after.profile.website = Some("https://b.example".into())));
        assert!(!with(|after| after.settings.holdout_percent = 0));
        assert!(!with(|after| after.profile.bank =
            Some(BankAccount { bank_name: None, dda_type: None, sealed: None, masked_account: None, masked_routing: None })));
    }

    #[test]
    fn addresses_have_two_sides() {
        for (text, sound) in
            [("a@b.example", true), ("a@b", false), ("a b@c.example", false), ("@b.example", false), ("a@b@c.example", false)]
        {
            assert_eq!(is_email(text), sound, "{text}");
        }
    }
}
