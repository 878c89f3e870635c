//! `recoup rules explain CODE`: what a decline means and what is done about it, by the rules of a day. What is done is not
//! described here: the planner is asked, with a payment that was just declined.

use std::path::Path;

use domain::{
    card::{CardKey, Funding, Network},
    decline::{Answer, Class},
    environment::Environment,
    id::Mid,
    ledger::{Entry, Initiator, Origin, Outcome},
    money::{Currency, Money},
    rules::{Classified, Files, Kind, Limit, Reach, Region, Rules},
    time::{DAY, HOUR, Timestamp},
};
use recovery::{Action, Case, Model, Observed, Realtime, Updater};
use serde_json::{Value, json};

use super::{Dir, day, day_of, files, unsound, words};
use crate::{
    commands::arguments::word,
    failure::Failure,
    output::{Output, Paint},
};

/// Length of the rescue that is thought of.
const PERIOD_DAYS: u32 = 28;
/// Attempts that it may have.
const ATTEMPTS_MAX: u32 = 12;
/// Its amount, minor units.
const AMOUNT_MINOR: i64 = 1_999;
/// Changes looked for after the day.
const AHEAD_DAYS: i32 = 730;

/// Which answer, and whose card.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  recoup rules explain 51\n  recoup rules explain 51 --network mastercard --advice 24\n  recoup rules explain insufficient_funds --source stripe --region UK"
)]
pub struct Args {
    /// Response code: ISO 8583 field 39, or a processor's own with --source
    code: String,
    /// Network of the card [default: mastercard with --advice, else visa]
    #[arg(long, value_parser = word(Network::parse, Network::ALL))]
    network: Option<Network>,
    /// Region of the card's issuer
    #[arg(long, default_value = "US", value_parser = word(Region::parse, Region::ALL))]
    region: Region,
    /// Region of the merchant [default: the issuer's]
    #[arg(long, value_parser = word(Region::parse, Region::ALL))]
    merchant_region: Option<Region>,
    /// Mastercard merchant advice code
    #[arg(long)]
    advice: Option<String>,
    /// The day [default: today, UTC]
    #[arg(long, value_parser = day)]
    date: Option<jiff::civil::Date>,
    /// Whose code it is: nmi, stripe, adyen, …
    #[arg(long)]
    source: Option<String>,
    #[command(flatten)]
    dir: Dir,
}

/// Runs the command.
pub fn run(args: &Args, configured: Option<&Path>, now: Timestamp, output: Output) -> Result<(), Failure> {
    let files = files(args.dir.dir.as_deref(), configured)?;
    let rules = files.rules().map_err(unsound)?;
    let date = args.date.unwrap_or_else(|| day_of(now));
    let asked = Asked::of(args, date);
    let classified = rules.classify(&asked.answer, asked.network, asked.region, asked.at);
    let told = told(&rules, &files, &asked, &classified, date);
    output.answer(|| told.clone(), |paint| text(&told, paint))
}

struct Asked {
    answer: Answer,
    network: Network,
    region: Region,
    merchant_region: Region,
    at: Timestamp,
}

impl Asked {
    fn of(args: &Args, date: jiff::civil::Date) -> Self {
        let given = if args.advice.is_some() { Network::Mastercard } else { Network::Visa };
        let answer = Answer {
            response_code: args.code.trim().to_owned(),
            source: args.source.clone(),
            advice_code: args.advice.clone(),
            network_response_code: None,
        };
        Self {
            answer,
            network: args.network.unwrap_or(given),
            region: args.region,
            merchant_region: args.merchant_region.unwrap_or(args.region),
            at: Timestamp::from_civil(date.at(12, 0, 0, 0), 0),
        }
    }
}

