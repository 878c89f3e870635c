//! The sentences of the report.

use chart::Unit;

use crate::{
    account::Skip,
    calibration::{CARRY, CARRY_SPREAD, SHIFT, SPREAD},
    cell::amount::Written,
    estimate::{Estimate, Forecast},
};

/// Money in whole major units, small amounts with their cents.
pub fn whole(sign: &str, major: f64) -> String {
    let text = Unit::Money(sign.to_owned()).full(if major.abs() >= 100.0 { major.round() } else { major });
    match text.strip_suffix(".00") {
        Some(whole) if major.abs() >= 100.0 || major.abs() < 0.005 => whole.to_owned(),
        _ => text,
    }
}

/// With commas between thousands, and a currency's decimals.
pub fn decimals(major: f64, decimals: u32) -> String {
    // Cents are exact in a double up to ninety trillion; beyond, nobody counts them.
    let text = Unit::Money(String::new()).full(major);
    match (decimals, text.split_once('.')) {
        (0, Some((whole, _))) => whole.to_owned(),
        _ => text,
    }
}

pub fn subtitle(forecast: &Forecast) -> String {
    let reading = &forecast.reading;
    format!(
        "An estimate from {} attempts between {} and {}.",
        Unit::Count.full((reading.approved + reading.declined) as f64),
        day(&reading.from),
        day(&reading.to)
    )
}

fn day(iso: &str) -> &str {
    iso.get(..10).unwrap_or(iso)
}

pub fn nothing(forecast: &Forecast) -> String {
    format!(
        "None of the {} attempts in this file was declined: there is nothing to recover.",
        Unit::Count.full(forecast.reading.approved as f64)
    )
}

pub fn summary(forecast: &Forecast, main: &Estimate) -> String {
    let (mit, reading) = (&main.mit, &forecast.reading);
    let attempts = reading.approved + reading.declined;
    format!(
        "{} of {} attempts were declined. They belong to {} declined rebills in {} worth {}. You collected {} of that yourself by later \
         attempts. Of the {} left to work, about {} would have been recovered beyond it: with a probability of 90% between {}.",
        Unit::Count.full(reading.declined as f64),
        Unit::Count.full(attempts as f64),
        Unit::Count.full(mit.declined.count as f64),
        main.currency,
        main.money(mit.declined.amount_minor as f64),
        main.money(mit.collected.amount_minor as f64),
        main.money(mit.open.amount_minor as f64),
        main.money(mit.recovered_minor.mid),
        main.interval(mit.recovered_minor).replace(" to ", " and "),
    )
}

pub fn caution(forecast: &Forecast) -> String {
    let retries: u32 = forecast.calibration.iter().map(|one| one.retries).sum();
    let own = if retries == 0 {
        "The file shows no retries of yours that could be held against the model, so the interval is wide on purpose.".to_owned()
    } else {
        format!("It is held against {} retries of your own in the file.", Unit::Count.full(f64::from(retries)))
    };
    format!(
        "This is an estimate, not a measurement. It rests on published rates of how declines recover, lowered because they are \
         mostly vendors' own figures and because plans look better on paper than live. {own} Only a pilot with a permanent hold-out can measure it."
    )
}

pub const PRESENT: &str = "These are payments that a customer made in person: one more attempt by another route or with another format \
    while they wait. No rate is published for this, so a third of the model's odds is taken, with a wide interval, and what \
    challenges or new data could add is left out. Treat the figure as a hint. It is not part of the figures above.";

pub fn calibration(forecast: &Forecast) -> String {
    let odds = ((1.0 - SHIFT.exp()) * 100.0).round();
    let spread = SPREAD.exp();
    let first = format!(
        "The model begins with published priors. Before any data of yours its odds are lowered by {odds:.0}% and may be off by a factor of \
         {spread:.1} either way (one standard deviation)."
    );
    if forecast.calibration.is_empty() {
        return first + " The file shows no retry of yours that the rules would have allowed: the priors stand alone.";
    }
    first
        + " Each retry of yours in the file is then compared with the chance that the model would have given it at that moment, knowing \
           only what was before it; the odds of the class move accordingly. Classes that are not listed keep the priors."
}

pub fn reading(forecast: &Forecast) -> String {
    let reading = &forecast.reading;
    let unit = match reading.amounts {
        Written::Minor => "minor units (1999 is 19.99): give --amounts major if that is wrong",
        Written::Major => "major units (19.99): give --amounts minor if that is wrong",
    };
    format!("Amounts were read as {unit}. This was decided {}.", reading.amounts_why)
}

pub const fn skip(why: Skip) -> &'static str {
    match why {
        Skip::CardNumber => "Refused: something looks like a card number",
        Skip::NotACharge => "Not a charge",
        Skip::Zero => "Amount zero",
        Skip::Empty => "Empty",
        Skip::TooMany => "Beyond the rows of one forecast",
    }
}

pub fn made(forecast: &Forecast) -> Vec<String> {
    let options = &forecast.options;
    let sample = if forecast.worked < forecast.open {
        format!(
            "Of {} open payments a regular sample of {} was worked, each standing for its share.",
            forecast.open, forecast.worked
        )
    } else {
        format!("All {} open payments were worked.", forecast.open)
    };
    vec![
        format!(
            "Attempts with the same order id, or else the same card (or payer) and amount, are one payment, unless more than {} days lie \
             between them. A payment counts as collected by you when a later attempt was approved, or when the same amount was approved \
             on the same card or payer within {} days. Payments too young to tell are counted at the share that you usually do not \
             collect yourself.",
            options.window_days, options.window_days
        ),
        format!(
            "Each open payment is handed to the engine's own planner after your last try: with the card's history in the file, under the \
             networks' limits and the advice given, at most {} attempts in {} days, each planned after the failure of the one before. \
             {sample} Of the chance that the model gives to such a plan {:.0}% are taken (give or take {:.0} points): plans look better on \
             paper than live.",
            options.attempts_max,
            options.window_days,
            CARRY * 100.0,
            CARRY_SPREAD * 100.0
        ),
        format!(
            "Intervals hold the truth with a probability of 90% if the assumptions hold: {} worlds were drawn, each with its own error of \
             the model (half of it shared by all classes) and its own luck for each payment. What these figures cannot know: whether your \
             past is like your future, and how your processor would pass advice on.",
            options.draws
        ),
        format!(
            "Model {}, rules {}, merchant's country {}, seed {}. Made on this machine alone: nothing was sent anywhere. No card number, \
             name or address is part of this report.",
            forecast.model_version, forecast.rules_version, options.merchant_country, options.seed
        ),
    ]
}
