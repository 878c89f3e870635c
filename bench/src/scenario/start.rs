//! Start to first answer, and idle memory.

use std::time::Duration;

use super::bench::Bench;
use crate::{process::server::Server, report::figures::Start};

/// Later starts that are timed.
const AGAIN: usize = 5;
/// How long a server is left alone before its idle memory is read.
const IDLE: Duration = Duration::from_secs(3);

impl Bench {
    /// The first start, already made, and some later ones; gives back a running server.
    pub async fn measure_start(&mut self, fresh: Server) -> anyhow::Result<(Start, Server)> {
        let fresh_ms = ms(fresh.first_answer);
        self.say(&format!("start: first answer after {fresh_ms:.0} ms in an empty folder"));
        fresh.end()?;
        let mut again_ms = Vec::new();
        for _ in 1..AGAIN {
            let server = self.setup.start()?;
            again_ms.push(ms(server.first_answer));
            server.end()?;
        }
        let server = self.setup.start()?;
        again_ms.push(ms(server.first_answer));
        tokio::time::sleep(IDLE).await;
        let idle = server.usage();
        self.log_in(server.address).await?;
        let (idle_bytes, idle_anonymous_bytes) = (idle.resident_bytes, idle.anonymous_bytes);
        Ok((Start { fresh_ms, again_ms, idle_bytes, idle_anonymous_bytes }, server))
    }
}

/// Milliseconds.
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
