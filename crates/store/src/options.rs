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
    /// Page cache of the writer, MiB; a reader has a quarter of it. More is not better: while the file is smaller than
    /// a gigabyte, SQLite looks through the whole cache at most commits (a page that was split carried a number beyond
    /// the file's end for a moment), and readers drop theirs with each commit; the system's own cache holds the rest.
    pub cache_mib: u32,
    /// The log is folded into the database when it has this many pages (of 4 KiB). Folding often writes some pages
    /// again, folding seldom makes everybody wait for one long burst: a thousand kept the slowest percent shortest.
    pub checkpoint_pages: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: 4, group_commit_max: 256, busy_timeout_ms: 5_000, cache_mib: 8, checkpoint_pages: 1_000 }
    }
}