fn told(rules: &Rules, files: &Files, asked: &Asked, classified: &Classified<'_>, date: jiff::civil::Date) -> Value {
    let iso = classified.iso_code.as_deref();
    let row = iso.and_then(|code| rules.code(code, asked.network, asked.region, asked.at));
    let code = row.map(|row| {
        json!({
            "code": row.code, "meaning": row.meaning, "rule": row.id(), "source": row.source,
            "class": row.class.map_or("APPROVED", Class::as_str), "floor": row.floor.map(words::floor), "retriesMax": row.retries_max,
            "lookUpFirst": row.lookup_first,
        })
    });
    let advice = classified.advice.map(|advice| {
        json!({
            "code": advice.code, "meaning": advice.meaning, "asks": words::advice(advice.action), "action": advice.action,
            "class": advice.class, "minWait": advice.min_wait.map(words::span), "source": advice.source,
        })
    });
    let translation =
        asked.answer.source.as_deref().and_then(|source| rules.translation(source, &asked.answer.response_code, asked.at));
    let translation = translation.map(|entry| {
        json!({
            "rule": entry.id(), "meaning": entry.meaning, "isoCode": entry.iso_code, "class": entry.class, "advice": entry.advice_code,
            "source": entry.source,
        })
    });
    let category = classified.visa_category.map(|number| json!({ "category": number, "meaning": words::category(number) }));
    let wait = rules.wait(classified.class, asked.at).filter(|_| !classified.approved).map(words::wait);
    json!({
        "rulesVersion": rules.version(), "date": date.to_string(), "network": asked.network, "region": asked.region,
        "merchantRegion": asked.merchant_region, "asked": asked.answer.response_code, "approved": classified.approved,
        "translation": translation, "code": code, "advice": advice, "visaCategory": category,
        "class": (!classified.approved).then_some(classified.class),
        "classMeaning": (!classified.approved).then(|| words::class(classified.class)),
        "classifiedBy": classified.rules, "policy": wait,
        "plan": (!classified.approved).then(|| plan(rules, asked)),
        "customerPresent": (!classified.approved).then(|| present(rules, asked)),
        "limits": limits(rules, asked, classified), "answerFee": answer_fee(rules, asked, classified),
        "announced": announced(files, iso, classified.advice.map(|advice| advice.code.as_str()), date),
    })
}

/// The limits of the network that such a decline counts for, with the fee beyond each.
fn limits(rules: &Rules, asked: &Asked, classified: &Classified<'_>) -> Vec<Value> {
    if classified.approved {
        return vec![];
    }
    let merchant = country(asked.merchant_region);
    let of_card = rules.limits(asked.network, merchant, asked.at);
    let all = of_card.into_iter().chain(rules.volumes(asked.network, merchant, asked.at));
    let counting = all.filter(|limit| counts(rules, limit, asked, classified));
    counting
        .map(|limit| {
            let fee = fee(rules, asked, &limit.fee);
            json!({ "id": limit.id, "kind": limit.kind, "meaning": words::limit(limit), "fee": fee, "source": limit.source })
        })
        .collect()
}

fn counts(rules: &Rules, limit: &Limit, asked: &Asked, classified: &Classified<'_>) -> bool {
    let advice = classified.advice.map(|advice| advice.code.as_str());
    let sets_off = || {
        let trigger = limit.trigger.as_ref();
        trigger.is_some_and(|trigger| trigger.set_off_by(rules, classified.iso_code.as_deref(), advice, asked.at).is_some())
    };
    limit.kind == Kind::Count || sets_off()
}

fn fee(rules: &Rules, asked: &Asked, rule: &str) -> Option<Value> {
    let reach = if asked.region == asked.merchant_region { Reach::Domestic } else { Reach::CrossBorder };
    let fee = rules.fee(rule, asked.merchant_region, reach, asked.at)?;
    Some(json!({ "text": words::fee(fee), "amountMicros": fee.amount_micros, "currency": fee.currency, "source": fee.source }))
}

fn answer_fee(rules: &Rules, asked: &Asked, classified: &Classified<'_>) -> Option<Value> {
    let reach = if asked.region == asked.merchant_region { Reach::Domestic } else { Reach::CrossBorder };
    let codes = (classified.iso_code.as_deref(), classified.advice.map(|advice| advice.code.as_str()));
    let fee = rules.fee_of_answer(asked.network, asked.merchant_region, reach, codes, asked.at)?;
    Some(json!({ "text": words::fee(fee), "amountMicros": fee.amount_micros, "currency": fee.currency, "source": fee.source }))
}

