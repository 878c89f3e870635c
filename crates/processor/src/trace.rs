//! The trace that work runs under (W3C Trace Context): it comes in with a request and goes out with every call that the
//! request causes, so that one id finds all of them.

use std::{
    fmt::Write as _,
    future::Future,
    hash::{BuildHasher as _, RandomState},
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// A trace id: sixteen bytes, not all zero.
pub type TraceId = [u8; 16];

/// The header of the W3C's recommendation.
pub const HEADER: &str = "traceparent";

tokio::task_local! {
    static CURRENT: TraceId;
}

/// Runs work under a trace.
pub async fn within<W: Future>(trace: TraceId, work: W) -> W::Output {
    CURRENT.scope(trace, work).await
}

/// Work that runs under the trace of whoever calls this, also in a task of its own.
pub fn inherited<W: Future>(work: W) -> impl Future<Output = W::Output> {
    let trace = current();
    async move {
        match trace {
            Some(trace) => within(trace, work).await,
            None => work.await,
        }
    }
}

/// The trace of the work that runs.
pub fn current() -> Option<TraceId> {
    CURRENT.try_with(|trace| *trace).ok()
}

/// The header's value for one call: the trace of the work that runs, or a new one, and a new span.
pub fn parent() -> String {
    parent_of(current().unwrap_or_else(|| (u128::from(fresh()) << 64 | u128::from(fresh())).to_be_bytes()))
}

/// The header's value for one call under a trace: it has a new span.
pub fn parent_of(trace: TraceId) -> String {
    let mut text = String::with_capacity(55);
    // Writing to a text cannot fail.
    let _ = write!(text, "00-{:032x}-{:016x}-01", u128::from_be_bytes(trace), fresh());
    text
}

/// The 32 hexadecimal digits of a trace id.
pub fn digits(trace: TraceId) -> String {
    format!("{:032x}", u128::from_be_bytes(trace))
}

/// A trace id from its digits.
pub fn read(digits: &str) -> Option<TraceId> {
    u128::from_str_radix(digits, 16).ok().filter(|trace| *trace != 0).map(u128::to_be_bytes)
}

/// A number that does not repeat in this process, nor by any likelihood in another; never zero.
fn fresh() -> u64 {
    static SEED: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    static COUNT: AtomicU64 = AtomicU64::new(0);
    SEED.hash_one(COUNT.fetch_add(1, Ordering::Relaxed)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn tasks_inherit_the_trace_and_every_call_has_a_span_of_its_own() {
        let trace: TraceId = *b"0123456789abcdef";
        let (one, two) = within(trace, async {
            let task = tokio::spawn(inherited(async { parent() }));
            (parent(), task.await.unwrap())
        })
        .await;
        let hex = "30313233343536373839616263646566";
        for value in [&one, &two] {
            assert_eq!((value.len(), &value[..36], &value[52..]), (55, format!("00-{hex}-").as_str(), "-01"), "{value}");
        }
        assert_ne!(one, two);
        assert!(current().is_none());
        assert_ne!(parent()[3..35], parent()[3..35], "work of nobody has a trace of its own each time");
    }
}
