//! Simulated events side by side: each at its own instant, with chance of its own. What happens at one moment then
//! depends neither on what else happens nor on which of them a thread came to first.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use aws_lc_rs::digest;
use domain::time::Timestamp;
use rand::{Rng as _, SeedableRng as _, rngs::ChaCha20Rng};

tokio::task_local! {
    static HERE: Moment;
}

/// One event of a simulation. Only a [`Clock::Manual`](crate::Clock::Manual) follows its instant.
#[derive(Clone)]
pub struct Moment {
    at: Timestamp,
    chance: Arc<Mutex<ChaCha20Rng>>,
}

impl Moment {
    /// An event at an instant; what it draws follows from the seed and from what it is about.
    pub fn new(at: Timestamp, seed: u64, about: &[u8]) -> Self {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(&seed.to_le_bytes());
        context.update(&at.micros().to_le_bytes());
        context.update(about);
        let mut key = [0; 32];
        key.copy_from_slice(context.finish().as_ref());
        Self { at, chance: Arc::new(Mutex::new(ChaCha20Rng::from_seed(key))) }
    }

    /// Runs work within this moment.
    pub async fn during<W: Future>(self, work: W) -> W::Output {
        HERE.scope(self, work).await
    }
}

/// Work that stays within the moment of whoever calls this, also in a task of its own.
pub(crate) fn inherited<W: Future>(work: W) -> impl Future<Output = W::Output> {
    let here = HERE.try_with(Clone::clone).ok();
    async move {
        match here {
            Some(moment) => moment.during(work).await,
            None => work.await,
        }
    }
}

/// The instant of the moment that runs.
pub(crate) fn at() -> Option<Timestamp> {
    HERE.try_with(|moment| moment.at).ok()
}

/// Fills from the chance of the moment that runs; false outside of one.
pub(crate) fn fill(bytes: &mut [u8]) -> bool {
    HERE.try_with(|moment| moment.chance.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Clock, Random};

    const HERE_AND_NOW: Timestamp = Timestamp::from_secs(1_790_000_000);

    fn draw(random: &Random) -> [u8; 8] {
        random.bytes()
    }

    #[tokio::test]
    async fn moments_have_their_own_instant_and_chance_also_in_other_tasks() {
        let (clock, random) = (Clock::manual(Timestamp::EPOCH), Random::seeded(1));
        let work = |clock: Clock, random: Random| async move {
            let spawned = tokio::spawn(inherited({
                let (clock, random) = (clock.clone(), random.clone());
                async move { (clock.now(), draw(&random)) }
            }));
            (clock.now(), spawned.await.unwrap())
        };
        let moment = |about: &[u8]| Moment::new(HERE_AND_NOW, 7, about);
        let one = moment(b"a").during(work(clock.clone(), random.clone())).await;
        draw(&random);
        let again = moment(b"a").during(work(clock.clone(), random.clone())).await;
        let other = moment(b"b").during(work(clock.clone(), random.clone())).await;
        assert_eq!((one.0, one.1.0), (HERE_AND_NOW, HERE_AND_NOW));
        assert_eq!(one, again, "what happened in between does not matter");
        assert_ne!(one.1.1, other.1.1);
        assert_eq!(clock.now(), Timestamp::EPOCH);
    }

    #[tokio::test]
    async fn the_systems_clock_does_not_care() {
        Moment::new(Timestamp::EPOCH, 1, b"").during(async { assert!(Clock::System.now() > HERE_AND_NOW) }).await;
    }
}
