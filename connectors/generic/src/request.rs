//! The delivery as this connector reads it: headers and settings by name.
//!
//! It never changes a value; what a header or a setting means is decided where it is used.

use crate::preset::Preset;
use crate::wit::Delivery;

/// A view of one delivery.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'d> {
    delivery: &'d Delivery,
    preset: Option<&'d Preset>,
}

impl<'d> Request<'d> {
    /// Looks at `delivery`, with the settings of `preset` behind its own.
    pub(crate) fn new(delivery: &'d Delivery, preset: Option<&'d Preset>) -> Self {
        Self { delivery, preset }
    }

    /// The body, byte for byte.
    pub(crate) fn body(self) -> &'d [u8] {
        &self.delivery.body
    }

    /// The query string without its question mark.
    pub(crate) fn query(self) -> &'d str {
        &self.delivery.query
    }

    /// The first header of this lower-case name as text, even when it is empty; `None` when it is missing or not
    /// UTF-8. Later headers of the same name are not looked at, because the host signs the first one.
    pub(crate) fn header(self, name: &str) -> Option<&'d str> {
        let header = self.delivery.headers.iter().find(|header| header.name == name)?;
        std::str::from_utf8(&header.value).ok()
    }

    /// A setting of the source, else of its preset; an empty one counts as not set.
    pub(crate) fn setting(self, name: &str) -> Option<&'d str> {
        self.own(name).or_else(|| self.preset(name))
    }

    /// A setting of the source alone.
    pub(crate) fn own(self, name: &str) -> Option<&'d str> {
        let setting = self.delivery.settings.iter().find(|setting| setting.name == name)?;
        Some(setting.value.as_str()).filter(|value| !value.is_empty())
    }

    /// A setting of the preset alone.
    pub(crate) fn preset(self, name: &str) -> Option<&'d str> {
        self.preset?.setting(name)
    }

    /// Whether a setting of type bool is on.
    pub(crate) fn flag(self, name: &str) -> bool {
        self.setting(name) == Some("true")
    }

    /// The message id of a Standard Webhooks delivery, the only one that a signature covers.
    pub(crate) fn webhook_id(self) -> Option<&'d str> {
        let svix = if self.flag("svix_headers") { self.telling("svix-id") } else { None };
        self.telling("webhook-id").or(svix)
    }

    /// The id that the sender gave the message in any header, for bodies that hold none.
    pub(crate) fn message_id(self) -> Option<&'d str> {
        self.webhook_id()
            .or_else(|| self.telling("x-github-delivery"))
            .or_else(|| self.telling("idempotency-key"))
    }

    fn telling(self, name: &str) -> Option<&'d str> {
        self.header(name).filter(|value| !value.trim().is_empty())
    }
}
