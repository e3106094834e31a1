//! What holds in the end, to be looked at: every setting, who said it, no secret.

use toml::Value;
use url::Url;

use super::read::{Origin, Settings, read_text};
use super::settings::{Hidden, SETTINGS, Setting};

/// What stands in place of a secret.
const MASK: &str = "***";

impl Settings {
    /// The settings as a file that could be read again, secrets masked; each line says where its value is from.
    #[must_use]
    pub fn effective(&self) -> String {
        let mut text = String::new();
        let mut section = "";
        for setting in &SETTINGS {
            let (parent, key) = setting.path.split_once('.').unwrap_or(("", setting.path));
            if parent != section {
                text.extend(["\n[", parent, "]\n"]);
                section = parent;
            }
            text.push_str(&match self.shown(setting) {
                Some((value, from)) => format!("{key} = {value}  # {from}\n"),
                None => format!("# {key} is not set ({})\n", setting.variable),
            });
        }
        text
    }

    /// The same as a JSON object: path to value and origin.
    #[must_use]
    pub fn effective_json(&self) -> serde_json::Value {
        let line = |setting: &Setting| {
            let (value, from) = self.shown(setting)?;
            let value = serde_json::to_value(value).ok()?;
            Some((setting.path.to_owned(), serde_json::json!({ "value": value, "from": from })))
        };
        serde_json::Value::Object(SETTINGS.iter().filter_map(line).collect())
    }

    /// The value of a setting as it may be shown, and who said it.
    fn shown(&self, setting: &Setting) -> Option<(Value, String)> {
        let given = self.given(setting);
        let value = match (given, setting.default) {
            (Some(given), _) => given.value.clone(),
            (None, Some(default)) => read_text(setting.path, setting.kind, default).ok()?,
            (None, None) => return None,
        };
        let from = match given.map(|given| &given.origin) {
            Some(Origin::File(file)) => file.display().to_string(),
            Some(Origin::Environment) => setting.variable.to_owned(),
            Some(Origin::Command) => "command line".to_owned(),
            None => "default".to_owned(),
        };
        Some((mask(value, setting.hidden), from))
    }
}

fn mask(value: Value, hidden: Hidden) -> Value {
    match (hidden, value) {
        (Hidden::Nothing, value) => value,
        (Hidden::Credentials, Value::String(url)) => Value::String(without_credentials(&url)),
        (Hidden::Credentials | Hidden::Everything, _) => Value::String(MASK.to_owned()),
    }
}

/// Host, port and path of a URL; a query may hold a password, too.
fn without_credentials(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else { return MASK.to_owned() };
    let secret = !url.username().is_empty() || url.password().is_some() || url.query().is_some();
    url.set_query(None);
    url.set_fragment(None);
    let stripped = url.set_password(None).and_then(|()| url.set_username("")).is_ok();
    match (secret, stripped) {
        (false, _) => url.to_string(),
        (true, true) => url.to_string().replacen("://", &format!("://{MASK}@"), 1),
        (true, false) => MASK.to_owned(),
    }
}
