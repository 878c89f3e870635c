//! Numbers as people read them.

/// What a number counts: decides how it is written and where ticks fall.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Unit {
    /// Whole things.
    Count,
    /// Anything.
    #[default]
    Number,
    /// A share: 0.25 reads as 25%.
    Percent,
    /// Money in major units, with what stands before it: `$`, `EUR`.
    Money(String),
    /// Days.
    Days,
    /// Hours.
    Hours,
}

/// Beyond this everything is drawn as this: no sum of such values overflows.
const MAGNITUDE_MAX: f64 = 1e15;
/// Below this everything is zero: no quotient of such values is without meaning.
const MAGNITUDE_MIN: f64 = 1e-9;

/// A number that can be drawn; `None` for what is not finite.
pub(crate) fn finite(value: f64) -> Option<f64> {
    let value = if value.abs() < MAGNITUDE_MIN { 0.0 } else { value };
    value.is_finite().then(|| value.clamp(-MAGNITUDE_MAX, MAGNITUDE_MAX))
}

impl Unit {
    /// The number in full, as in tables: `1,234`, `12.3%`, `$1,234.50`, `3.4 days`. A dash when it is not finite.
    pub fn full(&self, value: f64) -> String {
        let Some(value) = finite(value) else { return "–".to_owned() };
        match self {
            Self::Count => grouped(value, 0),
            Self::Number => grouped(value, decimals_of(value)),
            Self::Percent => grouped(value * 100.0, 1) + "%",
            Self::Money(sign) => money(sign, value, |value| grouped(value, 2)),
            Self::Days => counted(value, "day"),
            Self::Hours => counted(value, "hour"),
        }
    }

    /// The number in few signs, as on a mark: `1.2k`, `12%`, `$3.4M`.
    pub fn short(&self, value: f64) -> String {
        let Some(value) = finite(value) else { return "–".to_owned() };
        match self {
            Self::Count | Self::Number => compact(value),
            Self::Percent => grouped(value * 100.0, usize::from(value.abs() < 0.1)) + "%",
            Self::Money(sign) => money(sign, value, compact),
            Self::Days => compact(value) + " d",
            Self::Hours => compact(value) + " h",
        }
    }

    /// The number at a tick of an axis whose ticks are `step` apart.
    pub(crate) fn tick(&self, value: f64, step: f64) -> String {
        let value = if value.abs() < step * 1e-6 { 0.0 } else { value };
        match self {
            Self::Percent => grouped(value * 100.0, places(step * 100.0)) + "%",
            Self::Money(sign) => money(sign, value, |value| at_step(value, step)),
            Self::Count | Self::Number | Self::Days | Self::Hours => at_step(value, step),
        }
    }

    /// The smallest distance of ticks, and what it is multiplied with until there are few enough.
    pub(crate) fn steps(&self) -> (f64, &'static [f64]) {
        match self {
            Self::Count => (1.0, &[1.0, 2.0, 5.0]),
            Self::Days => (0.0, &[1.0, 2.0, 7.0, 14.0, 28.0, 70.0, 140.0, 350.0]),
            Self::Hours => (0.0, &[1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 48.0, 168.0]),
            Self::Number | Self::Percent | Self::Money(_) => (0.0, &[1.0, 2.0, 2.5, 5.0]),
        }
    }
}

fn at_step(value: f64, step: f64) -> String {
    if step >= 1_000.0 { compact(value) } else { grouped(value, places(step)) }
}

fn money(sign: &str, value: f64, write: impl Fn(f64) -> String) -> String {
    let gap = if sign.chars().next_back().is_some_and(char::is_alphanumeric) { "\u{a0}" } else { "" };
    let minus = if value < 0.0 { "−" } else { "" };
    format!("{minus}{sign}{gap}{}", write(value.abs()))
}

fn counted(value: f64, noun: &str) -> String {
    let text = grouped(value, decimals_of(value).min(1));
    let plural = if text == "1" { "" } else { "s" };
    format!("{text}\u{a0}{noun}{plural}")
}

/// Decimals that keep three digits.
fn decimals_of(value: f64) -> usize {
    match value.abs() {
        size if size.fract() < MAGNITUDE_MIN || size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    }
}

/// Decimals that tell ticks apart.
fn places(step: f64) -> usize {
    const PLACES_MAX: usize = 6;
    (0..PLACES_MAX).find(|places| is_whole(step * 10f64.powi(*places as i32))).unwrap_or(PLACES_MAX)
}

fn is_whole(value: f64) -> bool {
    (value - value.round()).abs() < 1e-6 * value.abs().max(1e-3)
}

fn compact(value: f64) -> String {
    const SIZES: [(f64, &str); 4] = [(1e12, "tn"), (1e9, "bn"), (1e6, "M"), (1e3, "k")];
    // 999,960 would read 1000.0k: what rounds to the next size is written in it.
    let Some((size, letter)) = SIZES.iter().find(|(size, _)| value.abs() >= size * 0.999_5) else {
        return trimmed(grouped(value, decimals_of(value).min(2)));
    };
    let scaled = value / size;
    trimmed(grouped(scaled, usize::from(scaled.abs() < 99.95))) + letter
}

fn trimmed(text: String) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// With commas between thousands and a true minus sign.
pub(crate) fn grouped(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(whole, fraction)| (whole, Some(fraction)));
    let is_zero = text.bytes().all(|b| matches!(b, b'0' | b'.'));
    let mut out = String::with_capacity(text.len() + 8);
    if value < 0.0 && !is_zero {
        out.push('−');
    }
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        for (unit, value, full, short) in [
            (Unit::Count, 1_234_567.0, "1,234,567", "1.2M"),
            (Unit::Count, -12.0, "−12", "−12"),
            (Unit::Number, 0.123_45, "0.123", "0.12"),
            (Unit::Number, 2.5, "2.50", "2.5"),
            (Unit::Percent, 0.1234, "12.3%", "12%"),
            (Unit::Percent, 0.0567, "5.7%", "5.7%"),
            (Unit::Money("$".into()), 1_234.5, "$1,234.50", "$1.2k"),
            (Unit::Money("EUR".into()), -999_960.0, "−EUR\u{a0}999,960.00", "−EUR\u{a0}1M"),
            (Unit::Days, 1.0, "1\u{a0}day", "1 d"),
            (Unit::Days, 3.44, "3.4\u{a0}days", "3.44 d"),
            (Unit::Number, -0.000_01, "0.000", "0"),
            (Unit::Number, f64::NAN, "–", "–"),
        ] {
            assert_eq!((unit.full(value).as_str(), unit.short(value).as_str()), (full, short), "{unit:?} {value}");
        }
    }

    #[test]
    fn ticks_have_the_decimals_that_tell_them_apart() {
        assert_eq!(Unit::Percent.tick(0.075, 0.025), "7.5%");
        assert_eq!(Unit::Percent.tick(0.1, 0.05), "10%");
        assert_eq!(Unit::Number.tick(0.3, 0.1), "0.3");
        assert_eq!(Unit::Count.tick(20_000.0, 5_000.0), "20k");
        assert_eq!(Unit::Money("$".into()).tick(2_500.0, 2_500.0), "$2.5k");
        assert_eq!(Unit::Number.tick(1e-17, 0.1), "0.0");
    }
}
