//! The time line of a run: failures come in and timers fall due in the order of virtual time, until every order is closed.

use std::time::{Duration, Instant};

use domain::{
    id::OrderId,
    model::{Kind, State},
    time::{DAY, HOUR, MINUTE, Timestamp},
};
use engine::{Line, Moment};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use indicatif::ProgressBar;

use super::{case::Case, house::House};
use crate::failure::Failure;

/// Events this close are begun side by side, in their order; each happens at its own instant.
const STEP: Duration = Duration::from_mins(10);
/// Virtual time between looks at whether the issuer is still there.
const STRETCH: Duration = HOUR;
/// Real time between two such looks.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Looks without any answer after which the run ends.
const SILENT_MAX: u32 = 3;
/// After the last window what is not settled stays open: reversals that no issuer takes would go on for ever.
const AFTER_LAST: Duration = Duration::from_hours(30 * 24);
/// Time for a look.
const LOOK_TIMEOUT: Duration = Duration::from_secs(5);

/// How a run goes.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Attempts on their way at once.
    pub at_once: usize,
    /// What chance follows from.
    pub seed: u64,
    /// Virtual time between lessons from the run's own attempts; none: nothing is learnt.
    pub learn_every: Option<Duration>,
}

/// How a run ended.
#[derive(Debug)]
pub struct Ran {
    /// The order of each case; none where the run ended before it came.
    pub orders: Vec<Option<OrderId>>,
    /// Why it ended early.
    pub broken_off: Option<String>,
    /// Lessons that brought a model, used or not.
    pub lessons: Vec<Lesson>,
}

/// A lesson from the run's own attempts.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Lesson {
    /// When, UTC, virtual.
    pub at: String,
    /// The version learnt.
    pub version: String,
    /// Whether it is in use now.
    pub in_use: bool,
    /// Why, or why not.
    pub reason: String,
}

/// Runs all cases; `cases` are in the order of their failure.
pub async fn run(house: &House, cases: &[Case], issuer: &Issuer, pace: Pace, bar: &ProgressBar) -> Result<Ran, Failure> {
    let mut ran = Ran { orders: vec![None; cases.len()], broken_off: None, lessons: vec![] };
    let Some(last) = cases.iter().map(|case| case.ends_at).max() else { return Ok(ran) };
    let mut course =
        Course { house, pace, watch: Watch::new(issuer), bar, stand: cases[0].failed_at, lesson_at: None, lessons: vec![] };
    let mut next = 0;
    while next < cases.len() {
        let begins = cases[next].failed_at;
        course.work(begins).await?;
        if course.watch.is_silent() {
            break;
        }
        let together = cases[next..].iter().take_while(|case| case.failed_at < begins + STEP).count();
        let opened = course.open(begins, &cases[next..next + together]).await?;
        ran.orders[next..next + together].iter_mut().zip(opened).for_each(|(slot, order)| *slot = Some(order));
        next += together;
    }
    course.work(last + MINUTE).await?;
    // What is settled late: look-ups, and approvals that are given back.
    while !course.watch.is_silent()
        && course.stand < last + AFTER_LAST
        && let Some(due) = house.engine.next_due().await?
    {
        course.work(due + DAY).await?;
    }
    let at = course.stand.iso6();
    ran.lessons = course.lessons;
    ran.broken_off = match (course.watch.is_silent(), house.engine.next_due().await?) {
        (true, _) => Some(format!("the issuer stopped answering at {at} of virtual time")),
        (false, Some(_)) => Some(format!("at {at} of virtual time something was not settled yet")),
        (false, None) => None,
    };
    Ok(ran)
}

/// A run under way.
struct Course<'a> {
    house: &'a House,
    pace: Pace,
    watch: Watch<'a>,
    bar: &'a ProgressBar,
    /// Everything before this is done.
    stand: Timestamp,
    lesson_at: Option<Timestamp>,
    lessons: Vec<Lesson>,
}

