//! A new key: a secret is told once.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    audit::By,
    bounds::{KEYS_PER_MERCHANT_MAX, SCOPE_CHARS_MAX, SCOPES_MAX, TEXT_CHARS_MAX},
    change::{ChangeSet, Write},
    client::{Client, Key, KeyKind, Role},
    environment::Environment,
    fault::Faults,
    id::{ClientId, KeyId, Mid},
    scope::Scope,
    time::Timestamp,
};
use zeroize::Zeroizing;

use super::list::Seen;
use crate::{Engine, Error, Principal, Result, tokenize::tokenization_check};

/// A key to be made.
#[derive(Debug, Clone, Default)]
pub struct NewKey {
    /// Its merchant.
    pub mid: Option<Mid>,
    /// Name, for people.
    pub name: Option<String>,
    /// What it is for.
    pub kind: Option<KeyKind>,
    /// What it may do; empty = all of its role, as far as the maker itself may.
    pub scopes: Vec<String>,
    /// Environment; none: the caller's.
    pub environment: Option<Environment>,
    /// The client it joins; none: a new one.
    pub client: Option<ClientId>,
    /// Until when it works, UTC.
    pub expires_at: Option<Timestamp>,
}

/// A key that was made.
#[derive(Debug)]
pub struct Made {
    /// The key.
    pub seen: Seen,
    /// Its value; a secret's is told only here.
    pub value: Zeroizing<String>,
}

impl Engine {
    /// Makes a key for a merchant. A secret without a client makes one, with an AppKey of its own.
    pub async fn create_key(&self, principal: &Principal, new: NewKey, mut faults: Faults) -> Result<Made> {
        self.admit()?;
        principal.require("keys")?;
        let mid = self.merchant_for(principal, new.mid, &mut faults).await?;
        check(&new, self.clock.now(), &mut faults);
        let environment = new.environment.unwrap_or(principal.environment);
        if environment == Environment::Production && crate::users::reach(principal) == Environment::Sandbox {
            faults.add("Environment", "A sandbox caller cannot create production keys.");
        }
        let client = match new.client {
            Some(id) => self.joined(id, mid, environment, new.kind, &mut faults).await?,
            None => None,
        };
        let (Some(mid), Some(kind), true) = (mid, new.kind, faults.is_empty()) else { return Err(Error::Invalid(faults)) };
        if self.store.keys(mid).await?.iter().filter(|key| key.revoked_at.is_none()).count() >= KEYS_PER_MERCHANT_MAX {
            faults.add("Mid", format!("A merchant has at most {KEYS_PER_MERCHANT_MAX} keys."));
            return Err(Error::Invalid(faults));
        }
        let scopes = granted(principal, kind, &new.scopes, client.as_ref())?;
        let name = new.name.as_deref().unwrap_or_default().trim().to_owned();
        let by = self.author(principal).await?;
        let draft = Draft { by, mid, environment, kind, name, scopes, expires_at: new.expires_at };
        match kind {
            KeyKind::Tokenization => self.make_tokenization(draft).await,
            KeyKind::Secret | KeyKind::Public => self.make_pair(draft, client).await,
        }
    }

    /// The client that a key is to join, when it is one of the same merchant and environment.
    async fn joined(
        &self,
        id: ClientId,
        mid: Option<Mid>,
        environment: Environment,
        kind: Option<KeyKind>,
        faults: &mut Faults,
    ) -> Result<Option<Client>> {
        let found = self.store.client(id).await?;
        let found = found.filter(|client| client.mid.is_some() && client.mid == mid && client.environment == environment);
        let found = found.filter(|client| client.active && client.role == Role::Merchant && kind != Some(KeyKind::Tokenization));
        if found.is_none() {
            faults.invalid("ClientId");
        }
        Ok(found)
    }

    async fn make_tokenization(&self, draft: Draft) -> Result<Made> {
        let value = Zeroizing::new(format!("rt_{}", self.random_word::<18>()));
        let key = self.row(&draft, None, draft.kind, tokenization_check(&value));
        let set = ChangeSet::new().with(self.note_key(&draft.by, None, &key, false));
        self.keep_key(set, key, None, value).await
    }

