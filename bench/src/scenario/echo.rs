//! The floor of HTTP: the echo server on the server's core, with several bodies.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::Stdio,
    rc::Rc,
};

use anyhow::Context;

use super::{bench::Bench, body};
use crate::{
    load::{template::Template, work::Requests},
    process::{child::Owned, usage},
    report::figures::Echo,
};

impl Bench {
    /// Measures the echo with the smallest body (the floor) and with those of the operations (to be read beside it).
    pub async fn measure_echo(&mut self) -> anyhow::Result<Vec<Echo>> {
        let mut command = self.setup.cores.server(&std::env::current_exe()?);
        let mut child = Owned::start(command.args(["echo", "--port", "0"]).stdout(Stdio::piped()))?;
        let mut line = String::new();
        BufReader::new(child.output().context("the echo has no output")?).read_line(&mut line)?;
        let address: SocketAddr = line.trim().parse().context("the echo did not say where it listens")?;
        let mut echoes = Vec::new();
        for body in [body::SMALL, body::TRANSMIT, body::EVALUATE_MIT] {
            echoes.push(self.echo_with(address, child.pid(), self.template(body)).await?);
        }
        drop(child);
        self.echo = echoes.first().map(|echo| echo.per_second);
        Ok(echoes)
    }

    async fn echo_with(&self, address: SocketAddr, pid: u32, body: Template) -> anyhow::Result<Echo> {
        let work = Requests::post("/echo", None, body, "\"success\":true");
        let body_bytes = work.body_bytes();
        self.say(&format!("floor: JSON echo, body of {body_bytes} bytes"));
        let cpu = || usage::of(pid).unwrap_or_default().cpu;
        let (before, sent) = (cpu(), self.sent());
        let measured = self.saturate(address, Rc::new(work), usize::from(self.options.connections)).await?;
        anyhow::ensure!(measured.outcome.record.errors() == 0, "the echo failed: {:?}", measured.outcome.record.first_error());
        self.say(&format!("floor: JSON echo, {:.0} per second", measured.outcome.per_second()));
        let server_us = cpu().saturating_sub(before).as_secs_f64() * 1e6 / (self.sent() - sent).max(1) as f64;
        Ok(Echo { body_bytes, per_second: measured.outcome.per_second(), server_us, generator_busy: measured.generator_busy })
    }
}
