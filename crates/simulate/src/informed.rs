//! What one could recover who knows every habit of the cardholder and the issuer, but not what happens: the pay
//! calendar, the hour at which pay is posted, how fast it is spent, the issuer's half-lives, moods and thresholds. Not
//! whether this month's pay came, which bills fell due, when a hold ends.
//!
//! No merchant knows that much, however long its history; so what lies between this and the oracle is facts that only
//! the bank has. It is an estimate by lives drawn anew (those kept in which the rebill fails with the same code), not a
//! proof.

use domain::{
    rules::Rules,
    time::{HOUR, Timestamp},
};
use processor::simulator::issuer::{Account, Seen};

use crate::{
    draw::Draw,
    oracle,
    play::{Course, Played},
    rebill::Rebill,
};

/// Lives that are kept, and drawn at most.
const LIVES: usize = 64;
const DRAWN_MAX: usize = 3_000;
/// Hours between the moments that are weighed.
const STEP_HOURS: u32 = 3;
/// Moments weighed at most: a period of half a year.
const MOMENTS_MAX: u32 = 1_500;
/// What draws are for.
const FATES: u64 = 4;
/// Chance of a recovery below which no further attempt is made.
const WORTH_WHILE: f64 = 0.02;

/// One life in which the rebill failed as it did: whether the issuer would approve at each moment.
struct Life(Vec<bool>);

/// Works a failed rebill by what can be known, with so many attempts at most.
pub fn play(rebill: &Rebill, rules: &Rules, attempts_max: u32) -> Played {
    let mut course = Course::new(rebill, attempts_max);
    let Some(lawful) = oracle::lawful_from(&course, rules) else { return course.played };
    let moments: Vec<Timestamp> =
        (0..MOMENTS_MAX).map(|n| lawful + HOUR * (n * STEP_HOURS)).take_while(|at| *at < rebill.window_ends_at).collect();
    let mut lives = lives(rebill, &course.seen, &moments);
    while (course.played.attempts.len() as u32) < attempts_max {
        let Some(lawful) = oracle::lawful_from(&course, rules) else { break };
        let first = moments.partition_point(|at| *at < lawful);
        let left = attempts_max - course.played.attempts.len() as u32;
        let Some(next) = earliest_of_best(&lives, first, left) else { break };
        if course.attempt(moments[next], 0.0) {
            break;
        }
        lives.retain(|life| !life.0[next]);
    }
    course.played
}

fn lives(rebill: &Rebill, seen: &[Seen], moments: &[Timestamp]) -> Vec<Life> {
    let mut draw = Draw::new(rebill.seed, FATES, rebill.number);
    let before = &seen[..seen.len() - 1];
    let fails_alike = |account: &Account| {
        let said = account.answer(rebill.amount, rebill.failed_at, before);
        !said.approved && said.response_code == rebill.decline.response_code
    };
    (0..DRAWN_MAX)
        .map(|_| rebill.account.in_another_life(draw.word()))
        .filter(fails_alike)
        .take(LIVES)
        .map(|account| Life(moments.iter().map(|at| account.answer(rebill.amount, *at, seen).approved).collect()))
        .collect()
}

/// The earliest of the moments that together succeed in the most lives; `None` when none succeeds in enough.
fn earliest_of_best(lives: &[Life], first: usize, count: u32) -> Option<usize> {
    let moments = lives.first().map_or(0, |life| life.0.len());
    let mut open: Vec<&Life> = lives.iter().collect();
    let enough = WORTH_WHILE * lives.len() as f64;
    let mut earliest: Option<usize> = None;
    for _ in 0..count {
        let paid = |at: usize| open.iter().filter(|life| life.0[at]).count();
        // The earliest of equals.
        let best = (first..moments).map(|at| (paid(at), at)).max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
        let Some((_, at)) = best.filter(|(paid, _)| *paid > 0 && *paid as f64 >= enough) else { break };
        open.retain(|life| !life.0[at]);
        earliest = Some(earliest.map_or(at, |known| known.min(at)));
    }
    earliest
}
