//! The ring on disk: JSON, for its owner only, replaced whole or not at all.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Kek, Ring, State};
use crate::secret::Secret;

const FORMAT: u32 = 1;
/// Thousands of rotations.
const FILE_BYTES_MAX: u64 = 1024 * 1024;
/// More than one key takes in the file, so that the buffer never moves and leaves a copy behind.
const KEY_ENTRY_BYTES: usize = 512;

/// Why the ring file was not read or written. No message quotes the file.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The operating system.
    #[error("key ring {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// Others than the owner may read or write the file.
    #[error("key ring {} has mode {mode:04o}: only its owner may read it (chmod 600)", path.display())]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// There is a ring already; making a new one in its place would lose every card.
    #[error("key ring {} exists already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Not a key ring.
    #[error("key ring {} is malformed: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    format: u32,
    keys: Vec<Entry>,
    fingerprint_root: Secret,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    created_at: String,
    state: State,
    key: Secret,
}

/// Reads the ring.
pub fn load(path: &Path) -> Result<Ring, FileError> {
    let bytes = read(path)?;
    let document: Document = serde_json::from_slice(&bytes)
        // serde's own message may quote what it read.
        .map_err(|error| malformed(path, format!("line {}, column {}", error.line(), error.column())))?;
    document.into_ring().map_err(|reason| malformed(path, reason.to_owned()))
}

/// Writes a new file.
pub fn create(path: &Path, ring: &Ring) -> Result<(), FileError> {
    let _lock = lock(path)?;
    if path.try_exists().map_err(io_error(path))? {
        return Err(FileError::Exists { path: path.to_owned() });
    }
    replace(path, ring)
}

/// Puts the ring in the place of the file, durably. The caller holds the lock.
pub fn replace(path: &Path, ring: &Ring) -> Result<(), FileError> {
    let document = Document::of(ring);
    let mut bytes = Zeroizing::new(Vec::with_capacity((document.keys.len() + 1) * KEY_ENTRY_BYTES));
    serde_json::to_writer_pretty(&mut *bytes, &document).map_err(io::Error::from).map_err(io_error(path))?;
    bytes.push(b'\n');
    replace_durably(path, &bytes).map_err(io_error(path))
}

/// Waits until no other process writes the ring. Held until dropped.
pub fn lock(path: &Path) -> Result<File, FileError> {
    let lock = beside(path, ".lock");
    let file = private(&mut OpenOptions::new()).create(true).write(true).truncate(false).open(&lock).map_err(io_error(&lock))?;
    file.lock().map_err(io_error(&lock))?;
    Ok(file)
}

impl Document {
    fn of(ring: &Ring) -> Self {
        let entry =
            |kek: &Kek, state| Entry { id: kek.id.clone(), created_at: kek.created_at.iso6(), state, key: kek.secret.clone() };
        let retired = ring.retired().map(|kek| entry(kek, State::Retired));
        let keys = retired.chain([entry(ring.active(), State::Active)]).collect();
        Self { format: FORMAT, keys, fingerprint_root: ring.root.clone() }
    }

    fn into_ring(self) -> Result<Ring, &'static str> {
        if self.format != FORMAT {
            return Err("its format is not known to this version");
        }
        let keks: Result<Vec<_>, _> = self.keys.into_iter().map(Entry::into_kek).collect();
        Ring::assemble(keks?, self.fingerprint_root)
    }
}

impl Entry {
    fn into_kek(self) -> Result<(Kek, State), &'static str> {
        let created_at = Timestamp::parse(&self.created_at).ok_or("a created_at is not a date-time")?;
        let kek = Kek::new(self.id, created_at, self.key).map_err(|_| "a key cannot be used")?;
        Ok((kek, self.state))
    }
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, FileError> {
    let file = File::open(path).map_err(io_error(path))?;
    let metadata = file.metadata().map_err(io_error(path))?;
    refuse_open_to_others(path, &metadata)?;
    if metadata.len() > FILE_BYTES_MAX {
        return Err(malformed(path, format!("larger than {FILE_BYTES_MAX} bytes")));
    }
    // One byte more than the file has, so that reading to its end does not move the buffer.
    let mut bytes = Zeroizing::new(Vec::with_capacity(metadata.len() as usize + 1));
    file.take(FILE_BYTES_MAX).read_to_end(&mut bytes).map_err(io_error(path))?;
    Ok(bytes)
}

