//! What tests share: a manual clock, seeded randomness, builders.
