//! How a database is opened.

/// What a commit outlives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// Crash and power failure: what was acknowledged is on the disk.
    #[default]
    Full,
    /// Nothing: for databases that are thrown away, such as a simulation's.
    None,
}

impl Durability {
    pub(crate) const fn synchronous(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::None => "off",
        }
    }
}

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
    /// What a commit outlives.
    pub durability: Durability,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            readers: 4,
            group_commit_max: 256,
            busy_timeout_ms: 5_000,
            cache_mib: 8,
            checkpoint_pages: 1_000,
            durability: Durability::Full,
        }
    }
}
