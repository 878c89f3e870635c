//! How fast virtual time may pass.

use std::time::Duration;

use tokio::time::Instant;

use super::STEPS_PER_DAY;

/// The pace of one run.
pub struct Pace {
    begun: Instant,
    step: Duration,
}

impl Pace {
    /// So many virtual days in a second, at most; 0: no limit.
    pub fn new(days_per_second: f64) -> Self {
        let seconds = if days_per_second > 0.0 { 1.0 / (days_per_second * f64::from(STEPS_PER_DAY)) } else { 0.0 };
        // Slower than a year for a step is as good as never.
        Self { begun: Instant::now(), step: Duration::try_from_secs_f64(seconds.min(3e7)).unwrap_or_default() }
    }

    /// Waits until a step may end; one that took longer is caught up with.
    pub async fn wait(&self, step: u32) {
        if !self.step.is_zero() {
            tokio::time::sleep_until(self.begun + self.step * (step + 1)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_takes_as_long_as_was_asked_for() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let begun = Instant::now();
            let pace = Pace::new(2.0);
            for step in 0..STEPS_PER_DAY * 3 {
                pace.wait(step).await;
            }
            assert!(begun.elapsed() >= Duration::from_millis(1_500) && begun.elapsed() < Duration::from_millis(1_600));
            let begun = Instant::now();
            Pace::new(0.0).wait(9).await;
            assert!(begun.elapsed().is_zero());
        });
    }
}
