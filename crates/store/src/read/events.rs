//! Events.

use domain::{environment::Environment, event::Event, id::EventId, owner::Owner};

use crate::{Error, EventFilter, Store, sqlite::events};

impl Store {
    /// An event.
    pub async fn event(&self, id: EventId) -> Result<Option<Event>, Error> {
        self.engine.read(|db| events::get(db, id)).await
    }

    /// Events of some merchants and partners (`None`: of all) after a cursor, in the order of their commits, each with its own
    /// cursor. Cursors only grow: nothing is committed behind one that was read.
    pub async fn events_after(
        &self,
        owners: Option<&[Owner]>,
        environment: Environment,
        cursor: u64,
        limit: u32,
    ) -> Result<Vec<(u64, Event)>, Error> {
        let owners = owners.map(<[Owner]>::to_vec);
        self.engine.list(move |db| events::after(db, owners.as_deref(), environment, cursor, limit)).await
    }

    /// One page of the events that are asked for, oldest first, each with its cursor, and how far the feed had come
    /// before it was read: whoever got less than a page has seen all up to there.
    pub async fn events_page(&self, wanted: EventFilter) -> Result<(Vec<(u64, Event)>, u64), Error> {
        self.engine
            .list(move |db| {
                let newest = events::last(db)?;
                Ok((events::page(db, &wanted)?, newest))
            })
            .await
    }

    /// Events by their ids, each with its cursor, by cursor; unknown ones are left out.
    pub async fn events_by_id(&self, ids: &[EventId]) -> Result<Vec<(u64, Event)>, Error> {
        self.engine.read(|db| events::by_id(db, ids)).await
    }

    /// The cursor of the newest event, 0 when there is none: a feed from now on starts behind it.
    pub async fn last_event(&self) -> Result<u64, Error> {
        self.engine.list(events::last).await
    }
}
