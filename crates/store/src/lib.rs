//! Durable state: Store::apply(ChangeSet) and reads, on SQLite.
