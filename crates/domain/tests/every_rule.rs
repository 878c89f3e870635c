//! Every row of every rule file, walked: it holds on its days and at its place, and does there what it says.

use std::time::Duration;

use recoup_domain::{
    card::{CardKey, Network},
    decline::{Answer, Class},
    environment::Environment,
    id::Mid,
    ledger::{Entry, Initiator, Origin, Outcome},
    limits::{self, Effect, Permit, Planned, Usage},
    money::{Currency, Money},
    rules::{Fee, Floor, Kind, Limit, Reach, Region, Rules, Scope, Window},
    time::{DAY, MINUTE, Timestamp},
};

struct Row(Vec<(String, String)>);

impl Row {
    fn get(&self, column: &str) -> &str {
        self.0.iter().find(|(name, _)| name == column).map_or("", |(_, cell)| cell)
    }

    /// The words of a closed list that a cell stands for: itself, or all when it is any.
    fn each<T: Copy>(&self, column: &str, all: &[T], parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
        match self.get(column) {
            "" | "*" => all.to_vec(),
            text => vec![parse(text).unwrap()],
        }
    }

    /// A moment on its first day (or long ago) and one on its last, and the moments just outside.
    fn days(&self) -> (Vec<Timestamp>, Vec<Timestamp>) {
        let day =
            |column: &str| Some(self.get(column)).filter(|text| !text.is_empty()).map(|text| Timestamp::first_of(text).unwrap());
        let (from, to) = (day("effective_from"), day("effective_to"));
        let first = from.unwrap_or_else(|| Timestamp::first_of("2015-01-01").unwrap());
        let last = to.map_or_else(|| Timestamp::parse("2031-06-30T23:59:59Z").unwrap(), |to| to - Duration::from_micros(1));
        let outside = from.map(|from| from - Duration::from_micros(1)).into_iter().chain(to);
        (vec![first, last], outside.collect())
    }

    fn name(&self) -> String {
        self.0.iter().map(|(_, cell)| cell.as_str()).collect::<Vec<_>>().join(",")
    }
}

fn rows(text: &str) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |record: csv::StringRecord| Row(headers.iter().cloned().zip(record.iter().map(str::to_owned)).collect());
    let rows: Vec<Row> = reader.records().map(|record| row(record.unwrap())).collect();
    assert!(!rows.is_empty());
    for row in &rows {
        let source = row.get("source");
        assert!(source.starts_with("https://") || source.starts_with("OURS: "), "{}", row.name());
    }
    rows
}

const CODES: &str = include_str!("../../../rules/response_codes.csv");
const CATEGORIES: &str = include_str!("../../../rules/visa_categories.csv");

fn country(region: Region) -> &'static str {
    match region {
        Region::Us => "US",
        Region::Canada => "CA",
        Region::Uk => "GB",
        Region::Eea => "DE",
        Region::Brazil => "BR",
        Region::Australia => "AU",
        Region::India => "IN",
        Region::Other => "JP",
    }
}

fn rules() -> &'static Rules {
    Rules::builtin()
}

#[test]
fn every_response_code_has_its_class_and_bounds_on_its_days_and_nowhere_else() {
    let all = rows(CODES);
    let stars = |row: &Row| ["network", "region"].iter().filter(|column| row.get(column) == "*").count();
    for row in &all {
        for network in row.each("network", Network::ALL, Network::parse) {
            for region in row.each("region", Region::ALL, Region::parse) {
                let fits = |other: &Row, column: &str, word: &str| matches!(other.get(column), "*") || other.get(column) == word;
                let is_narrower = |other: &&Row| {
                    other.get("code") == row.get("code")
                        && stars(other) < stars(row)
                        && fits(other, "network", network.as_str())
                        && fits(other, "region", region.as_str())
                };
                if !all.iter().any(|other| is_narrower(&other)) {
                    response_code(row, network, region);
                }
            }
        }
    }
}

