//! Reading what a caller says of a site.

use domain::{
    bounds::{ID_CHARS_MAX, TEXT_CHARS_MAX},
    fault::Faults,
    id::SiteId,
};
use engine::tenancy::{SiteDraft, UiDraft};

use crate::{
    json::{Node, Read, Reader, text_of},
    read::{self, clearable, settings_within},
};

/// Reads a draft; the use case checks it.
pub fn draft(node: &Node<'_>) -> (SiteDraft, Faults) {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let draft = SiteDraft {
        id: reader.parsed("id", SiteId::parse),
        mid: read::mid(&mut reader),
        name: reader.text("name", ID_CHARS_MAX),
        urls: texts(&mut reader, "urls"),
        descriptors: texts(&mut reader, "descriptors"),
        mcc: clearable(&mut reader, "mcc", ID_CHARS_MAX),
        is_default: reader.boolean("isDefault"),
        allowed_origins: texts(&mut reader, "allowedOrigins"),
        ui: reader.object("ui", "Ui").map(|mut inner| ui(&mut inner)).unwrap_or_default(),
        settings: settings_within(&mut reader),
    };
    (draft, faults)
}

fn ui(reader: &mut Reader<'_, '_>) -> UiDraft {
    let mut text = |name| clearable(reader, name, TEXT_CHARS_MAX);
    UiDraft {
        logo_url: text("logoUrl"),
        primary_color: text("primaryColor"),
        text_color: text("textColor"),
        locale: text("locale"),
        success_url: text("successUrl"),
        fail_url: text("failUrl"),
    }
}

/// A list of texts, or one text; empty items are left out.
fn texts(reader: &mut Reader<'_, '_>, name: &str) -> Option<Vec<String>> {
    let found = reader.get(name)?;
    let nodes: Vec<&Node<'_>> = match found {
        Node::List(items) => items.iter().collect(),
        node => vec![node],
    };
    let mut texts = Vec::with_capacity(nodes.len());
    for (place, node) in nodes.into_iter().enumerate() {
        match text_of(Some(node)) {
            Read::Is(text) => texts.push(text.trim().to_owned()),
            Read::Absent => {}
            Read::Unreadable => reader.invalid(&format!("{name}[{place}]")),
        }
    }
    Some(texts)
}

#[cfg(test)]
mod tests {
    use domain::patch::Patch;

    use super::*;
    use crate::json::parse;

    #[test]
    fn drafts_are_read() {
        let node = parse(
            br##"{"Name":"EU","urls":"https://shop.example/eu","descriptors":["SHOP*EU",null,""],"isDefault":"1","mcc":"",
                "ui":{"primaryColor":"#112233"},"settings":{"mitMode":null,"authCapture":false}}"##,
        )
        .unwrap();
        let (draft, faults) = draft(&node);
        assert!(faults.is_empty());
        assert_eq!(draft.urls.unwrap(), ["https://shop.example/eu"]);
        assert_eq!(draft.descriptors.unwrap(), ["SHOP*EU"]);
        assert_eq!((draft.is_default, draft.mcc, draft.allowed_origins), (Some(true), Patch::Clear, None));
        assert_eq!((draft.settings.mit_mode, draft.settings.auth_capture), (Patch::Clear, Patch::Set(false)));
        assert_eq!(draft.ui.primary_color, Patch::Set("#112233".into()));
    }

    #[test]
    fn settings_that_only_inherit_are_read() {
        let (draft, _) = draft(&parse(br#"{"settings":{"mitMode":null}}"#).unwrap());
        assert_eq!(draft.settings.mit_mode, Patch::Clear);
    }

    #[test]
    fn faults_are_named() {
        for (body, path) in [
            (r#"{"id":"1"}"#, "Id"),
            (r#"{"urls":["a.example",{}]}"#, "Urls[1]"),
            (r#"{"isDefault":"perhaps"}"#, "IsDefault"),
            (r#"{"ui":7}"#, "Ui"),
            (r#"{"settings":{"challengeTtlMinutes":"soon"}}"#, "Settings.ChallengeTtlMinutes"),
        ] {
            assert!(draft(&parse(body.as_bytes()).unwrap()).1.has(path), "{body}");
        }
    }
}
