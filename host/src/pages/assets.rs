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
    /// The file, without what only readers of its source need.
    pub bytes: Vec<u8>,
    /// The first 16 hex digits of its SHA-256: the value of `v` in its address.
    pub digest: String,
}

/// Name, media type and content of every asset.
const FILES: [(&str, &str, &str); 4] = [
    ("challenge.css", "text/css; charset=utf-8", include_str!("../../../templates/assets/challenge.css")),
    (
        "challenge.js",
        "text/javascript; charset=utf-8",
        include_str!("../../../templates/assets/challenge.js"),
    ),
    ("dashboard.css", "text/css; charset=utf-8", include_str!("../../../templates/assets/dashboard.css")),
    ("mark.svg", "image/svg+xml", include_str!("../../../templates/assets/mark.svg")),
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

fn read(&(name, content_type, text): &(&'static str, &'static str, &'static str)) -> Asset {
    let bytes = lean(text).into_bytes();
    let mut digest = HEXLOWER.encode(Sha256::digest(&bytes).as_slice());
    digest.truncate(16);
    Asset { name, content_type, bytes, digest }
}

/// Leaves out indentation, empty lines and comments that fill a line: a fifth of the script, for people on slow lines.
/// None of the files has text that goes over several lines.
fn lean(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.fold(String::with_capacity(text.len()), |lean, line| lean + line + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_readers_need_is_left_out() {
        assert_eq!(lean("// why\n\nif (a) {\n  b(\"// c\"); // d\n}\n"), "if (a) {\nb(\"// c\"); // d\n}\n");
        for (name, _, text) in FILES {
            // a text over several lines would change when its lines do
            assert!(
                text.lines().all(|line| line.matches('`').count() % 2 == 0 && !line.ends_with('\\')),
                "{name}"
            );
            assert!(Assets::get(name).unwrap().bytes.len() < text.len() || !text.contains("\n  "), "{name}");
        }
    }
}