fn response_code(row: &Row, network: Network, region: Region) {
    let (code, name) = (row.get("code"), row.name());
    let (inside, outside) = row.days();
    for on in inside {
        let found = rules().code(code, network, region, on).unwrap();
        assert_eq!((found.meaning.as_str(), found.source.as_str()), (row.get("meaning"), row.get("source")), "{name}");
        let said = rules().classify(&Answer::iso(code, None), network, region, on);
        let class = Class::parse(row.get("class"));
        assert_eq!((said.approved, said.class), (class.is_none(), class.unwrap_or(Class::Generic)), "{name}");
        assert_eq!(said.lookup_first, row.get("lookup_first") == "yes", "{name}");
        assert_eq!(said.retries_max.map(|n| n.to_string()).unwrap_or_default(), row.get("retries_max"), "{name}");
        let floor = match said.floor {
            None => String::new(),
            Some(Floor::NextLocalDay) => "next_local_day".to_owned(),
            Some(Floor::After(wait)) if wait < MINUTE * 60 => format!("PT{}M", wait.as_secs() / 60),
            Some(Floor::After(wait)) => format!("PT{}H", wait.as_secs() / 3_600),
        };
        assert_eq!(floor, row.get("floor"), "{name}");
    }
    for on in outside {
        let found = rules().code(code, network, region, on);
        assert!(found.is_none_or(|found| found.source != row.get("source") || found.meaning != row.get("meaning")), "{name}");
    }
}

#[test]
fn every_visa_category_holds_on_its_days() {
    let all = rows(CATEGORIES);
    for row in &all {
        let category: u8 = row.get("category").parse().unwrap();
        let (inside, outside) = row.days();
        for on in inside {
            assert_eq!(rules().visa_category(row.get("code"), on), category, "{}", row.name());
            let said = rules().classify(&Answer::iso(row.get("code"), None), Network::Visa, Region::Us, on);
            assert_eq!(said.visa_category, Some(category), "{}", row.name());
        }
        let same = |other: &&Row| other.get("code") == row.get("code") && other.get("category") == row.get("category");
        if all.iter().filter(same).count() == 1 {
            assert!(outside.iter().all(|on| rules().visa_category(row.get("code"), *on) != category), "{}", row.name());
        }
    }
    let of_83 = |day: &str| rules().visa_category("83", Timestamp::parse(day).unwrap());
    assert_eq!((of_83("2026-10-24"), of_83("2026-10-25")), (4, 2), "announced for 25 October 2026");
}

#[test]
fn every_advice_forces_its_class_and_its_wait() {
    for row in rows(include_str!("../../../rules/advice_codes.csv")) {
        let (inside, outside) = row.days();
        for on in inside {
            let said = rules().classify(&Answer::iso("05", Some(row.get("code"))), Network::Mastercard, Region::Us, on);
            let advice = said.advice.unwrap();
            assert_eq!(advice.action.as_str(), row.get("action"), "{}", row.name());
            assert_eq!(said.class, Class::parse(row.get("class")).unwrap_or(Class::Generic), "{}", row.name());
            let wait = advice.min_wait.map(|wait| format!("PT{}H", wait.as_secs() / 3_600)).unwrap_or_default();
            assert_eq!(wait, row.get("min_wait"), "{}", row.name());
            let floors: Vec<(Floor, String)> = said.floors().collect();
            assert_eq!(floors, advice.min_wait.map(|wait| (Floor::After(wait), advice.id())).into_iter().collect::<Vec<_>>());
        }
        assert!(outside.iter().all(|on| rules().advice(row.get("code"), *on).is_none()), "{}", row.name());
    }
}

#[test]
fn every_limit_holds_at_it_one_over_and_after_its_window() {
    let mut walked = 0;
    for row in rows(include_str!("../../../rules/network_limits.csv")) {
        let network = Network::parse(row.get("network")).unwrap();
        let region = row.each("region", &[Region::Other], Region::parse)[0];
        let find = |on| {
            let of_card = rules().limits(network, country(region), on);
            of_card.into_iter().chain(rules().volumes(network, country(region), on)).find(|limit| limit.id == row.get("id"))
        };
        let (inside, outside) = row.days();
        for on in &inside {
            assert_eq!(find(*on).unwrap().meaning, row.get("meaning"), "{}", row.name());
        }
        for on in outside {
            assert!(find(on).is_none_or(|limit| limit.meaning != row.get("meaning")), "{}", row.name());
        }
        // Two windows after the first day, so that all of them lies inside the validity.
        let at = inside[0] + DAY * 70;
        let limit = find(at).unwrap();
        match limit.kind {
            Kind::Count => count(limit, network, region, at),
            Kind::Stop => stop(row.get("trigger"), limit, network, region, at),
            Kind::Volume => volume(limit, at),
        }
        walked += 1;
    }
    assert!(walked >= 25, "{walked}");
}

