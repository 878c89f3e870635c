//! What is left of a person's data for callers who must not see it: the first letter, `J***`.

use crate::{address::Address, payment::Payment};

/// The first character and three stars; an empty text stays empty.
pub fn masked(text: &str) -> String {
    text.chars().next().map_or_else(String::new, |first| format!("{first}***"))
}

impl Payment {
    /// Masks names, e-mail, phone and street wherever the payment holds them.
    pub fn mask(&mut self) {
        let texts = [&mut self.payer.email, &mut self.payer.phone, &mut self.method.holder_name];
        texts.into_iter().for_each(mask);
        for address in [&mut self.billing, &mut self.shipping].into_iter().flatten() {
            address.mask();
        }
    }
}

impl Address {
    fn mask(&mut self) {
        let Self { first_name, last_name, phone, address_line1, address_line2, .. } = self;
        [first_name, last_name, phone, address_line1, address_line2].into_iter().for_each(mask);
    }
}

fn mask(text: &mut Option<String>) {
    if let Some(text) = text {
        *text = masked(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_is_left() {
        for (text, left) in [("John", "J***"), ("Özge", "Ö***"), ("J", "J***"), ("", "")] {
            assert_eq!(masked(text), left);
        }
        let mut address = Address { first_name: Some("John".into()), city: Some("Zürich".into()), ..Address::default() };
        address.mask();
        assert_eq!((address.first_name.as_deref(), address.city.as_deref()), (Some("J***"), Some("Zürich")));
    }
}
