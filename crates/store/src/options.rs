//! How a database is opened.

/// How a database is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Read connections kept open for point reads, and as many again for lists.
    pub readers: usize,
    /// Change sets in one commit, at most.
    pub group_commit_max: usize,
    /// How long a write waits for another process, milliseconds.
    pub busy_timeout_ms: u32,
    /// Page cache of the writer, MiB; a reader has a quarter of it.
    pub cache_mib: u32,
    /// The log is folded into the database when it has this many pages (of 4 KiB).
    pub checkpoint_pages: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: 4, group_commit_max: 256, busy_timeout_ms: 5_000, cache_mib: 64, checkpoint_pages: 8_192 }
    }
}
