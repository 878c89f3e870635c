//! Waits between tries of work that goes on until there is an answer.

use std::time::Duration;

/// The wait after so many tries, from a table in seconds; its last entry repeats.
pub fn after(tries: u32, table_secs: &[u64]) -> Duration {
    let last = table_secs.len().saturating_sub(1);
    Duration::from_secs(table_secs.get((tries as usize).min(last)).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_wait_repeats() {
        let secs: Vec<u64> = [0, 1, 2, 3, u32::MAX].map(|tries| after(tries, &[5, 30, 60]).as_secs()).to_vec();
        assert_eq!(secs, [5, 30, 60, 60, 60]);
    }
}
