//! What a process uses, read from `/proc`.

use std::time::Duration;

/// Kernel clock ticks per second in `/proc/PID/stat` (`USER_HZ`, 100 on every Linux architecture in use).
const TICKS_PER_SECOND: u64 = 100;

/// A process's use of the machine at one moment; `None` where `/proc` does not tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Resident memory, bytes.
    pub resident_bytes: u64,
    /// Of that, memory of its own: not pages of mapped files.
    pub anonymous_bytes: u64,
    /// Processor time, all threads.
    pub cpu: Duration,
    /// Bytes sent to the disk.
    pub written_bytes: u64,
}

/// Reads a process.
pub fn of(pid: u32) -> std::io::Result<Usage> {
    let read = |file: &str| std::fs::read_to_string(format!("/proc/{pid}/{file}"));
    let (status, stat) = (read("status")?, read("stat")?);
    Ok(Usage {
        resident_bytes: field(&status, "VmRSS:").unwrap_or(0) * 1024,
        anonymous_bytes: field(&status, "RssAnon:").unwrap_or(0) * 1024,
        cpu: cpu(&stat).unwrap_or_default(),
        written_bytes: read("io").ok().and_then(|io| field(&io, "write_bytes:")).unwrap_or(0),
    })
}

fn field(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

fn cpu(stat: &str) -> Option<Duration> {
    // The command's name stands in brackets and may hold anything; fields are counted from behind it.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let ticks = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_from_their_lines() {
        let status = "Name:\tx\nVmHWM:\t  900 kB\nVmRSS:\t     512 kB\n";
        assert_eq!((field(status, "VmRSS:"), field(status, "RssAnon:")), (Some(512), None));
        let stat = "12 (a) b) S 1 12 12 0 -1 4194304 10 0 0 0 150 50 0 0 20 0 1 0 5 6 7";
        assert_eq!(cpu(stat), Some(Duration::from_secs(2)));
        assert_eq!(cpu("no brackets"), None);
    }

    #[test]
    fn this_process_is_readable() {
        let usage = of(std::process::id()).unwrap();
        assert!(usage.resident_bytes > 1 << 20 && usage.resident_bytes >= usage.anonymous_bytes);
    }
}
