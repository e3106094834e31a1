//! Presets: the settings that read a sender's deliveries, shipped as data under a name.
//!
//! A preset is a file of `presets/`. It is a source's settings written once, no more: whatever a source sets itself
//! counts before it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::refusal::misconfigured;
use crate::wit::{Delivery, Refusal};

/// Names and files, in order of name.
pub(crate) const PRESETS: [(&str, &str); 11] = [
    ("adyen", include_str!("../presets/adyen.json")),
    ("bigcommerce", include_str!("../presets/bigcommerce.json")),
    ("checkout", include_str!("../presets/checkout.json")),
    ("commercelayer", include_str!("../presets/commercelayer.json")),
    ("contacts", include_str!("../presets/contacts.json")),
    ("github", include_str!("../presets/github.json")),
    ("gitlab", include_str!("../presets/gitlab.json")),
    ("lemonsqueezy", include_str!("../presets/lemonsqueezy.json")),
    ("paddle", include_str!("../presets/paddle.json")),
    ("paypal", include_str!("../presets/paypal.json")),
    ("woocommerce", include_str!("../presets/woocommerce.json")),
];

/// The setting that names one.
const SETTING: &str = "preset";

/// A file as it is written: what it is for, and the settings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: &'static str,
    #[serde(borrow)]
    settings: BTreeMap<&'static str, &'static RawValue>,
}

/// The settings of one preset.
#[derive(Debug)]
pub(crate) struct Preset(BTreeMap<&'static str, &'static RawValue>);

impl Preset {
    /// The preset that a source names, if it names one.
    ///
    /// # Errors
    /// `malformed`, naming the setting, when there is none of that name.
    pub(crate) fn of(delivery: &Delivery) -> Result<Option<Self>, Refusal> {
        let named = delivery.settings.iter().find(|setting| setting.name == SETTING);
        let Some(name) = named.map(|setting| setting.value.as_str()).filter(|name| !name.is_empty()) else {
            return Ok(None);
        };
        let Some((_, file)) = PRESETS.iter().find(|(known, _)| *known == name) else {
            let known = PRESETS.map(|(name, _)| name).join(", ");
            return Err(misconfigured(SETTING, format_args!("there is no `{name}`; there are {known}")));
        };
        let file: File = serde_json::from_str(file)
            .map_err(|error| misconfigured(SETTING, format_args!("`{name}` cannot be read: {error}")))?;
        Ok(Some(Self(file.settings)))
    }

    /// A setting as a source would hold it: a text without its quotes, anything else as JSON. The files hold no
    /// escapes in texts; a test says so.
    pub(crate) fn setting(&self, name: &str) -> Option<&'static str> {
        let raw = self.0.get(name)?.get();
        Some(raw.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(raw))
    }
}