#[cfg(unix)]
fn refuse_open_to_others(path: &Path, metadata: &fs::Metadata) -> Result<(), FileError> {
    use std::os::unix::fs::PermissionsExt;
    const OTHERS: u32 = 0o077;
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & OTHERS == 0 { Ok(()) } else { Err(FileError::OpenToOthers { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn refuse_open_to_others(_: &Path, _: &fs::Metadata) -> Result<(), FileError> {
    Ok(())
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

fn replace_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = beside(path, ".new");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {} // what a crash left behind
    }
    let mut file = private(&mut OpenOptions::new()).create_new(true).write(true).open(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    sync_folder_of(path)
}

#[cfg(unix)]
fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder_of(_: &Path) -> io::Result<()> {
    Ok(())
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> FileError {
    let path = path.to_owned();
    |source| FileError::Io { path, source }
}

fn malformed(path: &Path, reason: String) -> FileError {
    FileError::Malformed { path: path.to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Error, System, support::NOW};

    fn created() -> (tempfile::TempDir, PathBuf, Ring) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ring.json");
        let ring = Ring::create(&path, NOW, &System).unwrap();
        (folder, path, ring)
    }

    #[test]
    fn what_is_created_loads() {
        let (_folder, path, ring) = created();
        let loaded = Ring::load(&path).unwrap();
        assert_eq!((loaded.active().id(), loaded.active().created_at()), (ring.active().id(), NOW));
        assert_eq!(loaded.secrets(), ring.secrets());
    }

    #[test]
    fn an_existing_ring_is_never_overwritten() {
        let (_folder, path, ring) = created();
        assert!(matches!(Ring::create(&path, NOW, &System), Err(Error::Ring(FileError::Exists { .. }))));
        assert_eq!(Ring::load(&path).unwrap().secrets(), ring.secrets());
    }

    #[test]
    fn rotations_at_the_same_time_lose_no_key() {
        let (folder, path, ring) = created();
        let rotated: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| Ring::rotate_file(&path, NOW, &System).unwrap())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let last = Ring::load(&path).unwrap();
        assert_eq!(last.retired().count(), 8);
        for made in rotated.iter().chain([&ring]) {
            assert!(last.find(made.active().id()).is_some());
        }
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        assert_eq!(names.len(), 2, "the ring and its lock: {names:?}");
    }

    #[test]
    fn what_a_crash_left_behind_is_swept() {
        let (folder, path, _) = created();
        fs::write(folder.path().join("ring.json.new"), "half a ri").unwrap();
        let rotated = Ring::rotate_file(&path, NOW, &System).unwrap();
        assert_eq!(Ring::load(&path).unwrap().active().id(), rotated.active().id());
        assert!(!folder.path().join("ring.json.new").exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, path, _) = created();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
        for mode in [0o640, 0o604, 0o620, 0o601, 0o644, 0o666] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let refused = Ring::load(&path).unwrap_err();
            assert!(matches!(&refused, Error::Ring(FileError::OpenToOthers { mode: told, .. }) if *told == mode));
            assert!(refused.to_string().contains("chmod 600"), "{refused}");
        }
        for mode in [0o400, 0o600] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            Ring::load(&path).unwrap();
        }
    }

    #[test]
    fn broken_rings_are_refused_without_quoting_them() {
        let (_folder, path, _) = created();
        let sound = fs::read_to_string(&path).unwrap();
        let key = sound.split_once("\"key\": \"").unwrap().1[..44].to_owned();
        let root = sound.split_once("\"fingerprint_root\": \"").unwrap().1[..44].to_owned();
        for (what, broken) in [
            ("empty", String::new()),
            ("half", sound[..sound.len() / 2].to_owned()),
            ("no key active", sound.replace("\"active\"", "\"retired\"")),
            ("unknown state", sound.replace("\"active\"", "\"asleep\"")),
            ("unknown format", sound.replace("\"format\": 1", "\"format\": 2")),
            ("key in place of the format", sound.replace("\"format\": 1", &format!("\"format\": \"{key}\""))),
            ("key in place of the state", sound.replace("\"active\"", &format!("\"{key}\""))),
            ("short key", sound.replace(&key, &key[4..])),
            ("not base64", sound.replace(&key, &key.replace('=', "!"))),
            ("unknown member", sound.replace("\"format\"", &format!("\"{key}\": 1, \"format\""))),
            ("date", sound.replace("\"created_at\": \"2", "\"created_at\": \"x")),
            ("too large", sound.clone() + &" ".repeat(1024 * 1024)),
        ] {
            assert_ne!(broken, sound, "{what}");
            fs::write(&path, broken).unwrap();
            let refused = Ring::load(&path).unwrap_err();
            assert!(matches!(refused, Error::Ring(FileError::Malformed { .. })), "{what}: {refused}");
            let text = format!("{refused} {refused:?}");
            assert!(!text.contains(&key[..16]) && !text.contains(&root[..16]), "{what}: {text}");
        }
    }

    #[test]
    fn a_missing_ring_is_an_error_that_names_the_file() {
        let missing = Ring::load(Path::new("no/such/ring.json")).unwrap_err();
        assert!(missing.to_string().contains("no/such/ring.json"), "{missing}");
    }

    proptest::proptest! {
        #[test]
        fn loading_anything_never_panics(text in "\\PC{0,200}") {
            let (_folder, path, _) = created();
            fs::write(&path, text).unwrap();
            proptest::prop_assert!(Ring::load(&path).is_err());
        }
    }
}