impl Course<'_> {
    /// Cases that fail close together go in side by side, each at its own instant.
    async fn open(&self, begins: Timestamp, cases: &[Case]) -> Result<Vec<OrderId>, Failure> {
        self.house.engine.clock().set(begins);
        let opened = cases.iter().map(|case| self.open_one(case));
        stream::iter(opened).buffered(self.pace.at_once.max(1)).try_collect().await
    }

    async fn open_one(&self, case: &Case) -> Result<OrderId, Failure> {
        let moment = Moment::new(case.failed_at, self.pace.seed, case.id.as_bytes());
        let opened = moment.during(super::open::open(self.house, case)).await;
        opened.map_err(|failure| Failure::failed(format!("line {}: {failure}", case.line)))
    }

    /// Works what is due before an instant, learning on the way, and looking now and then whether the issuer is still there.
    async fn work(&mut self, before: Timestamp) -> Result<(), Failure> {
        let line = Line { at_once: self.pace.at_once, step: STEP, seed: self.pace.seed };
        while !self.watch.is_silent() {
            let Some(due) = self.house.engine.next_due().await?.filter(|due| *due < before) else {
                self.stand = self.stand.max(before);
                return Ok(());
            };
            self.learn(due).await?;
            self.stand = (self.stand.max(due) + STRETCH).min(before);
            self.house.engine.work_line(line, self.stand).await?;
            self.bar.set_position(self.stand.secs().max(0) as u64);
            self.watch.look().await;
        }
        Ok(())
    }

    /// Learns from the run's own attempts when it is time to.
    async fn learn(&mut self, now: Timestamp) -> Result<(), Failure> {
        let Some(every) = self.pace.learn_every else { return Ok(()) };
        let at = *self.lesson_at.get_or_insert(now + every);
        if now < at {
            return Ok(());
        }
        self.lesson_at = Some(now + every);
        self.house.engine.clock().set(now);
        match self.house.engine.learn(Kind::Retry, false, |_| ()).await {
            Ok(learnt) => {
                let record = learnt.record;
                let reason = record.report["reason"].as_str().unwrap_or_default().to_owned();
                let in_use = record.state == State::Live;
                self.lessons.push(Lesson { at: now.iso6(), version: record.version, in_use, reason });
                Ok(())
            }
            // Too little was tried so far.
            Err(engine::Error::State { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// The issuer, as far as it can be asked whether it is there.
pub struct Issuer {
    client: reqwest::Client,
    health: String,
}

impl Issuer {
    /// At this base URL.
    pub fn at(base_url: &str) -> Result<Self, Failure> {
        let client = reqwest::Client::builder().timeout(LOOK_TIMEOUT).no_proxy().build();
        let client = client.map_err(|error| Failure::failed(error.to_string()))?;
        Ok(Self { client, health: format!("{}/health", base_url.trim_end_matches('/')) })
    }

    /// Whether anything answers there; what it says does not matter.
    pub async fn answers(&self) -> bool {
        self.client.get(&self.health).send().await.is_ok()
    }
}

struct Watch<'a> {
    issuer: &'a Issuer,
    looked: Instant,
    silent: u32,
}

impl<'a> Watch<'a> {
    fn new(issuer: &'a Issuer) -> Self {
        Self { issuer, looked: Instant::now(), silent: 0 }
    }

    const fn is_silent(&self) -> bool {
        self.silent >= SILENT_MAX
    }

    /// An issuer that does not answer is looked at again at once: every attempt in between would be in vain.
    async fn look(&mut self) {
        if self.looked.elapsed() < LOOK_EVERY {
            return;
        }
        self.silent = 0;
        while !self.is_silent() && !self.issuer.answers().await {
            self.silent += 1;
            tokio::time::sleep(LOOK_EVERY / 4).await;
        }
        self.looked = Instant::now();
    }
}
