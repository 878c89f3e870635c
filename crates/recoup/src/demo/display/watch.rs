//! Looks at the business a few times a second and shows it.

use std::{io::IsTerminal as _, sync::Arc, time::Duration};

use domain::id::Mid;
use engine::Engine;
use tokio::{sync::oneshot, task::JoinHandle};

use super::{
    frame::{Frame, NEXT_SHOWN},
    screen::Screen,
};
use crate::{
    demo::{
        progress::{Phase, Progress},
        receiver::Receiver,
    },
    output::{self, Paint},
};

/// Time between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Virtual days between two lines.
const LINE_EVERY_DAYS: u32 = 7;

/// How the business is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// In place, on a terminal.
    Live,
    /// Line by line.
    Lines,
    /// Not at all: the output is for programs.
    Silent,
}

impl Kind {
    /// What suits standard output.
    pub fn of_stdout(is_json: bool) -> Self {
        match (is_json, std::io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")) {
            (true, _) => Self::Silent,
            (false, true) => Self::Live,
            (false, false) => Self::Lines,
        }
    }
}

/// A running display.
pub struct Watch {
    task: JoinHandle<()>,
    end: oneshot::Sender<()>,
}

/// What is looked at.
pub struct Watched {
    /// The shop.
    mid: Mid,
    engine: Arc<Engine>,
    receiver: Arc<Receiver>,
    progress: Arc<Progress>,
}

impl Watch {
    /// Starts to look.
    pub fn start(kind: Kind, mid: Mid, engine: Arc<Engine>, receiver: Arc<Receiver>, progress: Arc<Progress>) -> Self {
        let (end, ended) = oneshot::channel();
        let watched = Watched { mid, engine, receiver, progress };
        let task = tokio::spawn(async move {
            match kind {
                Kind::Live => live(&watched, ended).await,
                Kind::Lines => lines(&watched, ended).await,
                Kind::Silent => {}
            }
        });
        Self { task, end }
    }

    /// Shows how it ended and hands the terminal back.
    pub async fn finish(self) {
        // A display that has ended by itself needs no telling.
        let _ = self.end.send(());
        let _ = self.task.await;
    }
}

async fn live(watched: &Watched, mut ended: oneshot::Receiver<()>) {
    let (mut screen, paint) = (Screen::default(), Paint::for_stdout());
    let mut goes_on = true;
    while goes_on {
        goes_on = tokio::time::timeout(LOOK_EVERY, &mut ended).await.is_err();
        // The last picture stays.
        if let Some(frame) = watched.look().await {
            screen.draw(&frame.lines(paint));
        }
    }
}

async fn lines(watched: &Watched, mut ended: oneshot::Receiver<()>) {
    let mut told = None;
    while tokio::time::timeout(LOOK_EVERY, &mut ended).await.is_err() {
        let standing = watched.progress.read();
        let week = Some(standing.day / LINE_EVERY_DAYS);
        if standing.phase == Phase::Vaulting || told == week {
            continue;
        }
        told = week;
        if let Some(frame) = watched.look().await
            && output::print(&frame.line()).is_err()
        {
            return;
        }
    }
}

impl Watched {
    /// `None` when the counts cannot be read; the next look may.
    async fn look(&self) -> Option<Frame> {
        let standing = self.progress.read();
        let stats = self.engine.store().stats(Some(self.mid)).await.ok()?;
        let next = self.receiver.next(standing.now, NEXT_SHOWN);
        let (deliveries, ended) = (self.receiver.deliveries(), self.receiver.ended());
        Some(Frame { standing, stats, next, deliveries, ended })
    }
}
