//! The settings of a source: `account` and `livemode_only`.

use crate::bindings::exports::ase::connector::normalizer::Setting;

/// What the operator configured.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings<'a> {
    /// The one account whose events are accepted, `acct_…`; none accepts any.
    pub(crate) account: Option<&'a str>,
    /// Whether test events are ignored.
    pub(crate) livemode_only: bool,
}

impl<'a> Settings<'a> {
    /// Reads the settings; blank ones count as not set.
    pub(crate) fn read(settings: &'a [Setting]) -> Self {
        let value = |name: &str| {
            let found = settings.iter().find(|setting| setting.name == name);
            found.map(|setting| setting.value.trim()).filter(|value| !value.is_empty())
        };
        Self { account: value("account"), livemode_only: value("livemode_only") == Some("true") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(name: &str, value: &str) -> Setting {
        Setting { name: name.to_owned(), value: value.to_owned() }
    }

    #[test]
    fn blank_settings_are_not_set() {
        assert_eq!(Settings::read(&[]), Settings::default());
        assert_eq!(
            Settings::read(&[setting("account", " "), setting("livemode_only", "false")]),
            Settings::default()
        );
        let set = [setting("account", "acct_1"), setting("livemode_only", "true")];
        assert_eq!(Settings::read(&set), Settings { account: Some("acct_1"), livemode_only: true });
    }
}
