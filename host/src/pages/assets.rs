//! `Assets`: the stylesheets, the script and the mark, embedded with their digests.
//!
//! Nothing comes from elsewhere. A page names an asset by its digest, so a server may let browsers keep it for ever.

use std::sync::LazyLock;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// One embedded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Name below `/assets/`.
    pub name: &'static str,
    /// Media type for the `content-type` header.
    pub content_type: &'static str,
    /// The file.
    pub bytes: &'static [u8],
    /// The first 16 hex digits of its SHA-256: the value of `v` in its address.
    pub digest: String,
}

/// Name, media type and content of every asset.
const FILES: [(&str, &str, &[u8]); 4] = [
    ("challenge.css", "text/css; charset=utf-8", include_bytes!("../../../templates/assets/challenge.css")),
    (
        "challenge.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../../templates/assets/challenge.js"),
    ),
    ("dashboard.css", "text/css; charset=utf-8", include_bytes!("../../../templates/assets/dashboard.css")),
    ("mark.svg", "image/svg+xml", include_bytes!("../../../templates/assets/mark.svg")),
];

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| FILES.iter().map(read).collect());

/// The table of embedded files.
#[derive(Debug, Clone, Copy)]
pub struct Assets;

impl Assets {
    /// Finds an asset by its name below `/assets/`; `None` for anything else.
    #[must_use]
    pub fn get(name: &str) -> Option<&'static Asset> {
        ASSETS.iter().find(|asset| asset.name == name)
    }

    /// The address of an asset, with its digest: `/assets/challenge.css?v=…`.
    #[must_use]
    pub fn address(name: &str) -> Option<String> {
        Self::get(name).map(|asset| format!("/assets/{name}?v={}", asset.digest))
    }
}

fn read(&(name, content_type, bytes): &(&'static str, &'static str, &'static [u8])) -> Asset {
    let mut digest = HEXLOWER.encode(Sha256::digest(bytes).as_slice());
    digest.truncate(16);
    Asset { name, content_type, bytes, digest }
}
