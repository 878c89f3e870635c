//! The machine the figures belong to.

use std::path::Path;

use serde::Serialize;

/// Machine and file system.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Machine {
    /// Processor model.
    pub cpu: String,
    /// Cores this process may use.
    pub cores: usize,
    /// Memory, bytes.
    pub memory_bytes: u64,
    /// Operating system and release.
    pub kernel: String,
    /// Load average of the last minute, before anything was measured: what others were doing.
    pub load: f64,
    /// File system of the data folder: type and mount options.
    pub file_system: String,
}

impl Machine {
    /// Looks at this machine; `data` is where the database lies.
    pub fn here(data: &Path, cores: usize) -> Self {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let unknown = || "unknown".to_owned();
        Self {
            cpu: after(&read("/proc/cpuinfo"), "model name").unwrap_or_else(unknown),
            cores,
            memory_bytes: memory(&read("/proc/meminfo")).unwrap_or(0),
            kernel: format!("{} {}", std::env::consts::OS, read("/proc/sys/kernel/osrelease").trim()),
            load: read("/proc/loadavg").split_whitespace().next().and_then(|load| load.parse().ok()).unwrap_or(0.0),
            file_system: file_system(&read("/proc/mounts"), data).unwrap_or_else(unknown),
        }
    }

    /// For readers.
    pub fn told(&self) -> String {
        let memory = self.memory_bytes as f64 / f64::from(1 << 30);
        let Self { cpu, cores, kernel, load, file_system, .. } = self;
        format!("{cpu}, {cores} cores, {memory:.1} GiB, {kernel}, load before {load}, data on {file_system}")
    }
}

fn after(text: &str, name: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn memory(text: &str) -> Option<u64> {
    Some(after(text, "MemTotal")?.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}

/// Type and options of the mount that a path lies on: the longest mount point that begins the path.
fn file_system(mounts: &str, path: &Path) -> Option<String> {
    let fields = mounts.lines().filter_map(|line| {
        let mut fields = line.split_whitespace().skip(1);
        Some((fields.next()?, fields.next()?, fields.next()?))
    });
    let mounted = fields.filter(|(point, ..)| path.starts_with(point)).max_by_key(|(point, ..)| point.len());
    mounted.map(|(_, kind, options)| format!("{kind} ({options})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mount_nearest_to_the_path_counts() {
        let mounts = "/dev/vda / ext4 rw,relatime 0 0\ntmpfs /tmp tmpfs rw 0 0\nproc /proc proc rw 0 0\n";
        for (path, told) in [("/var/x", "ext4 (rw,relatime)"), ("/tmp/x", "tmpfs (rw)"), ("/tmpx", "ext4 (rw,relatime)")] {
            assert_eq!(file_system(mounts, Path::new(path)).as_deref(), Some(told), "{path}");
        }
        assert_eq!(file_system("", Path::new("/")), None);
    }

    #[test]
    fn memory_and_model_are_read() {
        assert_eq!(memory("MemTotal:       2048 kB\nMemFree: 1 kB"), Some(2 << 20));
        assert_eq!(after("model name\t: Some CPU @ 2 GHz\n", "model name").as_deref(), Some("Some CPU @ 2 GHz"));
        assert!(Machine::here(Path::new("/"), 2).told().contains("2 cores"));
    }
}
