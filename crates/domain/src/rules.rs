//! Network rules as dated data.
