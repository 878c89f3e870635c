//! A new user: invited by mail, and nothing until it has chosen a password.

use domain::{
    bounds::USER_MERCHANTS_MAX,
    change::{ChangeSet, Conflict, Write},
    environment::Environment,
    fault::Faults,
    id::{Mid, PartnerId, UserId},
    scope::Staff,
    user::{SecondFactor, User},
};
use zeroize::Zeroizing;

use super::{list::Seen, standing};
use crate::{Engine, Error, Principal, Result};

/// A user to be made.
#[derive(Debug, Clone, Default)]
pub struct NewUser {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// What it may do.
    pub role: Option<Staff>,
    /// Whether names, e-mail and phone of customers are masked for it.
    pub mask_pii: Option<bool>,
    /// Its merchants; none: of the caller's own house.
    pub mids: Option<Vec<Mid>>,
    /// Its partner, when the operator says so.
    pub partner: Option<PartnerId>,
    /// How far its sessions reach; none: as far as the caller's.
    pub reach: Option<Environment>,
    /// Language tag.
    pub language: Option<String>,
    /// IANA time zone.
    pub timezone: Option<String>,
}

impl Engine {
    /// Makes a user and sends the invitation. The token of the invitation is for the operator's shell alone.
    pub async fn create_user(&self, principal: &Principal, new: NewUser, faults: Faults) -> Result<(Seen, Zeroizing<String>)> {
        self.admit()?;
        principal.require("users")?;
        let user = self.drafted(principal, new, faults).await?;
        let mut set = ChangeSet::new().with(Write::InsertUser(Box::new(user.clone())));
        let token = self.send_ticket(&user, &mut set)?;
        self.note_user(&self.author(principal).await?, None, Some(&user), &mut set);
        match self.apply(set).await? {
            Ok(()) => {}
            Err(Conflict::Taken { .. }) => return Err(Error::Taken("A user has this e-mail address already.".into())),
            Err(other) => return Err(Error::Internal(other.to_string())),
        }
        self.wake_mails.notify_one();
        Ok((Seen { user, last_login_at: None }, token))
    }

    async fn drafted(&self, principal: &Principal, new: NewUser, mut faults: Faults) -> Result<User> {
        let email = new.email.as_deref().map(str::trim).unwrap_or_default();
        if email.is_empty() {
            faults.required("Email");
        } else if !domain::user::is_email(email) {
            faults.invalid("Email");
        }
        for (name, text) in [("FirstName", &new.first_name), ("LastName", &new.last_name), ("Phone", &new.phone)] {
            if text.as_deref().is_none_or(|text| text.trim().is_empty()) {
                faults.required(name);
            }
        }
        check_common(new.language.as_deref(), new.timezone.as_deref(), new.mids.as_deref(), &mut faults);
        let house = self.house_of(principal, new.mids.as_deref(), new.partner).await?;
        if house.is_none() {
            if new.partner.is_some() { faults.invalid("PartnerId") } else { faults.required("Mids") }
        }
        if new.role.is_none() {
            faults.required("Role");
        }
        let (Some(house), Some(role), true) = (house, new.role, faults.is_empty()) else {
            return Err(Error::Invalid(faults));
        };
        standing::may_give(principal, house.role(), role)?;
        let reach = new.reach.unwrap_or_else(|| standing::reach(principal));
        if reach == Environment::Production && standing::reach(principal) == Environment::Sandbox {
            return Err(Error::RoleMissing);
        }
        let now = self.clock.now();
        let text = |text: Option<String>| text.unwrap_or_default().trim().to_owned();
        Ok(User {
            id: UserId::at(now, self.random.bytes()),
            version: 1,
            email: email.to_owned(),
            first_name: text(new.first_name),
            last_name: text(new.last_name),
            phone: text(new.phone),
            mask_pii: new.mask_pii.unwrap_or(false),
            role,
            house,
            reach,
            password: None,
            blocked_at: None,
            joined_at: None,
            second_factor: SecondFactor::Off,
            language: new.language,
            timezone: new.timezone,
            created_at: now,
        })
    }
}

/// Faults of what may be given at any time.
pub fn check_common(language: Option<&str>, timezone: Option<&str>, mids: Option<&[Mid]>, faults: &mut Faults) {
    let tag =
        |text: &str| text.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if language.is_some_and(|text| text.len() > 35 || !tag(text)) {
        faults.invalid("Language");
    }
    if timezone.is_some_and(|name| jiff::tz::TimeZone::get(name).is_err()) {
        faults.invalid("TimezoneName");
    }
    if mids.is_some_and(|mids| mids.len() > USER_MERCHANTS_MAX) {
        faults.too_many("Mids", USER_MERCHANTS_MAX);
    }
}
