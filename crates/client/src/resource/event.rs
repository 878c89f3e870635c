//! The feed of events.

use futures_util::{Stream, stream};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Client, Error, request::requests};

requests! {
    /// Which events.
    pub struct EventQuery {}
    optional {
        /// Behind this cursor; `latest`: from now on; without: from the oldest that is kept.
        after: String,
        /// At most 1,000.
        limit: u16,
        /// Names or patterns such as `order.*`.
        types: Vec<String>,
        /// One order only.
        order_id: String,
        /// One merchant only.
        mid: String,
        /// Seconds to wait for the first; at most 30.
        wait: u8,
    }
}

/// A page of the feed, oldest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventPage {
    /// The events.
    pub events: Vec<FeedEntry>,
    /// Where the next page begins.
    pub next_cursor: String,
    /// There are more already.
    pub has_more: bool,
}

/// An event in the feed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FeedEntry {
    /// Its place.
    pub cursor: String,
    /// The same as in deliveries.
    pub id: String,
    /// What happened.
    pub payload: Event,
}

/// What happened: the body of a delivery too.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Event {
    /// Such as `order.completed`.
    pub event: String,
    /// When.
    pub time_stamp: String,
    /// More of it, by event.
    pub event_data: Map<String, Value>,
    /// The merchant's order id.
    pub external_order_id: Option<String>,
    /// Recoup's order id.
    pub order_id: Option<String>,
    /// Names the order to people.
    pub confirmation_id: Option<String>,
    /// Of the sandbox processor.
    pub is_test_mode: bool,
    /// Sent before.
    pub is_resent: bool,
}

impl Client {
    /// `GET /v1/events`: one page.
    pub async fn events(&self, query: &EventQuery) -> Result<EventPage, Error> {
        self.get("/v1/events").asking(query).json().await
    }

    /// The feed from a place on, page by page or as a stream.
    pub fn feed(&self, query: EventQuery) -> Feed<'_> {
        Feed { client: self, query, ended: false }
    }
}

/// A place in the feed.
pub struct Feed<'a> {
    client: &'a Client,
    query: EventQuery,
    ended: bool,
}

impl<'a> Feed<'a> {
    /// The next page; the place moves behind it only when it came. An empty one says that there is nothing new.
    pub async fn next_page(&mut self) -> Result<EventPage, Error> {
        let page = self.client.events(&self.query).await?;
        self.query.after = Some(page.next_cursor.clone());
        self.ended = !page.has_more;
        Ok(page)
    }

    /// Where the next page begins: to be kept by whoever wants to go on from here later.
    pub fn cursor(&self) -> Option<&str> {
        self.query.after.as_deref()
    }

    /// The events that there are, one by one, up to the end of the feed or the first error.
    pub fn into_stream(self) -> impl Stream<Item = Result<FeedEntry, Error>> + 'a {
        let begun = (self, Vec::new().into_iter());
        stream::try_unfold(begun, async |(mut feed, mut entries)| {
            loop {
                if let Some(entry) = entries.next() {
                    return Ok(Some((entry, (feed, entries))));
                }
                if feed.ended {
                    return Ok(None);
                }
                entries = feed.next_page().await?.events.into_iter();
            }
        })
    }
}
