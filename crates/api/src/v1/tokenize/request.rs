//! Reading `POST /v1/tokenize` (`wire-api` §3): snake case (current) and camel case (older).

use domain::{
    address::Address,
    bounds::TEXT_CHARS_MAX,
    card::{Cvv, Expiry, Pan},
    fault::Faults,
    intake::Tokenize,
};

use crate::json::{Node, Object, Read, boolean_of, integer_of, text_of};

const METHOD: &str = "PaymentMethod";
const CARD: &str = "PaymentMethod.CreditCard";
const NUMBER: &str = "PaymentMethod.CreditCard.Number";
const MONTH: &str = "PaymentMethod.CreditCard.Month";
const YEAR: &str = "PaymentMethod.CreditCard.Year";

/// Reads the request; `None` only beside faults.
pub fn read(node: &Node<'_>) -> (Option<Tokenize>, Faults) {
    let mut faults = Faults::new();
    let levels = levels(node, &mut faults);
    let input = levels.and_then(|levels| tokenize(&levels, &mut faults));
    (input, faults)
}

/// Where a member may stand, innermost first: clients put e-mail and names on different levels.
struct Levels<'n>([&'n Object<'n>; 3]);

impl<'n> Levels<'n> {
    fn get(&self, names: &[&str]) -> Option<&'n Node<'n>> {
        self.0.iter().find_map(|level| names.iter().find_map(|name| level.get(name)))
    }

    fn text(&self, names: &[&str]) -> Option<String> {
        match text_of(self.get(names)) {
            Read::Is(text) if text.chars().count() <= TEXT_CHARS_MAX && Pan::parse(&text).is_none() => Some(text.into_owned()),
            _ => None,
        }
    }
}

fn levels<'n>(node: &'n Node<'n>, faults: &mut Faults) -> Option<Levels<'n>> {
    let root = node.object();
    let method = member(root, &["payment_method", "paymentMethod"], METHOD, faults)?;
    let card = member(Some(method), &["credit_card", "creditCard"], CARD, faults)?;
    Some(Levels([card, method, root?]))
}

fn member<'n>(within: Option<&'n Object<'n>>, names: &[&str], path: &str, faults: &mut Faults) -> Option<&'n Object<'n>> {
    let found = within.and_then(|object| names.iter().find_map(|name| object.get(name)));
    match found {
        Some(Node::Object(object)) => return Some(object),
        Some(node) if !node.is_blank() => faults.invalid(path),
        _ => faults.required(path),
    }
    None
}

fn tokenize(levels: &Levels<'_>, faults: &mut Faults) -> Option<Tokenize> {
    let number = number(levels, faults);
    let exp_month = bounded(levels, "month", MONTH, faults, |month| u8::try_from(month).ok().filter(|m| (1..=12).contains(m)));
    let exp_year = bounded(levels, "year", YEAR, faults, Expiry::full_year);
    let cvv = match text_of(levels.get(&["verification_value", "verificationValue"])) {
        Read::Is(text) => Cvv::parse(&text),
        Read::Absent | Read::Unreadable => None,
    };
    Some(Tokenize {
        number: number?,
        exp_month,
        exp_year,
        cvv,
        first_name: levels.text(&["first_name", "firstName"]),
        last_name: levels.text(&["last_name", "lastName"]),
        full_name: levels.text(&["full_name", "fullName"]),
        email: levels.text(&["email"]),
        sense_key: levels.text(&["sense_key", "senseKey"]),
        updater_allowed: boolean_of(levels.get(&["eligibleForCardUpdater", "eligible_for_card_updater"])) != Read::Is(false),
        address: address(levels),
        company: levels.text(&["company"]),
    })
}

fn number(levels: &Levels<'_>, faults: &mut Faults) -> Option<Pan> {
    match text_of(levels.get(&["number"])).then(|text| Pan::parse(&text)) {
        Read::Is(number) => return Some(number),
        Read::Absent => faults.required(NUMBER),
        Read::Unreadable => faults.invalid(NUMBER),
    }
    None
}

