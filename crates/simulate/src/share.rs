//! Work shared among threads; the results come in the order of the items, so threads change nothing.

use std::{num::NonZero, thread};

/// Applies a function to all items on as many threads as the machine has.
pub fn in_parallel<T: Sync, R: Send>(items: &[T], of: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = items.len().div_ceil(threads).max(1);
    let of = &of;
    thread::scope(|scope| {
        let running: Vec<_> =
            items.chunks(share).map(|chunk| scope.spawn(move || chunk.iter().map(of).collect::<Vec<R>>())).collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}
