//! The asynchronous runtime of a command.

use std::future::Future;

use tokio::runtime::Builder;

use crate::failure::Failure;

/// Runs the server: as many threads as configured, else one for each core. What still runs at the end is left.
pub fn serve<T>(worker_threads: Option<u32>, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let mut builder = Builder::new_multi_thread();
    if let Some(threads) = worker_threads {
        builder.worker_threads(threads as usize);
    }
    let runtime = builder.enable_all().build()?;
    let result = runtime.block_on(work);
    runtime.shutdown_background();
    result
}

/// Runs a command that ends by itself.
pub fn once<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    Builder::new_current_thread().enable_all().build()?.block_on(work)
}