fn bounded<T>(
    levels: &Levels<'_>,
    name: &str,
    path: &str,
    faults: &mut Faults,
    within: impl FnOnce(i64) -> Option<T>,
) -> Option<T> {
    match integer_of(levels.get(&[name])).then(within) {
        Read::Is(value) => Some(value),
        Read::Absent => None,
        Read::Unreadable => {
            faults.invalid(path);
            None
        }
    }
}

fn address(levels: &Levels<'_>) -> Address {
    Address {
        first_name: None,
        last_name: None,
        phone: levels.text(&["phoneNumber", "phone_number"]),
        address_line1: levels.text(&["address1"]),
        address_line2: levels.text(&["address2"]),
        city: levels.text(&["city"]),
        state: levels.text(&["state"]),
        zipcode: levels.text(&["zip"]),
        country: levels.text(&["country"]),
        country_code: None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::json::parse;

    fn reading(value: &Value) -> (Option<Tokenize>, Vec<String>) {
        let text = value.to_string();
        let (input, faults) = read(&parse(text.as_bytes()).unwrap());
        (input, faults.iter().map(|(path, message)| format!("{path}: {message}")).collect())
    }

    #[test]
    fn both_forms_read_to_the_same_card() {
        for body in [
            json!({"payment_method": {"credit_card": {"number": "4111-1111 1111 1111", "first_name": "Ada", "last_name": "Byron",
                "month": "2", "year": 29, "verification_value": "123"}, "email": "ada@example.com", "sense_key": "s"}}),
            json!({"paymentMethod": {"creditCard": {"number": 4_111_111_111_111_111_i64, "firstName": "Ada", "lastName": "Byron",
                "month": 2, "year": "2029", "verificationValue": 123}, "senseKey": "s"}, "email": "ada@example.com"}),
        ] {
            let (input, faults) = reading(&body);
            let input = input.unwrap();
            assert!(faults.is_empty());
            assert_eq!((input.number.reveal(), input.exp_month, input.exp_year), ("4111111111111111", Some(2), Some(2029)));
            assert_eq!(input.cvv.unwrap().reveal(), "123");
            assert_eq!((input.first_name.as_deref(), input.last_name.as_deref()), (Some("Ada"), Some("Byron")));
            assert_eq!((input.email.as_deref(), input.sense_key.as_deref()), (Some("ada@example.com"), Some("s")));
            assert!(input.updater_allowed);
        }
    }

    #[test]
    fn faults_name_the_wrapper_and_the_member() {
        let card = |card: Value| json!({"payment_method": {"credit_card": card}});
        for (body, expected) in [
            (json!({}), vec!["PaymentMethod: The PaymentMethod field is required."]),
            (json!({"payment_method": "x"}), vec!["PaymentMethod: The field PaymentMethod is invalid."]),
            (json!({"payment_method": {}}), vec!["PaymentMethod.CreditCard: The CreditCard field is required."]),
            (json!({"payment_method": {"email": "a"}}), vec!["PaymentMethod.CreditCard: The CreditCard field is required."]),
            (card(json!({"month": 1})), vec!["PaymentMethod.CreditCard.Number: The Number field is required."]),
            (
                card(json!({"number": "4111111111111112", "month": 13, "year": "abc"})),
                vec![
                    "PaymentMethod.CreditCard.Month: The field Month is invalid.",
                    "PaymentMethod.CreditCard.Number: The field Number is invalid.",
                    "PaymentMethod.CreditCard.Year: The field Year is invalid.",
                ],
            ),
        ] {
            let (input, faults) = reading(&body);
            assert_eq!(faults, expected, "{body}");
            assert!(input.is_none() || body["payment_method"]["credit_card"]["month"] == 13);
        }
    }

    #[test]
    fn odd_cards_pass() {
        for extra in [
            json!({}),
            json!({"month": 1, "year": 1999}),
            json!({"verification_value": "12345"}),
            json!({"full_name": "Ada Byron", "retained": true, "allowBlankName": 1}),
            json!({"first_name": {"odd": 1}}),
        ] {
            let mut card = json!({"number": "378282246310005"});
            card.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            let (input, faults) = reading(&json!({"payment_method": {"credit_card": card, "eligibleForCardUpdater": "false"}}));
            assert!(faults.is_empty(), "{extra}");
            assert!(!input.unwrap().updater_allowed);
        }
    }
}
