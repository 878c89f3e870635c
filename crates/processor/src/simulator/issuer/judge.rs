//! How a simulated issuer answers: the first obstacle that stands speaks.

use domain::card::Network;

use super::{
    life::{Life, OldExpiry},
    obstacle,
    presented::Presented,
    world::{life, policy},
};
use crate::simulator::{
    draw::{Draw, For},
    history::History,
    judgement::Judgement,
    magic::{scenario::retry_advice_wait, updater},
};

/// Answers one attempt; `card` is the card's history at any merchant.
pub(crate) fn judge(presented: &Presented, card: &History) -> Judgement {
    let decline = technical(presented)
        .or_else(|| worn_out(presented))
        .or_else(|| barred(presented))
        .or_else(|| wrong_cvv(presented))
        .or_else(|| distrusted(presented, card))
        .or_else(|| obstacle::limit(presented, card).map(|code| Judgement::declined(code, None)))
        .or_else(|| short_of_funds(presented))
        .or_else(|| moody(presented, card));
    decline.unwrap_or_else(|| approved(presented))
}

fn approved(presented: &Presented) -> Judgement {
    let on_the_fly = presented.credential_version <= 1
        && Life::of(presented.seed, presented.card, presented.at) == Life::NewExpiry(OldExpiry::Updated);
    Judgement {
        cvv: presented.has_cvv.then(|| "M".to_owned()),
        updated_expiry: on_the_fly.then(|| updater::new_expiry(presented.at)),
        ..Judgement::approved()
    }
}

fn technical(presented: &Presented) -> Option<Judgement> {
    if obstacle::is_issuer_down(presented) {
        return Some(Judgement::declined("91", None));
    }
    let mut draw = Draw::new(presented.fate, For::Decline, presented.account.word(), presented.at.secs().unsigned_abs());
    draw.chance(presented.world.outage.noise)
        .then(|| Judgement::declined(draw.pick(&[(0.6, "96"), (0.3, "91"), (0.1, "06")], "96"), None))
}

/// Closed, lost, replaced, expired.
fn worn_out(presented: &Presented) -> Option<Judgement> {
    let mastercard = presented.network == Network::Mastercard;
    let mut draw = attempt_draw(presented, For::Decline);
    let life = Life::of(presented.seed, presented.card, presented.at);
    let renewed = presented.credential_version > 1 && life.known(presented.seed, presented.card).brings_data();
    match life {
        _ if renewed && !presented.is_expired => None,
        Life::Dead(code) => {
            let stop = mastercard && !draw.chance(presented.world.advice.missing);
            Some(Judgement::declined(code, stop.then(|| "03".to_owned())))
        }
        Life::NewNumber => Some(lifecycle("14", mastercard && draw.chance(life::TOLD_AS_79))),
        Life::NewExpiry(OldExpiry::Refused) => Some(lifecycle("54", mastercard && draw.chance(life::TOLD_AS_79))),
        Life::NewExpiry(OldExpiry::Taken) if !presented.is_mit => Some(lifecycle("54", mastercard)),
        Life::NewExpiry(_) => None,
        Life::Good => presented.is_expired.then(|| lifecycle("54", mastercard && draw.chance(life::TOLD_AS_79))),
    }
}

fn lifecycle(code: &str, grouped: bool) -> Judgement {
    if grouped { Judgement::declined("79", Some("01".to_owned())) } else { Judgement::declined(code, None) }
}

/// What this issuer never does with this account.
fn barred(presented: &Presented) -> Option<Judgement> {
    let mastercard = presented.network == Network::Mastercard;
    let mut draw = Draw::new(presented.seed, For::Policy, presented.account.word(), 0);
    if draw.chance(policy::REVOKED) && presented.is_mit {
        let (code, advice) =
            if mastercard { ("05", Some("21".to_owned())) } else { (draw.pick(&[(0.4, "R0"), (0.6, "R1")], "R1"), None) };
        return Some(Judgement::declined(code, advice));
    }
    draw.chance(policy::BARRED).then(|| {
        let code = draw.pick(&[(0.4, "57"), (0.3, "62"), (0.15, "5C"), (0.15, "9G")], "57");
        match (mastercard, code) {
            (true, "57") => Judgement::declined("57", (!draw.chance(presented.world.advice.missing)).then(|| "03".to_owned())),
            (true, _) => Judgement::declined("62", None),
            (false, code) => Judgement::declined(code, None),
        }
    })
}

/// Whether this issuer never takes such a charge of this account.
pub(super) fn is_barred(presented: &Presented) -> bool {
    barred(presented).is_some()
}

fn wrong_cvv(presented: &Presented) -> Option<Judgement> {
    presented.has_wrong_cvv.then(|| Judgement { cvv: Some("N".to_owned()), ..Judgement::declined("N7", None) })
}

/// Velocity blocks and holds.
fn distrusted(presented: &Presented, card: &History) -> Option<Judgement> {
    let mastercard = presented.network == Network::Mastercard;
    let mut draw = attempt_draw(presented, For::Hold);
    if obstacle::is_blocked(presented, card) {
        return Some(Judgement::declined(draw.pick(&[(0.6, "05"), (0.25, "59"), (0.15, "65")], "05"), None));
    }
    let hold = obstacle::hold(presented)?;
    if hold.asks_authentication {
        let code = if mastercard { "65" } else { "1A" };
        return Some(Judgement { step_up: true, ..Judgement::declined(code, None) });
    }
    let later = (mastercard && draw.chance(presented.world.advice.hold_says_02)).then(|| "02".to_owned());
    let fraud = if mastercard { "83" } else { draw.pick(&[(0.6, "59"), (0.25, "62"), (0.15, "63")], "59") };
    Some(Judgement::declined(if hold.told_as_fraud { fraud } else { "05" }, later))
}

fn short_of_funds(presented: &Presented) -> Option<Judgement> {
    if presented.funds().available_cents(presented) >= presented.cents {
        return None;
    }
    let mut draw = attempt_draw(presented, For::CardFunds);
    if draw.chance(presented.issuer.says_05) {
        return Some(Judgement::declined("05", None));
    }
    let advises = presented.network == Network::Mastercard && draw.chance(presented.world.advice.given);
    Some(Judgement::declined("51", advises.then(|| retry_advice(presented, &mut draw))))
}

/// The shortest of advice 24–30 that reaches the next money; sometimes any of them.
fn retry_advice(presented: &Presented, draw: &mut Draw) -> String {
    if draw.chance(presented.world.advice.wrong) {
        return (24 + (draw.unit() * 7.0) as u32).min(30).to_string();
    }
    let money_in = presented.funds_ahead().wait(presented);
    let reaches = |mac: &u32| {
        let wait = retry_advice_wait([b'0' + (mac / 10) as u8, b'0' + (mac % 10) as u8]);
        money_in.is_some_and(|needed| wait.is_some_and(|wait| wait >= needed))
    };
    (24..30).find(reaches).unwrap_or(30).to_string()
}

fn moody(presented: &Presented, card: &History) -> Option<Judgement> {
    let watched = if obstacle::is_under_watch(presented, card) { presented.world.issuer.stricter_after_decline } else { 1.0 };
    let chance = presented.issuer.mood(presented.world, &presented.local) * watched + obstacle::fatigue(presented, card);
    attempt_draw(presented, For::Mood).chance(chance).then(|| Judgement::declined("05", None))
}

fn attempt_draw(presented: &Presented, what: For) -> Draw {
    Draw::new(presented.fate, what, presented.account.word(), presented.hour_number().wrapping_add(1))
}