/// What the planner does with a merchant-initiated payment that was just declined so.
fn plan(rules: &Rules, asked: &Asked) -> Value {
    with_case(asked, Initiator::Mit, |case| {
        let plan = recovery::plan(case, rules, Model::builtin());
        let words = match plan.action {
            Action::Attempt { at } => {
                let wait =
                    words::span(std::time::Duration::from_secs(at.since(asked.at).as_secs().next_multiple_of(HOUR.as_secs())));
                format!("retries after about {wait}, with a chance of {:.0} %", plan.probability * 100.0)
            }
            Action::AskUpdater => "asks the account updater for newer card data, then decides again".to_owned(),
            Action::AskCustomer => "tells the merchant that only the customer can help, and waits for new data".to_owned(),
            Action::LetExpire => "leaves the order open without an attempt until its period ends".to_owned(),
            Action::Stop { reason } => format!("ends the order: {}", words::reason(reason)),
        };
        json!({ "words": words, "plan": plan.action, "notBefore": plan.not_before.iso6(), "boundBy": plan.bound_by, "modelVersion": plan.model_version })
    })
}

/// What is done while the customer waits.
fn present(rules: &Rules, asked: &Asked) -> Value {
    with_case(asked, Initiator::Cit, |case| {
        let assessed = recovery::realtime(case, rules, true);
        let words = match &assessed.action {
            Realtime::Attempt => "tries once more at once, by another route where there is one".to_owned(),
            Realtime::AskUpdater => "asks the account updater for newer card data, then tries again".to_owned(),
            Realtime::Challenge { fields } => {
                let fields: Vec<String> = fields.iter().map(|field| format!("{field:?}")).collect();
                format!("asks the customer for {}", fields.join(", "))
            }
            Realtime::Decline { reason } => format!("declines: {}", words::reason(*reason)),
        };
        json!({ "words": words, "action": assessed.action })
    })
}

fn with_case<T>(asked: &Asked, initiator: Initiator, ask: impl FnOnce(&Case<'_>) -> T) -> T {
    let amount = Money::new(AMOUNT_MINOR, Currency::USD);
    let observed = [Observed { at: asked.at, answer: asked.answer.clone(), origin: Origin::Evaluated, approved: false }];
    let iso = Rules::builtin().iso_code(&asked.answer, asked.at);
    let ledger = [Entry {
        mid: Mid(uuid::Uuid::nil()),
        environment: Environment::Sandbox,
        card: CardKey([0; 16]),
        at: asked.at,
        id: uuid::Uuid::nil(),
        origin: Origin::Evaluated,
        initiator,
        amount,
        network: asked.network,
        outcome: Outcome::Declined,
        response_code: iso,
        advice_code: asked.answer.advice_code.clone(),
        order: None,
    }];
    ask(&Case {
        now: asked.at,
        placed_at: asked.at,
        expires_at: asked.at + DAY * PERIOD_DAYS,
        network: asked.network,
        funding: Funding::Unknown,
        issuer_country: Some(country(asked.region)),
        merchant_country: country(asked.merchant_region),
        bin: None,
        offset_minutes: None,
        amount,
        initiator,
        observed: &observed,
        ledger: &ledger,
        own_attempts: 0,
        max_attempts: ATTEMPTS_MAX,
        credential_version: 1,
        credential_changed_at: None,
        updater: Updater::Untried,
        first_at: None,
        allowed: recovery::Allowed::default(),
        arm: domain::decision::Arm::Policy,
        seed: 0,
    })
}

/// Changes of this code that are announced for later days.
fn announced(files: &Files, iso: Option<&str>, advice: Option<&str>, date: jiff::civil::Date) -> Vec<Value> {
    let later = date.saturating_add(jiff::Span::new().days(AHEAD_DAYS));
    let changes = files.between(date, later).unwrap_or_default();
    let about = |file: &str, rule: &str| {
        let first = rule.split(' ').next();
        match file {
            "response_codes.csv" | "visa_categories.csv" => first == iso,
            "advice_codes.csv" => first == advice,
            _ => false,
        }
    };
    changes.iter().filter(|change| about(change.file, &change.rule)).map(|change| json!(change)).collect()
}

/// A country of a region, for the rules that ask for one.
const fn country(region: Region) -> &'static str {
    match region {
        Region::Us => "US",
        Region::Canada => "CA",
        Region::Uk => "GB",
        Region::Eea => "DE",
        Region::Brazil => "BR",
        Region::Australia => "AU",
        Region::India => "IN",
        Region::Other => "ZZ",
    }
}

