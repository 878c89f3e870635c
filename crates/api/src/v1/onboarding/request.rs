//! Reading what an applicant says; member names in any case, as the contract has them or as replies show them.

use domain::{
    application::{Address, Contact, Draft, DraftBank, Secret, Support},
    bounds::{APPLICATION_URLS_MAX, ID_CHARS_MAX, WEBHOOK_URL_CHARS_MAX as URL_CHARS_MAX},
    fault::Faults,
    id::PartnerId,
};
use engine::onboarding::NewApplication;
use serde_json::{Value, json};

use crate::json::{
    Node, Read, Reader,
    shape::{Shape, guid, list, object, pattern, text},
    text_of,
};

/// Reads an application; the use case checks it.
pub fn application(node: &Node<'_>) -> (NewApplication, Faults) {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let new = NewApplication {
        partner: reader.parsed("partnerId", PartnerId::parse),
        draft: Draft {
            legal_entity_name: name(&mut reader, "legalEntityName"),
            dba: name(&mut reader, "dba"),
            primary_contact: reader.object("primaryContact", "PrimaryContact").map(|mut inner| contact(&mut inner)),
            tax_id: secret(&mut reader, "taxId"),
            descriptor: name(&mut reader, "descriptor"),
            support: support(&mut reader),
            bank: reader.object("bankAccountInformation", "BankAccountInformation").map(|mut inner| bank(&mut inner)),
            address: reader.object("address", "Address").map(|mut inner| address(&mut inner)),
            website: url(&mut reader, "website"),
            mcc: name(&mut reader, "mcc"),
            urls: urls(&mut reader),
            external_id: name(&mut reader, "externalId"),
        },
    };
    (new, faults)
}

/// Text without the blanks around it.
fn name(reader: &mut Reader<'_, '_>, member: &str) -> Option<String> {
    reader.text(member, ID_CHARS_MAX).map(|text| text.trim().to_owned())
}

fn url(reader: &mut Reader<'_, '_>, member: &str) -> Option<String> {
    reader.text(member, URL_CHARS_MAX).map(|text| text.trim().to_owned())
}

fn secret(reader: &mut Reader<'_, '_>, member: &str) -> Option<Secret> {
    reader.cow(member, ID_CHARS_MAX).map(|text| Secret::new(&text))
}

fn contact(reader: &mut Reader<'_, '_>) -> Contact {
    Contact {
        first_name: name(reader, "firstName"),
        last_name: name(reader, "lastName"),
        email: name(reader, "email"),
        phone: name(reader, "phone"),
    }
}

/// Replies call it `customerSupportInfo`: what was read can be sent back.
fn support(reader: &mut Reader<'_, '_>) -> Option<Support> {
    const PATH: &str = "CustomerSupportInformation";
    let sent = if reader.get(PATH).is_some() { PATH } else { "customerSupportInfo" };
    let mut inner = reader.object(sent, PATH)?;
    Some(Support {
        link: url(&mut inner, "supportLink"),
        email: name(&mut inner, "supportEmail"),
        name: name(&mut inner, "supportName"),
        phone: name(&mut inner, "supportPhone"),
    })
}

fn bank(reader: &mut Reader<'_, '_>) -> DraftBank {
    DraftBank {
        bank_name: name(reader, "bankName"),
        account_number: secret(reader, "accountNumber"),
        routing_number: secret(reader, "routingNumber"),
        account_type: name(reader, "accountType"),
    }
}

fn address(reader: &mut Reader<'_, '_>) -> Address {
    Address {
        address_line1: name(reader, "addressLine1"),
        address_line2: name(reader, "addressLine2"),
        city: name(reader, "city"),
        state: name(reader, "state"),
        zipcode: name(reader, "zipcode"),
        country: name(reader, "country"),
    }
}

fn urls(reader: &mut Reader<'_, '_>) -> Vec<String> {
    let items = match reader.get("urls") {
        None => return vec![],
        Some(Node::List(items)) => items,
        Some(_) => {
            reader.invalid("urls");
            return vec![];
        }
    };
    if items.len() > APPLICATION_URLS_MAX {
        reader.faults().too_many("Urls", APPLICATION_URLS_MAX);
        return vec![];
    }
    let mut urls = vec![];
    for (place, item) in items.iter().enumerate() {
        match text_of(Some(item)) {
            Read::Is(text) if text.len() <= URL_CHARS_MAX => urls.push(text.trim().to_owned()),
            Read::Absent => {}
            Read::Is(_) => reader.faults().too_long(&format!("Urls[{place}]"), URL_CHARS_MAX),
            Read::Unreadable => reader.faults().invalid(&format!("Urls[{place}]")),
        }
    }
    urls
}

