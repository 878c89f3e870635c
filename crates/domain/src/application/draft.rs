//! What an applicant says, and every fault of it at once.

use super::{Address, Contact, Hidden, Particulars, Secret, Support};
use crate::{country, fault::Faults};

/// Particulars as they came in; an absent member says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the members of `Particulars`")]
pub struct Draft {
    pub legal_entity_name: Option<String>,
    pub dba: Option<String>,
    pub primary_contact: Option<Contact>,
    pub tax_id: Option<Secret>,
    pub descriptor: Option<String>,
    pub support: Option<Support>,
    pub bank: Option<Bank>,
    pub address: Option<Address>,
    pub website: Option<String>,
    pub mcc: Option<String>,
    pub urls: Vec<String>,
    pub external_id: Option<String>,
}

/// A bank account as it came in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the members of `application::Bank`")]
pub struct Bank {
    pub bank_name: Option<String>,
    pub account_number: Option<Secret>,
    pub routing_number: Option<Secret>,
    pub account_type: Option<String>,
}

/// Digits of a telephone number (E.164 has at most 15).
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;
/// Characters of a tax number without punctuation.
const TAX_CHARS: std::ops::RangeInclusive<usize> = 4..=20;
/// Characters of an account number without punctuation; an IBAN has at most 34.
const ACCOUNT_CHARS: std::ops::RangeInclusive<usize> = 4..=34;
/// Digits of a routing number: sort codes have six, US numbers nine, some others eight or ten.
const ROUTING_DIGITS: std::ops::RangeInclusive<usize> = 6..=12;
/// Digits of a US routing number, which ends in a check digit.
const ABA_DIGITS: usize = 9;
/// A mail address.
const EMAIL_CHARS_MAX: usize = 254;
/// A statement descriptor, as networks carry it.
const DESCRIPTOR_CHARS_MAX: usize = 25;

impl Draft {
    /// Adds a fault for every member that is missing or not what it should be. A country is brought to its code. A number may
    /// come back as it is shown, when one is `kept`.
    pub fn check(&mut self, kept: Option<&Particulars>, faults: &mut Faults) {
        for (path, value) in [("LegalEntityName", &self.legal_entity_name), ("Dba", &self.dba), ("Descriptor", &self.descriptor)]
        {
            if value.is_none() {
                faults.required(path);
            }
        }
        self.check_people(faults);
        self.check_numbers(kept, faults);
        self.check_places(faults);
        if self.descriptor.as_deref().is_some_and(|text| text.chars().count() > DESCRIPTOR_CHARS_MAX) {
            faults.too_long("Descriptor", DESCRIPTOR_CHARS_MAX);
        }
    }

    fn check_people(&self, faults: &mut Faults) {
        if let Some(contact) = &self.primary_contact {
            fits("PrimaryContact.Email", contact.email.as_deref(), is_email, faults);
            fits("PrimaryContact.Phone", contact.phone.as_deref(), is_phone, faults);
        }
        if let Some(support) = &self.support {
            fits("CustomerSupportInformation.SupportEmail", support.email.as_deref(), is_email, faults);
            fits("CustomerSupportInformation.SupportPhone", support.phone.as_deref(), is_phone, faults);
            fits("CustomerSupportInformation.SupportLink", support.link.as_deref(), is_url, faults);
        }
    }

    fn check_numbers(&self, kept: Option<&Particulars>, faults: &mut Faults) {
        let kept_bank = kept.and_then(|kept| kept.bank.as_ref());
        number(
            "TaxId",
            self.tax_id.as_ref(),
            kept.and_then(|kept| kept.tax_id.as_ref()),
            |text| is_word(text, &TAX_CHARS),
            faults,
        );
        if let Some(bank) = &self.bank {
            let (account, routing) = (&bank.account_number, &bank.routing_number);
            let kept_account = kept_bank.and_then(|bank| bank.account_number.as_ref());
            let kept_routing = kept_bank.and_then(|bank| bank.routing_number.as_ref());
            let path = "BankAccountInformation.AccountNumber";
            number(path, account.as_ref(), kept_account, |text| is_word(text, &ACCOUNT_CHARS), faults);
            number("BankAccountInformation.RoutingNumber", routing.as_ref(), kept_routing, is_routing, faults);
        }
        fits("Mcc", self.mcc.as_deref(), |text| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()), faults);
    }

    fn check_places(&mut self, faults: &mut Faults) {
        fits("Website", self.website.as_deref(), is_url, faults);
        for (place, url) in self.urls.iter().enumerate() {
            fits(&format!("Urls[{place}]"), Some(url), is_url, faults);
        }
        let Some(named) = self.address.as_mut().and_then(|address| address.country.as_mut()) else { return };
        match country::code_of(named) {
            Some(code) => code.clone_into(named),
            None => faults.invalid("Address.Country"),
        }
    }
}