    async fn make_pair(&self, draft: Draft, client: Option<Client>) -> Result<Made> {
        let mut set = ChangeSet::new();
        let now = self.clock.now();
        let joined = client.is_some();
        let client = client.unwrap_or_else(|| Client {
            id: ClientId::at(now, self.random.bytes()),
            environment: draft.environment,
            role: Role::Merchant,
            mid: Some(draft.mid),
            partner: None,
            name: draft.name.clone(),
            scopes: draft.scopes.clone(),
            active: true,
            tokens_from: None,
            created_at: now,
        });
        if !joined {
            set.push(Write::PutClient(client.clone()));
        }
        let public = match (draft.kind, joined) {
            (KeyKind::Secret, true) => None,
            _ => {
                let prefix = if draft.environment == Environment::Sandbox { "test" } else { "live" };
                Some(format!("rk_{prefix}_{}", self.random_word::<18>()))
            }
        };
        if draft.kind == KeyKind::Public {
            let value = public.unwrap_or_default();
            let key = self.row(&draft, Some(client.id), KeyKind::Public, value.clone());
            set.push(self.note_key(&draft.by, Some(&client), &key, false));
            return self.keep_key(set, key, None, Zeroizing::new(value)).await;
        }
        if let Some(value) = &public {
            let mut key = self.row(&draft, Some(client.id), KeyKind::Public, value.clone());
            key.expires_at = None;
            set.push(self.note_key(&draft.by, Some(&client), &key, false));
            set.push(Write::PutKey(key));
        }
        let value = Zeroizing::new(format!("rs_{}", self.random_word::<32>()));
        let hash = self.hash_password(value.to_string()).await?;
        let key = self.row(&draft, Some(client.id), KeyKind::Secret, hash);
        let app_key = match public {
            Some(public) => Some(public),
            None => self.app_key_of(client.id, draft.mid).await?,
        };
        set.push(self.note_key(&draft.by, Some(&client), &key, false));
        self.keep_key(set, key, app_key, value).await
    }

    async fn keep_key(&self, set: ChangeSet, key: Key, app_key: Option<String>, value: Zeroizing<String>) -> Result<Made> {
        self.store.apply(set.with(Write::PutKey(key.clone()))).await?;
        self.refresh_registry().await?;
        let client = match key.client {
            Some(id) => self.store.client(id).await?,
            None => None,
        };
        Ok(Made { seen: Seen { key, client, app_key, last_used_at: None }, value })
    }

    fn row(&self, draft: &Draft, client: Option<ClientId>, kind: KeyKind, check: String) -> Key {
        let now = self.clock.now();
        Key {
            id: KeyId::at(now, self.random.bytes()),
            client,
            mid: Some(draft.mid),
            environment: draft.environment,
            kind,
            name: draft.name.clone(),
            check,
            scopes: draft.scopes.clone(),
            expires_at: draft.expires_at,
            revoked_at: None,
            created_at: now,
        }
    }

    fn random_word<const N: usize>(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.random.bytes::<N>())
    }
}

/// What is sound about a key to be made.
struct Draft {
    by: By,
    mid: Mid,
    environment: Environment,
    kind: KeyKind,
    name: String,
    scopes: Vec<String>,
    expires_at: Option<Timestamp>,
}

fn check(new: &NewKey, now: Timestamp, faults: &mut Faults) {
    match new.name.as_deref().map(str::trim) {
        None | Some("") => faults.required("Name"),
        Some(name) if name.contains(['<', '>']) || name.chars().any(char::is_control) => faults.invalid("Name"),
        Some(name) if name.chars().count() > TEXT_CHARS_MAX => faults.too_long("Name", TEXT_CHARS_MAX),
        Some(_) => {}
    }
    if new.kind.is_none() {
        faults.required("Type");
    }
    if new.scopes.len() > SCOPES_MAX {
        faults.too_many("Scopes", SCOPES_MAX);
    }
    let sound = |scope: &String| {
        (1..=SCOPE_CHARS_MAX).contains(&scope.len())
            && scope.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
    };
    if !new.scopes.iter().all(sound) {
        faults.invalid("Scopes");
    }
    if new.expires_at.is_some_and(|end| end <= now) {
        faults.add("ExpiresOn", "The field ExpiresOn must lie in the future.");
    }
}

