//! Guests compiled from `tests/guests`, and the few lines that every test needs to call one.

#[path = "../../build/component.rs"]
mod component;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use ase_host::connectors::{
    CallError, Ceilings, Connectors, ConnectorsConfig, Delivery, Grant, Received, Signers, Trust,
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tempfile::TempDir;

/// The secret of every source in these tests.
pub(crate) const SECRET: &str = "correct horse battery staple";

pub(crate) static ROGUE: LazyLock<Vec<u8>> = LazyLock::new(|| build("rogue"));
pub(crate) static MODERN: LazyLock<Vec<u8>> = LazyLock::new(|| build("modern"));
pub(crate) static RESHAPED: LazyLock<Vec<u8>> = LazyLock::new(|| build("reshaped"));
pub(crate) static WASI: LazyLock<Vec<u8>> = LazyLock::new(|| build("wasi"));

fn build(guest: &str) -> Vec<u8> {
    component::build(&source(guest), &Path::new(env!("CARGO_TARGET_TMPDIR")).join("guests")).unwrap()
}

fn source(guest: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/guests").join(guest).canonicalize().unwrap()
}

/// A component written as text, with a manifest.
pub(crate) fn written(text: &str, manifest: &str) -> Vec<u8> {
    component::with_manifest(wat::parse_str(text).unwrap(), manifest).unwrap()
}

/// The rogue under another manifest: its own with `from` replaced by `to`.
pub(crate) fn rogue_with(from: &str, to: &str) -> Vec<u8> {
    changed(&ROGUE, "rogue", from, to)
}

/// A guest under another manifest: its own with `from` replaced by `to`.
pub(crate) fn changed(component: &[u8], guest: &str, from: &str, to: &str) -> Vec<u8> {
    let manifest = std::fs::read_to_string(source(guest).join("connector.toml")).unwrap();
    let changed = manifest.replace(from, to);
    assert_ne!(manifest, changed, "the manifest holds no {from}");
    component::with_manifest(without_manifest(component), &changed).unwrap()
}

/// Cuts off the section that was appended last.
pub(crate) fn without_manifest(component: &[u8]) -> Vec<u8> {
    let name = b"ase:manifest";
    let at = component.windows(name.len()).rposition(|window| window == name).unwrap();
    let length_of_name = 1;
    let length_of_section = if component.len() - at < 127 { 1 } else { 2 };
    component[..at - length_of_name - length_of_section - 1].to_vec()
}

/// A directory of components, and the connectors that watch it.
pub(crate) struct Bench {
    pub(crate) dir: TempDir,
    pub(crate) connectors: Arc<Connectors>,
}

impl Bench {
    pub(crate) async fn with(files: &[(&str, &[u8])]) -> Self {
        Self::granting(files, BTreeMap::new()).await
    }

    pub(crate) async fn below(files: &[(&str, &[u8])], ceilings: Ceilings) -> Self {
        Self::start(files, BTreeMap::new(), ceilings).await
    }

    pub(crate) async fn granting(files: &[(&str, &[u8])], grants: BTreeMap<String, Grant>) -> Self {
        Self::start(files, grants, Ceilings::default()).await
    }

    async fn start(files: &[(&str, &[u8])], grants: BTreeMap<String, Grant>, ceilings: Ceilings) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (name, component) in files {
            std::fs::write(dir.path().join(name), component).unwrap();
        }
        let config = ConnectorsConfig {
            dir: Some(dir.path().to_owned()),
            cache_dir: Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("connector-cache")),
            compiler: None,
            max_concurrent: 8,
            ceilings,
            grants,
            signers: Signers::default(),
        };
        Self { dir, connectors: Connectors::start(config).await.unwrap() }
    }

    /// Sends a signed delivery to the rogue with the given settings.
    pub(crate) async fn tell(&self, settings: &[(&str, &str)]) -> Result<Received, CallError> {
        let read = self.connectors.receive("rogue", &signed("7", settings), &trust()).await;
        read.map(|reading| reading.received)
    }

    /// The rogue still does what is right.
    pub(crate) async fn assert_well(&self) {
        match self.tell(&[]).await {
            Ok(Received::Events(events)) => assert_eq!(events[0].id.as_deref(), Some("7")),
            other => panic!("expected an event, found {other:?}"),
        }
    }

    /// Why the latest file of this connector was refused.
    pub(crate) fn last_error(&self, id: &str) -> Option<String> {
        self.connectors.list().into_iter().find(|status| status.id == id)?.last_error
    }

    /// Asks again and again until something has come true.
    pub(crate) async fn until_async(&self, what: &str, mut shown: impl AsyncFnMut() -> bool) {
        let seen = async {
            while !shown().await {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let limit = Duration::from_mins(1);
        tokio::time::timeout(limit, seen).await.unwrap_or_else(|_| panic!("{what} never came"));
    }

    /// Waits until the listing shows what the test waits for. The limit is far beyond any debounce.
    pub(crate) async fn until(&self, what: &str, shown: impl Fn(&Connectors) -> bool) {
        let seen = async {
            while !shown(&self.connectors) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let limit = Duration::from_mins(1);
        tokio::time::timeout(limit, seen).await.unwrap_or_else(|_| panic!("{what} was never listed"));
    }
}

pub(crate) fn trust() -> Trust {
    Trust {
        secrets: vec![SECRET.into()],
        tolerance: Duration::from_mins(5),
        allow_sha1: false,
        accept_partial: false,
    }
}

/// A delivery with this body, signed as the rogue describes.
pub(crate) fn signed(body: &str, settings: &[(&str, &str)]) -> Delivery {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    Delivery {
        id: "del_1".to_owned(),
        headers: vec![("X-Signature".to_owned(), mac.finalize().into_bytes().to_vec())],
        body: body.to_owned().into(),
        settings: settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        ..Delivery::default()
    }
}