/// A number must be sound, or be the mask of the one that is kept.
fn number(path: &str, secret: Option<&Secret>, kept: Option<&Hidden>, test: impl Fn(&str) -> bool, faults: &mut Faults) {
    let Some(text) = secret.map(Secret::reveal) else { return };
    if !test(text) && kept.is_none_or(|kept| kept.masked() != text) {
        faults.invalid(path);
    }
}

fn fits(path: &str, text: Option<&str>, test: impl Fn(&str) -> bool, faults: &mut Faults) {
    if text.is_some_and(|text| !test(text)) {
        faults.invalid(path);
    }
}

/// One `@`, something before it, a host with a dot after it, no blanks.
fn is_email(text: &str) -> bool {
    let sound =
        |part: &str| !part.is_empty() && !part.chars().any(|c| c.is_whitespace() || c.is_control() || "<>(),;:\"[]".contains(c));
    text.len() <= EMAIL_CHARS_MAX
        && text.split_once('@').is_some_and(|(name, host)| sound(name) && is_host(host) && host.contains('.'))
}

fn is_host(host: &str) -> bool {
    let sound = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    host.split('.').all(sound)
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    PHONE_DIGITS.contains(&digits) && text.chars().all(|c| c.is_ascii_digit() || " +-().x/".contains(c))
}

/// `https://shop.example/path`, or the same without scheme.
fn is_url(text: &str) -> bool {
    let text = text.trim();
    let rest = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http") => rest,
        Some(_) => return false,
        None => text,
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    is_host(host) && host.contains('.') && port.parse::<u16>().is_ok() && !rest.contains(char::is_whitespace)
}

/// Letters and digits with at least one digit; hyphens, dots, slashes and blanks between.
fn is_word(text: &str, chars: &std::ops::RangeInclusive<usize>) -> bool {
    let plain = text.chars().filter(char::is_ascii_alphanumeric).count();
    chars.contains(&plain)
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || " -./".contains(c))
}

fn is_routing(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let only = text.chars().all(|c| c.is_ascii_digit() || " -".contains(c));
    only && ROUTING_DIGITS.contains(&digits.len()) && (digits.len() != ABA_DIGITS || is_aba(&digits))
}

