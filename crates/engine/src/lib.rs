//! The use cases: transmit, evaluate, attempt, capture, refund, timers, webhooks.