fn text(told: &Value, paint: Paint) -> String {
    let mut lines: Vec<String> = vec![];
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut line = |title: &str, text: String| {
        let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        lines.push(format!("{}{clean}", paint.bold(&format!("{title:<17}"))));
    };
    let asked = &told["asked"];
    line(
        "Code",
        format!(
            "{} on a {} card of region {}, merchant in {}, {}",
            word(asked),
            word(&told["network"]),
            word(&told["region"]),
            word(&told["merchantRegion"]),
            word(&told["date"])
        ),
    );
    if !told["translation"].is_null() {
        let entry = &told["translation"];
        line("Processor says", format!("{} ({})", word(&entry["meaning"]), word(&entry["source"])));
    }
    match &told["code"] {
        Value::Null => line("Means", "nothing that the rules know: treated as a decline without a reason".to_owned()),
        code => line(
            "Means",
            format!("{} {}: {} ({})", word(&code["code"]), word(&code["rule"]), word(&code["meaning"]), word(&code["source"])),
        ),
    }
    if !told["visaCategory"].is_null() {
        let category = &told["visaCategory"];
        line("Visa category", format!("{}: {}", category["category"], word(&category["meaning"])));
    }
    if !told["advice"].is_null() {
        let advice = &told["advice"];
        let wait = advice["minWait"].as_str().map(|wait| format!(", not before {wait} have passed")).unwrap_or_default();
        line(
            "Advice",
            format!(
                "{} {}: {}{wait} ({})",
                word(&advice["code"]),
                word(&advice["meaning"]),
                word(&advice["asks"]),
                word(&advice["source"])
            ),
        );
    }
    if told["approved"].as_bool() == Some(true) {
        line("Class", "approved: there is nothing to rescue".to_owned());
    } else {
        line("Class", format!("{}: {}", word(&told["class"]), word(&told["classMeaning"])));
        for (title, member) in [("Earliest", &told["code"]["floor"]), ("Policy", &told["policy"])] {
            if !member.is_null() {
                line(title, word(member));
            }
        }
        if told["code"]["lookUpFirst"].as_bool() == Some(true) {
            line("First of all", "looks up what became of the first attempt: the money may have moved".to_owned());
        }
        line("Recoup", format!("{} (merchant-initiated, just declined)", word(&told["plan"]["words"])));
        line("", format!("{} (customer present)", word(&told["customerPresent"]["words"])));
        for limit in told["limits"].as_array().into_iter().flatten() {
            line("Limit", format!("{}: {} ({})", word(&limit["id"]), word(&limit["meaning"]), word(&limit["source"])));
            match &limit["fee"] {
                Value::Null => line("  beyond it", "no fee is known for this region".to_owned()),
                fee => line("  beyond it", format!("{} ({})", word(&fee["text"]), word(&fee["source"]))),
            }
        }
        if !told["answerFee"].is_null() {
            line("Costs by itself", format!("{} ({})", word(&told["answerFee"]["text"]), word(&told["answerFee"]["source"])));
        }
    }
    for change in told["announced"].as_array().into_iter().flatten() {
        let what = if change["column"] == "" {
            word(&change["after"])
        } else {
            format!("{} {} becomes {}", word(&change["column"]), word(&change["before"]), word(&change["after"]))
        };
        line("Will change", format!("{}: {what} ({})", word(&change["since"]), word(&change["source"])));
    }
    line("Rules", word(&told["rulesVersion"]));
    lines.join("\n") + "\n"
}