/// The check of US routing numbers: weights 3, 7, 1 and a sum divisible by ten.
fn is_aba(digits: &[u32]) -> bool {
    let sum: u32 = digits.iter().zip([3, 7, 1].iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    sum.is_multiple_of(10) && sum > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> Draft {
        Draft {
            legal_entity_name: Some("Shop Inc.".into()),
            dba: Some("Shop".into()),
            descriptor: Some("SHOP*MAIN".into()),
            ..Draft::default()
        }
    }

    fn faults(mut draft: Draft) -> Vec<String> {
        let mut faults = Faults::new();
        draft.check(None, &mut faults);
        faults.iter().map(|(path, _)| path.to_owned()).collect()
    }

    #[test]
    fn three_members_are_enough_and_all_faults_come_at_once() {
        assert!(faults(sound()).is_empty());
        assert_eq!(faults(Draft::default()), ["Dba", "Descriptor", "LegalEntityName"]);
        let text = |text: &str| Some(text.to_owned());
        let wrong = Draft {
            primary_contact: Some(Contact { email: text("a@b"), phone: text("12"), ..Contact::default() }),
            support: Some(Support { link: text("ftp://x.example"), email: text("x"), phone: text("call"), ..Support::default() }),
            tax_id: Some(Secret::new("none")),
            bank: Some(Bank {
                account_number: Some(Secret::new("1")),
                routing_number: Some(Secret::new("021000022")),
                ..Bank::default()
            }),
            address: Some(Address { country: text("Atlantis"), ..Address::default() }),
            website: text("not a url"),
            mcc: text("59a8"),
            urls: vec!["https://shop.example".into(), "javascript:alert(1)".into()],
            descriptor: Some("x".repeat(26)),
            ..sound()
        };
        assert_eq!(
            faults(wrong),
            [
                "Address.Country",
                "BankAccountInformation.AccountNumber",
                "BankAccountInformation.RoutingNumber",
                "CustomerSupportInformation.SupportEmail",
                "CustomerSupportInformation.SupportLink",
                "CustomerSupportInformation.SupportPhone",
                "Descriptor",
                "Mcc",
                "PrimaryContact.Email",
                "PrimaryContact.Phone",
                "TaxId",
                "Urls[1]",
                "Website",
            ]
        );
    }

    #[test]
    fn forms_of_members() {
        for (text, sound) in
            [("ada@shop.example", true), ("a b@shop.example", false), ("a@@b.c", false), ("@b.c", false), ("a@b..c", false)]
        {
            assert_eq!(is_email(text), sound, "{text}");
        }
        for (text, sound) in [("+1 (555) 010-0199", true), ("555 0100", true), ("5550", false), ("+1 555 CALL", false)] {
            assert_eq!(is_phone(text), sound, "{text}");
        }
        for (text, sound) in [
            ("https://shop.example/eu", true),
            ("shop.example", true),
            ("http://shop.example:8080", true),
            ("localhost", false),
            ("https://", false),
            ("https://a b.example", false),
            ("https://shop.example:x", false),
        ] {
            assert_eq!(is_url(text), sound, "{text}");
        }
        for (text, sound) in [
            ("021000021", true),
            ("021000022", false),
            ("12-34-56", true),
            ("000000000", false),
            ("12345", false),
            ("12a456", false),
        ] {
            assert_eq!(is_routing(text), sound, "{text}");
        }
    }

    #[test]
    fn a_country_becomes_its_code() {
        let country = Some("germany".to_owned());
        let mut draft = Draft { address: Some(Address { country, ..Address::default() }), ..sound() };
        draft.check(None, &mut Faults::new());
        assert_eq!(draft.address.unwrap().country.as_deref(), Some("DE"));
    }

    #[test]
    fn a_number_may_come_back_as_it_is_shown() {
        let hidden = Hidden { sealed: vec![], tail: "6789".into() };
        let kept = Particulars {
            legal_entity_name: String::new(),
            dba: String::new(),
            primary_contact: None,
            tax_id: Some(hidden.clone()),
            descriptor: String::new(),
            support: None,
            bank: None,
            address: None,
            website: None,
            mcc: None,
            urls: vec![],
            external_id: None,
        };
        for (tax_id, kept, sound) in [
            (hidden.masked(), Some(&kept), true),
            (hidden.masked(), None, false),
            ("*****1234".to_owned(), Some(&kept), false),
            ("12-3456789".to_owned(), Some(&kept), true),
        ] {
            let mut faults = Faults::new();
            Draft { tax_id: Some(Secret::new(&tax_id)), ..self::sound() }.check(kept, &mut faults);
            assert_eq!(faults.is_empty(), sound, "{tax_id}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_judged(text in "\\PC{0,80}") {
            let draft = Draft {
                primary_contact: Some(Contact { email: Some(text.clone()), phone: Some(text.clone()), ..Contact::default() }),
                tax_id: Some(Secret::new(&text)),
                bank: Some(Bank { routing_number: Some(Secret::new(&text)), account_number: Some(Secret::new(&text)), ..Bank::default() }),
                website: Some(text.clone()),
                mcc: Some(text),
                ..sound()
            };
            faults(draft);
        }
    }
}
