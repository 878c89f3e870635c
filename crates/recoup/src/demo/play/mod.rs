//! Plays the business over the HTTP interface, in virtual time.

mod body;
mod books;
mod charge;
mod clock;
mod pace;
mod vaulting;

use client::Client;
use domain::time::{DAY, Timestamp};
use futures_util::{StreamExt as _, stream};

pub use self::books::{Books, Case};
use self::{clock::ShopClock, pace::Pace};
use super::{
    ladder::WINDOW_DAYS,
    progress::{Phase, Progress},
    receiver::Receiver,
    shop::{BUSINESS_DAYS, Business, STEPS_PER_DAY, World},
    tenants::Shop,
    trouble::Trouble,
};

/// Requests under way at once.
const CONCURRENCY: usize = 16;
/// Virtual days of the whole: the business, and the rescues that its last day has begun.
pub const DAYS: u32 = BUSINESS_DAYS + WINDOW_DAYS + 1;

/// Everything the business is played with.
pub struct Player<'a> {
    /// The shop's server.
    pub client: &'a Client,
    /// The shop.
    pub shop: &'a Shop,
    /// What was delivered to it.
    pub receiver: &'a Receiver,
    /// Where the display looks.
    pub progress: &'a Progress,
    /// Virtual days in a second, at most; 0: no limit.
    pub speed: f64,
    /// In sync mode the shop asks again every day.
    pub asks_again: bool,
}

/// A business that is being played.
struct Play<'a> {
    player: &'a Player<'a>,
    world: World,
    business: Business,
    /// Tokens of the customers' cards, in their order.
    tokens: Vec<String>,
    books: Books,
}

impl Player<'_> {
    /// The first moment of a business: the midnight after the shop's present.
    pub async fn start(&self) -> Result<Timestamp, Trouble> {
        let now = ShopClock::new(self.client, self.shop.mid).freeze().await?;
        let midnight = Timestamp::from_civil(now.civil_at(0).date().at(0, 0, 0, 0), 0);
        Ok(midnight + DAY)
    }

    /// Plays the business to its end and answers the shop's books.
    pub async fn play(&self, world: World) -> Result<Books, Trouble> {
        let business = Business::of(&world);
        self.progress.update(|standing| standing.now = world.start);
        let (tokens, books) = (self.vault_all(&business.customers).await?, Books::default());
        let mut play = Play { player: self, world, business, tokens, books };
        play.days().await?;
        self.progress.update(|standing| standing.phase = Phase::Counting);
        ShopClock::new(self.client, self.shop.mid).release().await?;
        Ok(play.books)
    }
}

impl Play<'_> {
    async fn days(&mut self) -> Result<(), Trouble> {
        let clock = ShopClock::new(self.player.client, self.player.shop.mid);
        let pace = Pace::new(self.player.speed);
        for step in 0..DAYS * STEPS_PER_DAY {
            let day = step / STEPS_PER_DAY;
            clock.set(self.world.at(step)).await?;
            self.player.progress.update(|standing| {
                standing.phase = if day < BUSINESS_DAYS { Phase::Billing } else { Phase::RunningOut };
                (standing.day, standing.now) = (day, self.world.at(step));
            });
            self.rebills(step).await;
            self.sign_ups(step).await;
            if self.player.asks_again && step % STEPS_PER_DAY == STEPS_PER_DAY / 2 {
                self.ask_again(step).await;
            }
            pace.wait(step).await;
        }
        self.player.progress.update(|standing| standing.day = DAYS);
        Ok(())
    }

    /// Runs requests side by side, within the bound, and answers in their order.
    async fn all<T>(requests: impl IntoIterator<Item = impl Future<Output = T>>) -> Vec<T> {
        stream::iter(requests).buffered(CONCURRENCY).collect().await
    }
}
