//! Network retry limits counted over the ledger.
