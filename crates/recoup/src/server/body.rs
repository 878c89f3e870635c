//! A request body that must arrive within a time.

use std::{
    future::Future as _,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::body::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use super::seats::Work;

/// Why a body ended early.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// It took too long.
    #[error("the body took too long to arrive")]
    TooSlow,
    /// The connection failed.
    #[error(transparent)]
    Connection(#[from] hyper::Error),
}

/// A body that must have arrived at an instant. The alarm is set only when the body has to be waited for. With its end
/// the work on the request begins.
pub struct Timed<B = Incoming> {
    body: B,
    end: Instant,
    alarm: Option<Pin<Box<Sleep>>>,
    work: Arc<Work>,
}

impl<B: Body> Timed<B> {
    /// The body, with this much time from now on.
    pub fn new(body: B, time: Duration, work: Arc<Work>) -> Self {
        if body.is_end_stream() {
            work.begin();
        }
        Self { body, end: Instant::now() + time, alarm: None, work }
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Timed<B>
where
    Broken: From<B::Error>,
{
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            if frame.is_none() || self.body.is_end_stream() {
                self.work.begin();
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Broken::from)));
        }
        let end = self.end;
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(end)));
        alarm.as_mut().poll(cx).map(|()| Some(Err(Broken::TooSlow)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
