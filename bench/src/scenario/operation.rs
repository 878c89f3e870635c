//! One operation: its peak, its latency at half of the peak, and its floor.

use std::{rc::Rc, time::Duration};

use super::{bench::Bench, body};
use crate::{
    cli::Part,
    floor::{
        combined,
        plan::{self, Plan, Shape},
    },
    load::{
        record::Record,
        template::Template,
        work::{Requests, Work},
    },
    process::server::Server,
    report::figures::{Floor, Half, Operation, Peak},
};

/// Orders that are read by turns.
const ORDERS: u64 = 512;
/// A share of errors above which an operation is not measured any further.
pub const ERROR_SHARE_MAX: f64 = 0.001;

/// An operation to be measured.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// The part that asks for it.
    pub part: Part,
    /// Short name.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// How its rows are committed; none: it writes none worth a floor.
    pub shape: Option<Shape>,
}

/// The operations, in the order they are measured.
pub const KINDS: [Kind; 6] = [
    Kind { part: Part::Token, name: "token", title: "POST /v1/oauth2/token", shape: None },
    Kind { part: Part::Tokenize, name: "tokenize", title: "POST /v1/tokenize, a new card", shape: Some(Shape::One) },
    Kind { part: Part::Transmit, name: "transmit", title: "POST /v1/transmit, one payment", shape: Some(Shape::One) },
    Kind { part: Part::EvaluateMit, name: "evaluate-mit", title: "POST /v1/evaluate, managed MIT", shape: Some(Shape::One) },
    Kind {
        part: Part::EvaluateCit,
        name: "evaluate-cit",
        title: "POST /v1/evaluate, CIT, simulator",
        shape: Some(Shape::ReserveThenSettle),
    },
    Kind { part: Part::Read, name: "read", title: "GET /v1/orders/{id}", shape: None },
];

impl Bench {
    /// The requests of a kind.
    pub async fn requests(&mut self, kind: Part, server: &Server) -> anyhow::Result<Rc<Requests>> {
        self.log_in(server.address).await?;
        if matches!(kind, Part::EvaluateMit | Part::EvaluateCit | Part::Read | Part::Timers | Part::Soak) {
            self.vault_cards(server.address).await?;
        }
        let post = |path, body, marker| Requests::post(path, Some(&self.bearer), self.template(body), marker);
        Ok(Rc::new(match kind {
            Part::Token => self.token()?,
            Part::Tokenize => post("/v1/tokenize", body::TOKENIZE, "Succeeded!"),
            Part::Transmit => post("/v1/transmit", body::TRANSMIT, "transmitId"),
            Part::EvaluateCit => post("/v1/evaluate", body::EVALUATE_CIT, "APPROVED"),
            Part::Read => self.reads(server).await?,
            Part::EvaluateMit | Part::Start | Part::Timers | Part::Soak => post("/v1/evaluate", body::EVALUATE_MIT, "SUBMITTED"),
        }))
    }

    /// Measures one kind.
    pub async fn measure(&mut self, kind: Kind, server: &Server) -> anyhow::Result<Operation> {
        let work = self.requests(kind.part, server).await?;
        let body_bytes = work.body_bytes();
        let memory_before_bytes = server.usage().resident_bytes;
        let rows = self.rows()?;
        let sent = self.sent();
        let peak = self.peak(kind.name, server, Rc::<Requests>::clone(&work)).await?;
        self.tell_errors(kind.name, peak.errors, peak.first_error.as_deref());
        let operations = self.sent() - sent;
        let floor = match kind.shape.filter(|_| peak.error_share <= ERROR_SHARE_MAX) {
            None => None,
            Some(shape) => self.floor(kind.name, &plan::observed(&rows, &self.rows()?, operations, shape))?,
        };
        let half = self.half(kind.name, server, work, &peak).await?;
        let memory_after_bytes = server.usage().resident_bytes;
        Ok(Operation {
            name: kind.name,
            title: kind.title,
            body_bytes,
            peak,
            half,
            floor,
            memory_before_bytes,
            memory_after_bytes,
        })
    }

    /// The peak of any work.
    pub async fn peak(&self, name: &str, server: &Server, work: Rc<dyn Work>) -> anyhow::Result<Peak> {
        let connections = usize::from(self.options.connections);
        self.say(&format!("{name}: peak, {connections} connections, {} s", self.options.seconds));
        let (before, sent) = (server.usage(), self.sent());
        let start = std::time::Instant::now();
        let measured = self.saturate(server.address, work, connections).await?;
        let (after, seconds) = (server.usage(), start.elapsed().as_secs_f64());
        let requests = (self.sent() - sent).max(1) as f64;
        let cpu = after.cpu.saturating_sub(before.cpu).as_secs_f64();
        let record = &measured.outcome.record;
        self.say(&format!("{name}: {:.0} per second", measured.outcome.per_second()));
        Ok(Peak {
            per_second: measured.outcome.per_second(),
            latency: record.latency(),
            errors: record.errors(),
            error_share: record.error_share(),
            first_error: record.first_error().map(str::to_owned),
            server_busy: cpu / seconds,
            generator_busy: measured.generator_busy,
            server_us: cpu * 1e6 / requests,
            written_bytes: after.written_bytes.saturating_sub(before.written_bytes) as f64 / requests,
            by_second: measured.outcome.by_second,
        })
    }

    /// None when the operation left no rows, or nothing is known of the echo.
    fn floor(&self, name: &str, plan: &Plan) -> anyhow::Result<Option<Floor>> {
        let Some(echo) = self.echo.filter(|_| !plan.is_empty()) else { return Ok(None) };
        self.say(&format!("{name}: floor, SQLite alone ({})", plan.told()));
        let store = self.store_floor(plan, usize::from(self.options.connections))?;
        Ok(Some(Floor { echo, rows: plan.told(), per_second: combined(echo, store.per_second), store }))
    }

    async fn half(&self, name: &str, server: &Server, work: Rc<Requests>, peak: &Peak) -> anyhow::Result<Option<Half>> {
        let per_second = peak.per_second / 2.0;
        if per_second <= 0.0 || peak.error_share > ERROR_SHARE_MAX {
            return Ok(None);
        }
        self.say(&format!("{name}: {per_second:.0} arrivals per second, {} s", self.options.seconds));
        let record = self.pace(server.address, work, per_second, self.window()).await?;
        self.tell_errors(name, record.errors(), record.first_error());
        Ok(Some(half_of(per_second, &record)))
    }

    async fn reads(&self, server: &Server) -> anyhow::Result<Requests> {
        let evaluate = Requests::post("/v1/evaluate", Some(&self.bearer), self.template(body::EVALUATE_MIT), "SUBMITTED");
        let orders = self.collect(server.address, evaluate, "/orderSessionKey", ORDERS, 16).await?;
        tokio::time::sleep(Duration::from_millis(200)).await;
        Ok(Requests::get(Template::new("/v1/orders/«POOL»", &Rc::new(orders)), Some(&self.bearer), "\"externalOrderId\""))
    }

    fn tell_errors(&self, name: &str, errors: u64, first: Option<&str>) {
        if errors > 0 {
            self.say(&format!("{name}: {errors} bad answers; the first: {}", first.unwrap_or("nothing")));
        }
    }
}

fn half_of(per_second: f64, record: &Record) -> Half {
    Half {
        per_second,
        latency: record.latency(),
        errors: record.errors(),
        error_share: record.error_share(),
        first_error: record.first_error().map(str::to_owned),
    }
}
