//! Idempotency: the same key and payload get the same answer, another payload gets a conflict, and what has not been
//! answered yet is not started twice (`wire-api` §1.7).

use domain::{
    bounds::IDEMPOTENCY_LIFE_HOURS,
    change::{ChangeSet, Idempotency, Write},
    environment::Environment,
    id::{Mid, OrderId},
    order::Order,
    time::HOUR,
};

use crate::{Engine, Error, Result, inflight::Entered};

/// A key that this request holds while it runs.
pub struct Held {
    /// Keyed hash of environment, mid, endpoint and key.
    pub scope: [u8; 32],
    /// Environment.
    pub environment: Environment,
    /// Keyed hash of the payload.
    pub payload: [u8; 32],
    _entered: Entered<[u8; 32]>,
}

/// What is known of a key.
pub enum Known {
    /// Nothing: the request is new.
    New(Held),
    /// Answered before. The key is held, so that a current state can be looked up.
    Answered {
        /// The stored answer.
        body: String,
        /// The order it made.
        order: Option<OrderId>,
        /// The key.
        held: Held,
    },
    /// Accepted before, but a crash came between: the order tells how far it is.
    Unanswered {
        /// The order it made.
        order: Option<OrderId>,
        /// The key.
        held: Held,
    },
}

impl Engine {
    /// Takes a key for a request.
    pub(crate) async fn take_key(
        &self,
        mid: Mid,
        environment: Environment,
        endpoint: &str,
        key: &str,
        payload: [u8; 32],
    ) -> Result<Known> {
        let scope = self.hasher.of(&[environment.as_str().as_bytes(), &mid.bytes(), endpoint.as_bytes(), key.as_bytes()]);
        let entered = self.requests.enter(scope).ok_or(Error::InProgress)?;
        let held = Held { scope, environment, payload, _entered: entered };
        let oldest = self.clock.now() - HOUR * IDEMPOTENCY_LIFE_HOURS as u32;
        let Some(record) = self.store.idempotency(scope).await? else { return Ok(Known::New(held)) };
        if record.created_at < oldest {
            let set = ChangeSet::new().with(Write::DropIdempotency { scope });
            self.store.apply(set).await?;
            return Ok(Known::New(held));
        }
        if record.payload != payload {
            return Err(Error::KeyReused);
        }
        Ok(match record.answer {
            Some((_, body)) => Known::Answered { body, order: record.order, held },
            None => Known::Unanswered { order: record.order, held },
        })
    }

    /// Stores the answer of an order's operation under its key, over a record that a crash left without one.
    pub(crate) async fn keep_answer_under(&self, held: &Held, order: &Order, answer: &impl serde::Serialize) -> Result<()> {
        let body = serde_json::to_string(answer).map_err(|error| Error::Internal(error.to_string()))?;
        let record = self.key_record(held, order.mid, Some(order.id), Some((200, body)));
        let set = ChangeSet::new().with(Write::DropIdempotency { scope: held.scope }).with(Write::InsertIdempotency(record));
        Ok(self.store.apply(set).await?)
    }

    /// The record of a key, with or without its answer.
    pub(crate) fn key_record(&self, held: &Held, mid: Mid, order: Option<OrderId>, answer: Option<(u16, String)>) -> Idempotency {
        Idempotency {
            scope: held.scope,
            mid,
            environment: held.environment,
            payload: held.payload,
            order,
            answer,
            created_at: self.clock.now(),
        }
    }
}