/// What is read, for the document of the interface.
pub fn shape(called: &'static str) -> Shape {
    let line = || text(ID_CHARS_MAX);
    // Two operations read the same objects; names in the document are unique, so the inner ones have none of their own.
    object(called, "What an applicant says.")
        .required("LegalEntityName", line().about("Name in the register"))
        .required("Dba", line().about("Trading name"))
        .required("Descriptor", text(25).about("Statement descriptor"))
        .optional(
            "PrimaryContact",
            object("ApplicationContact", "Whom to ask.")
                .optional("FirstName", line())
                .optional("LastName", line())
                .optional("Email", line())
                .optional("Phone", line().about("7 to 15 digits")),
        )
        .optional("TaxId", line().about("Tax number; sealed, shown masked"))
        .optional(
            "CustomerSupportInformation",
            object("ApplicationSupport", "Where customers turn to.")
                .optional("SupportLink", text(URL_CHARS_MAX))
                .optional("SupportEmail", line())
                .optional("SupportName", line())
                .optional("SupportPhone", line()),
        )
        .optional(
            "BankAccountInformation",
            object("ApplicationBank", "Where money is paid to; numbers are sealed and shown masked.")
                .optional("BankName", line())
                .optional("AccountNumber", line())
                .optional("RoutingNumber", line().about("6 to 12 digits; nine of them end in the US check digit"))
                .optional("AccountType", line()),
        )
        .optional(
            "Address",
            object("ApplicationAddress", "Where it is.")
                .optional("AddressLine1", line())
                .optional("AddressLine2", line())
                .optional("City", line())
                .optional("State", line())
                .optional("Zipcode", line())
                .optional("Country", line().about("Name or ISO 3166 alpha-2")),
        )
        .optional("Website", text(URL_CHARS_MAX).about("Its site"))
        .optional("Mcc", pattern("^[0-9]{4}$", 4).about("Merchant category code"))
        .optional("Urls", list(text(URL_CHARS_MAX), APPLICATION_URLS_MAX).about("Further addresses of its shop"))
        .optional("ExternalId", line().about("Your own id of the merchant"))
        .optional("PartnerId", guid().about("The partner, when the operator applies for one"))
}

/// An application as it may be sent.
pub fn example() -> Value {
    json!({
        "LegalEntityName": "Lovelace Books LLC", "Dba": "Lovelace Books", "Descriptor": "LOVELACE BOOKS",
        "PrimaryContact": {"FirstName": "Ada", "LastName": "Byron", "Email": "ada@lovelace.example", "Phone": "+1 555 010 0199"},
        "TaxId": "12-3456789",
        "CustomerSupportInformation": {
            "SupportLink": "https://lovelace.example/help", "SupportEmail": "help@lovelace.example",
            "SupportName": "Help desk", "SupportPhone": "+1 555 010 0100",
        },
        "BankAccountInformation": {
            "BankName": "First Bank", "AccountNumber": "000123456789", "RoutingNumber": "021000021", "AccountType": "checking",
        },
        "Address": {"AddressLine1": "1 Engine Way", "City": "Albany", "State": "NY", "Zipcode": "12207", "Country": "US"},
        "Website": "https://lovelace.example", "Mcc": "5942", "Urls": ["https://shop.lovelace.example"], "ExternalId": "m-1001",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn the_example_is_sound_in_any_case() {
        for text in [example().to_string(), example().to_string().replace("\"Dba\"", "\"DBA\"").replace("\"Email\"", "\"eMail\"")]
        {
            let (mut new, mut faults) = application(&parse(text.as_bytes()).unwrap());
            new.draft.check(None, &mut faults);
            assert!(faults.is_empty(), "{faults:?}");
            assert_eq!(new.draft.dba.as_deref(), Some("Lovelace Books"));
            assert_eq!(new.draft.primary_contact.unwrap().email.as_deref(), Some("ada@lovelace.example"));
            assert_eq!(new.draft.urls, ["https://shop.lovelace.example"]);
        }
    }

    #[test]
    fn loose_types_and_replies_are_read() {
        let body = br#"{"mcc":5942,"taxid":123456789,"customerSupportInfo":{"supportName":"Desk"},"address":{},"urls":null}"#;
        let (new, faults) = application(&parse(body).unwrap());
        assert!(faults.is_empty());
        assert_eq!((new.draft.mcc.as_deref(), new.draft.tax_id.unwrap().reveal()), (Some("5942"), "123456789"));
        assert_eq!((new.draft.support.unwrap().name.as_deref(), new.draft.address), (Some("Desk"), None));
    }

    #[test]
    fn unreadable_members_are_named() {
        let body =
            br#"{"primaryContact":7,"bankAccountInformation":{"accountNumber":{}},"urls":["a.example",{}],"partnerId":"x"}"#;
        let (_, faults) = application(&parse(body).unwrap());
        let paths: Vec<_> = faults.iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["BankAccountInformation.AccountNumber", "PartnerId", "PrimaryContact", "Urls[1]"]);
    }
}
