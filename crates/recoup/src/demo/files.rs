//! The data folder, and files that only their owner reads.

use std::{
    fs::{self, DirBuilder, OpenOptions, Permissions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

use engine::Clock;

use crate::{commands, config::Config, failure::Failure, wiring};

/// Owner only.
const PRIVATE_FOLDER: u32 = 0o700;
const PRIVATE_FILE: u32 = 0o600;

/// Makes the folder, the key ring and the database, as far as they are missing.
pub fn prepare(config: &Config) -> Result<(), Failure> {
    let folder = &config.data.dir;
    make_folder(folder).map_err(|error| Failure::failed(format!("the folder {} cannot be used: {error}", folder.display())))?;
    let (database, ring) = (config.database_path(), config.key_ring_path());
    if ring.exists() {
        wiring::vault(config)?;
    } else if database.exists() {
        let folder = folder.display();
        return Err(Failure::conflict(format!("{folder} has a database but no key ring: take another --data folder")));
    } else {
        vault::Ring::create(&ring, Clock::System.now(), &vault::System).map_err(|error| Failure::failed(error.to_string()))?;
    }
    commands::migrate::apply(&database).map(|_| ())
}

fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(PRIVATE_FOLDER).create(folder)?;
    fs::set_permissions(folder, Permissions::from_mode(PRIVATE_FOLDER))
}

/// Writes a file whole or not at all, readable by its owner only.
pub fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".new");
    let draft = Path::new(&draft);
    // One that a killed process left behind may have other permissions.
    match fs::remove_file(draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(PRIVATE_FILE).open(draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(draft, path)
}

/// A log that is added to, readable by its owner only.
pub fn open_log(path: &Path) -> io::Result<fs::File> {
    OpenOptions::new().append(true).create(true).mode(PRIVATE_FILE).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_private_whatever_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("credentials.json");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        write_private(&path, "new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, PRIVATE_FILE);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
