//! A connection on which nothing moves for too long is given up, whatever the protocol waits for.

use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

/// A stream whose reads and writes fail when neither moves a byte for a time.
pub struct Idle<S> {
    stream: S,
    patience: Duration,
    moved_at: Instant,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl<S> Idle<S> {
    /// Watches a stream.
    pub fn new(stream: S, patience: Duration) -> Self {
        Self { stream, patience, moved_at: Instant::now(), alarm: None }
    }

    /// What a pending read or write answers: still pending, or given up. The alarm is set anew only when it rings
    /// early, so that traffic costs a clock reading and no timer.
    fn wait<T>(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        let end = self.moved_at + self.patience;
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(end)));
        while alarm.as_mut().poll(cx).is_ready() {
            if Instant::now() >= end {
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "nothing moved for too long")));
            }
            alarm.as_mut().reset(end);
        }
        Poll::Pending
    }

    fn moved<T>(&mut self, result: io::Result<T>) -> Poll<io::Result<T>> {
        self.moved_at = Instant::now();
        Poll::Ready(result)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Idle<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_read(cx, buffer) {
            Poll::Ready(result) => self.moved(result),
            Poll::Pending => self.wait(cx),
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Idle<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(cx, bytes) {
            Poll::Ready(result) => self.moved(result),
            Poll::Pending => self.wait(cx),
        }
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write_vectored(cx, bytes) {
            Poll::Ready(result) => self.moved(result),
            Poll::Pending => self.wait(cx),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(60);

    fn paused(test: impl Future<Output = ()>) {
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap().block_on(test);
    }

    #[test]
    fn a_silent_client_is_given_up() {
        paused(async {
            let (near, _far) = duplex(64);
            let begun = Instant::now();
            let error = Idle::new(near, PATIENCE).read_u8().await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
            assert!(begun.elapsed() >= PATIENCE);
        });
    }

    #[test]
    fn a_slow_client_that_moves_is_served() {
        paused(async {
            let (near, mut far) = duplex(64);
            let mut near = Idle::new(near, PATIENCE);
            let client = async {
                for byte in 0..5 {
                    tokio::time::sleep(PATIENCE.mul_f64(0.9)).await;
                    far.write_u8(byte).await.unwrap();
                }
                far
            };
            let server = async {
                for byte in 0..5 {
                    assert_eq!(near.read_u8().await.unwrap(), byte);
                }
            };
            tokio::join!(client, server);
        });
    }

    #[test]
    fn a_client_that_reads_nothing_is_given_up() {
        paused(async {
            let (near, _far) = duplex(8);
            let error = Idle::new(near, PATIENCE).write_all(&[0; 64]).await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        });
    }
}
