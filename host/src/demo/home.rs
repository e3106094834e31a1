//! `Home`: the files of a demo. What holds a secret can be read by its owner alone, and is written whole or not at
//! all.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use ase_engine::vault::MasterKey;
use secrecy::{ExposeSecret as _, SecretString};

use super::DemoError;
use super::record::Record;

const MASTER_KEY: &str = "master.key";
const RECORD: &str = "demo.json";

/// The data directory of a demo.
#[derive(Debug, Clone)]
pub(super) struct Home {
    path: PathBuf,
}

impl Home {
    /// The directory, made where there is none.
    pub(super) fn open(path: &Path) -> Result<Self, DemoError> {
        fs::create_dir_all(path).map_err(|error| failed(path, &error))?;
        Self::find(path)
    }

    /// The directory, which must be there.
    pub(super) fn find(path: &Path) -> Result<Self, DemoError> {
        let path = path.canonicalize().map_err(|error| failed(path, &error))?;
        Ok(Self { path })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// A directory in it that nobody else can look into.
    pub(super) fn private_dir(&self, name: &str) -> Result<PathBuf, DemoError> {
        let path = self.path.join(name);
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&path);
        made.map_err(|error| failed(&path, &error))?;
        Ok(path)
    }

    /// The master key; made at the first start, and never again beside a database that was sealed with another.
    pub(super) fn master_key(&self) -> Result<SecretString, DemoError> {
        let path = self.path.join(MASTER_KEY);
        match fs::read_to_string(&path) {
            Ok(key) => Ok(SecretString::from(key.trim())),
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.record()?.is_none() => {
                let key = MasterKey::generate(&mut rand::rng());
                self.write(MASTER_KEY, 0o600, &format!("{}\n", key.expose_secret()))?;
                Ok(key)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let problem =
                    "is gone, and what is stored cannot be read without it; put it back, or remove the data \
                               directory to start anew"
                        .to_owned();
                Err(DemoError::File { path, problem })
            }
            Err(error) => Err(failed(&path, &error)),
        }
    }

    /// `demo.json`, if it was written before.
    pub(super) fn record(&self) -> Result<Option<Record>, DemoError> {
        let path = self.path.join(RECORD);
        match fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).map(Some).map_err(|error| DemoError::File {
                path,
                problem: format!("is not what a demo wrote: line {}", error.line()),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&path, &error)),
        }
    }

    /// Writes `demo.json`.
    pub(super) fn keep(&self, record: &Record) -> Result<(), DemoError> {
        let text = serde_json::to_string_pretty(record).map_err(io::Error::other)?;
        self.write(RECORD, 0o600, &format!("{text}\n"))
    }

    /// Writes a file beside its place, then puts it there, so that a crash leaves the old one or the new one.
    pub(super) fn write(&self, name: &str, mode: u32, text: &str) -> Result<(), DemoError> {
        let path = self.path.join(name);
        let draft = path.with_extension("draft");
        let written = || {
            // a draft of an earlier crash may have another mode
            let _ = fs::remove_file(&draft);
            let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&draft)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&draft, &path)
        };
        written().map_err(|error| failed(&path, &error))
    }

    /// For commands that were pointed at the wrong directory.
    pub(super) fn nothing_here(&self) -> DemoError {
        let problem = "holds no demo: start one with `ase demo --data-dir`".to_owned();
        DemoError::File { path: self.path.clone(), problem }
    }
}

fn failed(path: &Path, error: &io::Error) -> DemoError {
    DemoError::File { path: path.to_owned(), problem: error.to_string() }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn secrets_are_kept_for_their_owner_alone_and_found_again() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(&dir.path().join("a/b")).unwrap();
        let key = home.master_key().unwrap();
        assert!(home.record().unwrap().is_none());
        let record = Record { org_id: Some("org_1".to_owned()), ..Record::default() };
        home.keep(&record).unwrap();
        home.keep(&record).unwrap();
        assert_eq!(home.master_key().unwrap().expose_secret(), key.expose_secret());
        assert!(home.record().unwrap() == Some(record));
        for name in [MASTER_KEY, RECORD] {
            let mode = fs::metadata(home.path().join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }

    #[test]
    fn a_lost_master_key_is_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        home.keep(&Record::default()).unwrap();
        assert!(home.master_key().unwrap_err().to_string().contains("master.key: is gone"));
    }

    #[test]
    fn a_foreign_record_is_explained() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        fs::write(dir.path().join(RECORD), "{\n\"api_key\": \"ase_sk_secret").unwrap();
        let told = home.record().err().unwrap().to_string();
        assert!(
            told.contains("demo.json: is not what a demo wrote: line 2") && !told.contains("secret"),
            "{told}"
        );
    }
}