fn entry(network: Network, at: Timestamp, code: &str, advice: Option<&str>) -> Entry {
    Entry {
        mid: Mid(uuid::Uuid::nil()),
        environment: Environment::Sandbox,
        card: CardKey([0; 16]),
        at,
        id: uuid::Uuid::nil(),
        origin: Origin::Transmitted,
        initiator: Initiator::Mit,
        amount: Money::new(1999, Currency::USD),
        network,
        outcome: Outcome::Declined,
        response_code: Some(code.to_owned()),
        advice_code: advice.map(str::to_owned),
        order: None,
    }
}

fn planned(network: Network, region: Region, at: Timestamp) -> Planned<'static> {
    Planned {
        at,
        network,
        initiator: Initiator::Mit,
        amount: Money::new(1999, Currency::USD),
        merchant_country: country(region),
        credential_changed_at: None,
    }
}

fn usage(limit: &Limit, entries: &[Entry], planned: &Planned<'_>) -> Usage {
    limits::check(rules(), entries, planned).rules.into_iter().find(|usage| usage.id == limit.id).unwrap()
}

/// One below, at it, one over, and when the first has left the window; for the network's limit and for what planning keeps
/// below. Attempts stand a second apart, the newest just before the planned one.
fn count(limit: &Limit, network: Network, region: Region, at: Timestamp) {
    let made = |n: u32| -> Vec<Entry> {
        (0..n).map(|i| entry(network, at - Duration::from_secs(u64::from(n - i)), "51", None)).collect()
    };
    let plan = planned(network, region, at);
    let used = |entries: &[Entry], plan: &Planned<'_>| usage(limit, entries, plan).used;
    for (most, is_lawful) in [(limit.limit, true), (limit.headroom, false)] {
        let Some(most) = most else { continue };
        let name = format!("{} {most} {at:?}", limit.id);
        for (n, allowed) in [(most - 1, true), (most, false), (most + 1, false)] {
            let entries = made(n);
            let said = limits::check(rules(), &entries, &plan);
            assert_eq!(used(&entries, &plan), n, "{name}");
            if is_lawful {
                assert_eq!(usage(limit, &entries, &plan).is_beyond(), !allowed, "{name}: {n}");
            }
            let permit = if is_lawful { said.lawful } else { said.planned };
            // Another rule of the network may bind even earlier; none may allow what this one forbids.
            assert!(allowed || permit != Permit::Allowed, "{name}: {n}");
        }
        let entries = made(most);
        let end = match limit.window {
            Window::Rolling(window) => entries[0].at + window,
            Window::Month { offset_minutes } => {
                let next = entries[0].at.civil_at(offset_minutes).date().last_of_month().tomorrow().unwrap();
                Timestamp::from_civil(next.at(0, 0, 0, 0), offset_minutes)
            }
            Window::Forever => panic!("a count has a window"),
        };
        assert_eq!(usage(limit, &entries, &plan).resets_at, Some(end), "{name}");
        assert_eq!(used(&entries, &Planned { at: end - Duration::from_micros(1), ..plan }), most, "{name}: inside the window");
        assert!(used(&entries, &Planned { at: end, ..plan }) < most, "{name}: the first has left");
        let other = |amount: i64, initiator| Planned { amount: Money::new(amount, Currency::USD), initiator, ..plan };
        let any_amount = if limit.scope == Scope::Card { most } else { 0 };
        assert_eq!(used(&entries, &other(1, Initiator::Mit)), any_amount, "{name}: another amount");
        let together = if limit.initiators_apart { 0 } else { most };
        assert_eq!(used(&entries, &other(1999, Initiator::Cit)), together, "{name}: the customer's own");
        let approval = Entry { outcome: Outcome::Approved, at: at - Duration::from_millis(1), ..entries[0].clone() };
        let after: Vec<Entry> = entries.iter().cloned().chain([approval]).collect();
        assert_eq!(used(&after, &plan), if limit.approval_resets { 0 } else { most }, "{name}: after an approval");
    }
}