/// The scopes that a key gets. Known ones must be the maker's own; unknown ones are kept without effect. Without a list
/// it gets those of its client, or all of its role as far as the maker holds them.
fn granted(principal: &Principal, kind: KeyKind, wanted: &[String], client: Option<&Client>) -> Result<Vec<String>> {
    if kind == KeyKind::Tokenization {
        principal.require("tokenize")?;
        return Ok(Vec::new());
    }
    let mut wanted = wanted.to_vec();
    if wanted.is_empty() {
        wanted = client.map(|client| client.scopes.clone()).unwrap_or_default();
    }
    if wanted.is_empty() {
        let all = Role::Merchant.scopes();
        let held: Vec<Scope> = all.filter(|scope| principal.holds(scope.as_str())).collect();
        let whole = held.len() == Role::Merchant.scopes().count();
        return Ok(if whole { Vec::new() } else { held.iter().map(|scope| scope.as_str().to_owned()).collect() });
    }
    for scope in wanted.iter().filter_map(|scope| Scope::parse(scope)) {
        if !principal.holds(scope.as_str()) || !Role::Merchant.admits(scope) {
            return Err(if principal.user.is_some() { Error::RoleMissing } else { Error::ScopeMissing(scope.as_str()) });
        }
    }
    wanted.sort_unstable();
    wanted.dedup();
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maker(role: Role, scopes: &[&str]) -> Principal {
        let scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
        Principal { role, scopes, ..Principal::operator(Environment::Sandbox) }
    }

    fn of(principal: &Principal, wanted: &[&str]) -> Option<String> {
        let wanted: Vec<String> = wanted.iter().map(|&scope| scope.to_owned()).collect();
        granted(principal, KeyKind::Secret, &wanted, None).ok().map(|scopes| scopes.join(" "))
    }

    #[test]
    fn no_key_gets_more_than_its_maker_has() {
        let whole = maker(Role::Merchant, &[]);
        let narrow = maker(Role::Merchant, &["keys", "transmit"]);
        for (maker, wanted, got) in [
            (&whole, &[][..], Some("")),
            (&whole, &["transmit", "evaluate", "transmit"], Some("evaluate transmit")),
            (&whole, &["new:thing"], Some("new:thing")),
            (&whole, &["processors"], None),
            (&whole, &["onboarding"], None),
            (&narrow, &[], Some("transmit keys")),
            (&narrow, &["transmit"], Some("transmit")),
            (&narrow, &["evaluate"], None),
            (&maker(Role::Operator, &[]), &["processors"], Some("processors")),
            (&maker(Role::Partner, &[]), &["onboarding"], None),
        ] {
            assert_eq!(of(maker, wanted).as_deref(), got, "{wanted:?}");
        }
    }

    #[test]
    fn names_and_scopes_are_checked() {
        let now = Timestamp::from_secs(1_000);
        let sound = NewKey { name: Some("server".into()), kind: Some(KeyKind::Secret), ..NewKey::default() };
        for (key, path) in [
            (NewKey { name: Some("<b>".into()), ..sound.clone() }, "Name"),
            (NewKey { name: Some(" ".into()), ..sound.clone() }, "Name"),
            (NewKey { kind: None, ..sound.clone() }, "Type"),
            (NewKey { scopes: vec!["a b".into()], ..sound.clone() }, "Scopes"),
            (NewKey { scopes: vec![String::new()], ..sound.clone() }, "Scopes"),
            (NewKey { expires_at: Some(now), ..sound.clone() }, "ExpiresOn"),
        ] {
            let mut faults = Faults::new();
            check(&key, now, &mut faults);
            assert!(faults.has(path), "{path}");
        }
        let mut faults = Faults::new();
        check(&sound, now, &mut faults);
        assert!(faults.is_empty());
    }
}
