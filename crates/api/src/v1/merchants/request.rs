//! Reading what a caller says of a merchant.

use domain::{
    bounds::{ID_CHARS_MAX, TEXT_CHARS_MAX},
    fault::Faults,
    id::{Mid, PartnerId},
    patch::Patch,
};
use engine::tenancy::{BankDraft, ContactDraft, MerchantDraft, SupportDraft};

use crate::{
    json::{Node, Reader},
    read::{clearable, settings_within},
};

/// Reads a draft; the use case checks it.
pub fn draft(node: &Node<'_>) -> (MerchantDraft, Faults) {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let own = |reader: &mut Reader<'_, '_>, name: &str| clearable(reader, name, ID_CHARS_MAX);
    let long = |reader: &mut Reader<'_, '_>, name: &str| clearable(reader, name, TEXT_CHARS_MAX);
    let draft = MerchantDraft {
        id: reader.parsed("mid", Mid::parse),
        name: reader.text("companyName", ID_CHARS_MAX),
        country: reader.text("country", 2),
        mcc: own(&mut reader, "mcc"),
        active: active(&mut reader),
        partner: partner(&mut reader),
        account_id: own(&mut reader, "accountId"),
        legal_name: own(&mut reader, "legalEntityName"),
        dba: own(&mut reader, "dba"),
        kind: own(&mut reader, "type"),
        website: long(&mut reader, "website"),
        description: long(&mut reader, "description"),
        special_terms: long(&mut reader, "specialTerms"),
        industry: own(&mut reader, "industry"),
        timezone_name: reader.text("timezoneName", ID_CHARS_MAX),
        language: reader.text("language", 35),
        support: reader
            .object("customerSupportInformation", "CustomerSupportInformation")
            .map(|mut inner| support(&mut inner))
            .unwrap_or_default(),
        primary: reader
            .object("primaryContact", "PrimaryContact")
            .map(|mut inner| contact(&mut inner, ["firstName", "lastName", "email", "phone"]))
            .unwrap_or_default(),
        developer: reader
            .object("developerContact", "DeveloperContact")
            .map(|mut inner| contact(&mut inner, ["developerFirstName", "developerLastName", "developerEmail", "developerPhone"]))
            .unwrap_or_default(),
        bank: reader.object("bankAccountInformation", "BankAccountInformation").and_then(|mut inner| bank(&mut inner)),
        settings: settings_within(&mut reader),
    };
    (draft, faults)
}

/// `status` as number or word, or `statusName`.
fn active(reader: &mut Reader<'_, '_>) -> Option<bool> {
    let read = |text: &str| match text.trim().to_ascii_uppercase().as_str() {
        "1" | "ACTIVE" => Some(true),
        "0" | "INACTIVE" => Some(false),
        _ => None,
    };
    reader.parsed("status", read).or_else(|| reader.parsed("statusName", read))
}

/// `partnerId`; blank takes it away.
fn partner(reader: &mut Reader<'_, '_>) -> Patch<PartnerId> {
    match reader.get("partnerId") {
        Some(Node::Text(text)) if text.trim().is_empty() => Patch::Clear,
        _ => reader.parsed("partnerId", PartnerId::parse).into(),
    }
}

fn support(reader: &mut Reader<'_, '_>) -> SupportDraft {
    SupportDraft {
        name: clearable(reader, "customerSupportName", ID_CHARS_MAX),
        email: clearable(reader, "customerSupportEmail", ID_CHARS_MAX),
        phone: clearable(reader, "customerSupportPhone", ID_CHARS_MAX),
        link: clearable(reader, "customerSupportLink", TEXT_CHARS_MAX),
    }
}

fn contact(reader: &mut Reader<'_, '_>, [first, last, email, phone]: [&str; 4]) -> ContactDraft {
    ContactDraft {
        first_name: clearable(reader, first, ID_CHARS_MAX),
        last_name: clearable(reader, last, ID_CHARS_MAX),
        email: clearable(reader, email, ID_CHARS_MAX),
        phone: clearable(reader, phone, ID_CHARS_MAX),
    }
}

/// Nothing when only masked numbers came back.
fn bank(reader: &mut Reader<'_, '_>) -> Option<BankDraft> {
    let draft = BankDraft {
        bank_name: reader.text("bankName", ID_CHARS_MAX),
        dda_type: reader.text("ddaType", ID_CHARS_MAX),
        account_number: reader.text("accountNumber", ID_CHARS_MAX).map(Into::into),
        routing_number: reader.text("routingNumber", ID_CHARS_MAX).map(Into::into),
    };
    let said =
        draft.bank_name.is_some() || draft.dda_type.is_some() || draft.account_number.is_some() || draft.routing_number.is_some();
    said.then_some(draft)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn drafts_are_read() {
        let node = parse(
            br#"{"CompanyName":"Shop","status":0,"partnerId":"","PrimaryContact":{"Email":"a@b.example","phone":""},
                "developerContact":{"developerEmail":"d@b.example"},"bankAccountInformation":{"bankName":null,"maskedAccountNumber":"***"},
                "settings":{"mitMode":"sync"},"unknown":1}"#,
        )
        .unwrap();
        let (draft, faults) = draft(&node);
        assert!(faults.is_empty() && draft.bank.is_none());
        assert_eq!((draft.name.as_deref(), draft.active, draft.partner), (Some("Shop"), Some(false), Patch::Clear));
        assert_eq!((draft.primary.email, draft.primary.phone), (Patch::Set("a@b.example".into()), Patch::Clear));
        assert_eq!(draft.developer.email, Patch::Set("d@b.example".into()));
        assert!(draft.settings.mit_mode.value().is_some());
    }

    #[test]
    fn faults_are_named() {
        for (body, path) in [
            (r#"{"mid":"1"}"#, "Mid"),
            (r#"{"status":"gone"}"#, "Status"),
            (r#"{"partnerId":"x"}"#, "PartnerId"),
            (r#"{"primaryContact":{"email":[]}}"#, "PrimaryContact.Email"),
            (r#"{"settings":{"acceptPan":"maybe"}}"#, "Settings.AcceptPan"),
            (r#"{"country":"USA"}"#, "Country"),
        ] {
            assert!(draft(&parse(body.as_bytes()).unwrap()).1.has(path), "{body}");
        }
    }
}