fn stop(trigger: &str, limit: &Limit, network: Network, region: Region, at: Timestamp) {
    let made_at = at - DAY;
    let codes: Vec<(String, Option<String>)> = match trigger.split_once(':').unwrap() {
        ("advice", codes) => codes.split(' ').map(|code| ("05".to_owned(), Some(code.to_owned()))).collect(),
        (_, number) => {
            let all = rows(CATEGORIES);
            let codes = all.iter().map(|row| row.get("code").to_owned());
            codes.filter(|code| rules().visa_category(code, made_at).to_string() == number).map(|code| (code, None)).collect()
        }
    };
    assert!(!codes.is_empty());
    let plan = planned(network, region, at);
    let used = |entries: &[Entry], plan: &Planned<'_>| usage(limit, entries, plan).used;
    for (code, advice) in codes {
        let name = format!("{} {code} {advice:?}", limit.id);
        let entries = [entry(network, made_at, &code, advice.as_deref())];
        let found = usage(limit, &entries, &plan);
        assert_eq!((found.used, found.is_beyond(), found.effect == Effect::Cap), (1, true, false), "{name}");
        let lawful = limits::check(rules(), &entries, &plan).lawful;
        assert_ne!(lawful, Permit::Allowed, "{name}: the first attempt after it is forbidden");
        if let Window::Rolling(window) = limit.window {
            let end = made_at + window;
            assert_eq!(used(&entries, &Planned { at: end - Duration::from_micros(1), ..plan }), 1, "{name}");
            assert_eq!(used(&entries, &Planned { at: end, ..plan }), 0, "{name}: after the window");
        } else {
            assert_eq!(used(&entries, &Planned { at: at + DAY * 500, ..plan }), 1, "{name}: for good");
        }
        let changed = Planned { credential_changed_at: Some(at - MINUTE), ..plan };
        let lifts = limit.new_credential_lifts.contains(advice.as_ref().unwrap_or(&code));
        assert_eq!(used(&entries, &changed), u32::from(!lifts), "{name}: with new card data");
    }
    assert_eq!(used(&[entry(network, made_at, "51", Some("24"))], &plan), 0, "{}", limit.id);
}

/// The fees report counts over all cards; here: what counts, and that warning comes before the fee.
fn volume(limit: &Limit, at: Timestamp) {
    let counts = |code: &str| limit.trigger.as_ref().unwrap().set_off_by(rules(), Some(code), None, at).is_some();
    assert!(["54", "55", "70", "82", "1A", "N7", "6P", "14"].iter().all(|code| counts(code)), "{}", limit.id);
    assert!(!["51", "05", "04", "91"].iter().any(|code| counts(code)), "{}", limit.id);
    assert!(limit.headroom < limit.limit && limit.scope == Scope::Merchant, "{}", limit.id);
}

#[test]
fn every_fee_is_charged_on_its_days_at_its_place() {
    for row in rows(include_str!("../../../rules/fees.csv")) {
        let region = row.each("region", &[Region::Us], Region::parse)[0];
        let micros = (row.get("amount").parse::<f64>().unwrap() * 1e6).round() as u64;
        let is_this = |fee: &&Fee| fee.amount_micros == micros && fee.currency.as_str() == row.get("currency");
        let (inside, outside) = row.days();
        for reach in row.each("reach", Reach::ALL, Reach::parse) {
            for on in &inside {
                let fee = rules().fee(row.get("rule"), region, reach, *on);
                assert!(fee.filter(is_this).is_some_and(|fee| fee.source == row.get("source")), "{}", row.name());
            }
            for on in &outside {
                assert!(
                    rules().fee(row.get("rule"), region, reach, *on).as_ref().is_none_or(|fee| !is_this(fee)),
                    "{}",
                    row.name()
                );
            }
            let Some(codes) = row.get("trigger").strip_prefix("advice:") else { continue };
            let network = Network::parse(row.get("network")).unwrap();
            for code in codes.split(' ') {
                let of = |network| rules().fee_of_answer(network, region, reach, (Some("51"), Some(code)), inside[1]);
                assert!(of(network).as_ref().is_some_and(is_this), "{} {code}", row.name());
                assert!(of(Network::Visa).is_none(), "{} {code}", row.name());
            }
        }
    }
}
