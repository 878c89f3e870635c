//! Reading what is said of a user.

use domain::{
    bounds::{ID_CHARS_MAX, USER_MERCHANTS_MAX},
    environment::Environment,
    fault::Faults,
    id::{Mid, PartnerId},
    scope::Staff,
    user::Status,
};
use engine::users::{Change, NewUser};

use crate::json::{Node, Read, Reader, text_of};

/// A user to be made.
pub fn new_user(node: &Node<'_>) -> (NewUser, Faults) {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let new = NewUser {
        first_name: reader.text("firstName", ID_CHARS_MAX),
        last_name: reader.text("lastName", ID_CHARS_MAX),
        phone: reader.text("phone", ID_CHARS_MAX),
        email: reader.text("email", ID_CHARS_MAX),
        role: reader.parsed("role", Staff::parse),
        mask_pii: reader.boolean("maskPii"),
        mids: mids(&mut reader),
        partner: reader.parsed("partnerId", PartnerId::parse),
        reach: reader.parsed("environment", Environment::parse),
        language: reader.text("language", ID_CHARS_MAX),
        timezone: reader.text("timezoneName", ID_CHARS_MAX),
    };
    (new, faults)
}

/// A change of a user.
pub fn change(node: &Node<'_>) -> (Change, Faults) {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let change = Change {
        first_name: reader.text("firstName", ID_CHARS_MAX),
        last_name: reader.text("lastName", ID_CHARS_MAX),
        phone: reader.text("phone", ID_CHARS_MAX),
        email: reader.text("email", ID_CHARS_MAX),
        role: reader.parsed("role", Staff::parse),
        mask_pii: reader.boolean("maskPii"),
        mids: mids(&mut reader),
        status: reader.parsed("status", Status::parse),
        second_factor: reader.boolean("mfaEnabled"),
        reach: reader.parsed("environment", Environment::parse),
        language: reader.text("language", ID_CHARS_MAX),
        timezone: reader.text("timezoneName", ID_CHARS_MAX),
    };
    (change, faults)
}

/// `mids`, or the one `mid` that a partner names everywhere else.
fn mids(reader: &mut Reader<'_, '_>) -> Option<Vec<Mid>> {
    let Some(found) = reader.get("mids") else { return reader.parsed("mid", Mid::parse).map(|mid| vec![mid]) };
    let nodes: Vec<&Node<'_>> = match found {
        Node::List(items) => items.iter().collect(),
        node => vec![node],
    };
    if nodes.len() > USER_MERCHANTS_MAX {
        reader.faults().too_many("Mids", USER_MERCHANTS_MAX);
        return None;
    }
    let mut mids = Vec::with_capacity(nodes.len());
    for node in nodes {
        match text_of(Some(node)).then(|text| Mid::parse(&text)) {
            Read::Is(mid) => mids.push(mid),
            Read::Absent => {}
            Read::Unreadable => {
                reader.invalid("mids");
                return None;
            }
        }
    }
    Some(mids)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn users_are_read_in_any_spelling() {
        let mid = Mid::from_bytes([1; 16]);
        for members in [format!(r#""mids":["{mid}"]"#), format!(r#""Mids":"{mid}""#), format!(r#""mid":"{mid}""#)] {
            let (new, faults) =
                new_user(&parse(format!(r#"{{"FirstName":"Ada","role":"OWNER",{members}}}"#).as_bytes()).unwrap());
            assert!(faults.is_empty(), "{members}");
            assert_eq!((new.role, new.mids, new.first_name.as_deref()), (Some(Staff::Owner), Some(vec![mid]), Some("Ada")));
        }
        let (changed, _) = change(&parse(br#"{"status":"blocked","mfaEnabled":0}"#).unwrap());
        assert_eq!((changed.status, changed.second_factor, changed.mids), (Some(Status::Blocked), Some(false), None));
    }

    #[test]
    fn faults_are_named() {
        for (body, path) in [
            (r#"{"role":"king"}"#, "Role"),
            (r#"{"mids":["1"]}"#, "Mids"),
            (r#"{"maskPii":"maybe"}"#, "MaskPii"),
            (r#"{"environment":"moon"}"#, "Environment"),
        ] {
            assert!(new_user(&parse(body.as_bytes()).unwrap()).1.has(path), "{body}");
        }
    }
}
