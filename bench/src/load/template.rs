//! Text with places that differ from request to request, all of fixed width, so that a body's length is known
//! once and writing one is a few copies.

use std::rc::Rc;

/// Digits of a request number.
const NUMBER_WIDTH: usize = 12;

#[derive(Debug, Clone)]
enum Part {
    Text(Vec<u8>),
    Number,
    Pan,
    Waiting,
    Last4,
    Pool(Rc<Vec<String>>),
}

/// A text with places.
///
/// `«N»` is the request's number in twelve digits, `«PAN»` a test card number of its own, `«LAST4»` the last four
/// of that, `«WAITING»` one of [`WAITING_CARDS`], `«POOL»` the pool's entry of this turn.
#[derive(Debug, Clone, Default)]
pub struct Template {
    parts: Vec<Part>,
}

impl Template {
    /// Reads a template; `«POOL»` takes from the pool, whose entries must be of one length.
    pub fn new(text: &str, pool: &Rc<Vec<String>>) -> Self {
        let mut parts = Vec::new();
        for (place, piece) in text.split('«').enumerate() {
            match piece.split_once('»').filter(|_| place > 0) {
                Some((name, text)) => parts.extend([part(name, pool), Part::Text(text.as_bytes().to_vec())]),
                None => parts.push(Part::Text(piece.as_bytes().to_vec())),
            }
        }
        Self { parts }
    }

    /// A template without places that take from a pool.
    pub fn plain(text: &str) -> Self {
        Self::new(text, &Rc::new(Vec::new()))
    }

    /// Writes request `n`.
    pub fn write(&self, n: u64, out: &mut Vec<u8>) {
        for part in &self.parts {
            match part {
                Part::Text(text) => out.extend_from_slice(text),
                Part::Number => write_number(n, out),
                Part::Pan => out.extend_from_slice(&test_pan(n)),
                Part::Waiting => out.extend_from_slice(&waiting_card(n)),
                Part::Last4 => out.extend_from_slice(&test_pan(n)[12..]),
                Part::Pool(pool) => out.extend_from_slice(pool[turn(n, pool.len())].as_bytes()),
            }
        }
    }

    /// Length of every request written, bytes.
    pub fn len(&self) -> usize {
        let mut out = Vec::new();
        self.write(0, &mut out);
        out.len()
    }
}

/// How many numbers [`waiting_card`] has.
pub const WAITING_CARDS: u32 = 36_000;

/// A card of the sandbox's scenario pattern (`wire-api` §14.2) whose declines carry an advice code, 25 to 30, that
/// forbids a rebill for a day to ten: what is evaluated with it stays undisturbed by attempts.
pub fn waiting_card(n: u64) -> [u8; 16] {
    const BINS: [&[u8; 6]; 2] = [b"555555", b"222300"];
    const CODES: [&[u8; 2]; 3] = [b"51", b"61", b"05"];
    let mut digits = *b"0000001000000000";
    digits[..6].copy_from_slice(BINS[(n / 1_000 % 2) as usize]);
    write_digits(25 + n / 2_000 % 6, &mut digits[8..10]);
    digits[10..12].copy_from_slice(CODES[(n / 12_000 % 3) as usize]);
    write_digits(n % 1_000, &mut digits[12..15]);
    digits[15] = b'0' + check_digit(&digits[..15]);
    digits
}

/// A Luhn-valid number under the sandbox BIN 555555, outside the scenario pattern (whose next digits are `10`).
pub fn test_pan(n: u64) -> [u8; 16] {
    const FREE: u64 = 800_000_000;
    let mut digits = *b"5555550000000000";
    write_digits(200_000_000 + n % FREE, &mut digits[6..15]);
    digits[15] = b'0' + check_digit(&digits[..15]);
    digits
}

/// Every entry by turns, one further in each round: so that they all get their turn also where this kind of request
/// has only every fifth number.
const fn turn(n: u64, entries: usize) -> usize {
    let entries = entries as u64;
    ((n + n / entries) % entries) as usize
}

fn part(name: &str, pool: &Rc<Vec<String>>) -> Part {
    match name {
        "N" => Part::Number,
        "PAN" => Part::Pan,
        "WAITING" => Part::Waiting,
        "LAST4" => Part::Last4,
        "POOL" if !pool.is_empty() => Part::Pool(Rc::clone(pool)),
        other => Part::Text(format!("«{other}»").into_bytes()),
    }
}

fn write_number(n: u64, out: &mut Vec<u8>) {
    let mut digits = [b'0'; NUMBER_WIDTH];
    write_digits(n, &mut digits);
    out.extend_from_slice(&digits);
}

fn write_digits(mut number: u64, digits: &mut [u8]) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

/// Luhn check digit (ISO/IEC 7812-1 annex B).
fn check_digit(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &byte)| {
            let digit = u32::from(byte - b'0');
            if place % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit }
        })
        .sum();
    ((10 - sum % 10) % 10) as u8
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn written(template: &Template, n: u64) -> String {
        let mut out = Vec::new();
        template.write(n, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn places_are_filled_at_fixed_width() {
        let pool = Rc::new(vec!["aa".to_owned(), "bb".to_owned()]);
        let template = Template::new(r#"{"id":"x-«N»","card":"«POOL»","e":"a@b","u":"«U»"}"#, &pool);
        assert_eq!(written(&template, 7), r#"{"id":"x-000000000007","card":"aa","e":"a@b","u":"«U»"}"#);
        assert_eq!(written(&Template::plain("«PAN» «LAST4» «POOL»"), 0), "5555552000000008 0008 «POOL»");
        for n in [0, 1, 999_999_999_999] {
            assert_eq!(written(&template, n).len(), template.len());
        }
    }

    #[test]
    fn every_entry_gets_its_turn() {
        let turns: HashSet<_> = (0..20).map(|n| turn(n * 5 + 1, 10)).collect();
        assert_eq!(turns.len(), 10);
        assert!((0..10).all(|n| turn(n, 10) == n as usize));
    }

    #[test]
    fn card_numbers_are_test_cards_and_differ() {
        let luhn = |pan: &[u8]| check_digit(&pan[..15]) == pan[15] - b'0';
        let pans: HashSet<_> = (0..10_000).map(test_pan).collect();
        assert_eq!(pans.len(), 10_000);
        assert!(pans.iter().all(|pan| luhn(pan) && pan.starts_with(b"555555") && &pan[6..8] != b"10"));
        let waiting: HashSet<_> = (7..7 + u64::from(WAITING_CARDS)).map(waiting_card).collect();
        assert!(waiting.len() == WAITING_CARDS as usize && waiting.iter().all(|pan| luhn(pan)));
        assert!(waiting.contains(b"5555551030510010") && waiting.contains(b"5555551025510017"));
        assert!(luhn(b"5555555555554444") && luhn(b"4111111111111111") && !luhn(b"4111111111111112"));
    }
}
