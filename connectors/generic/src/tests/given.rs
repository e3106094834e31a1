//! What the tests hand to the connector: deliveries, presets and the public webhook bodies.

use std::path::PathBuf;

use serde_json::Value;

use crate::Generic;
use crate::preset::PRESETS;
use crate::wit::{Delivery, Event, Guest, Header, Outcome, Refusal, Setting};

/// Names and values: of headers, or of settings.
pub(crate) type Pairs = Vec<(String, String)>;

/// A delivery with headers and settings by name.
pub(crate) fn delivery(headers: &[(&str, &str)], settings: &[(&str, &str)], body: &[u8]) -> Delivery {
    let header = |(name, value): &(&str, &str)| Header {
        name: name.to_ascii_lowercase(),
        value: value.as_bytes().to_vec(),
    };
    let setting =
        |(name, value): &(&str, &str)| Setting { name: (*name).to_owned(), value: (*value).to_owned() };
    Delivery {
        id: "dlv_1".to_owned(),
        received_at: 1_795_341_600_000.0,
        headers: headers.iter().map(header).collect(),
        query: String::new(),
        body: body.to_vec(),
        settings: settings.iter().map(setting).collect(),
    }
}

/// The events of a delivery that must be accepted.
pub(crate) fn events(delivery: Delivery) -> Vec<Event> {
    match Generic::normalize(delivery) {
        Ok(Outcome::Events(events)) => events,
        other => panic!("expected events, got {other:?}"),
    }
}

/// The one event of a delivery that must be accepted.
pub(crate) fn event(delivery: Delivery) -> Event {
    let mut events = events(delivery);
    assert_eq!(events.len(), 1);
    events.remove(0)
}

/// The refusal of a delivery that must be refused.
pub(crate) fn refusal(delivery: Delivery) -> Refusal {
    Generic::normalize(delivery).unwrap_err()
}

/// The settings that a JSON object stands for: texts as they are, anything else as JSON.
pub(crate) fn settings(object: &Value) -> Pairs {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    object.as_object().unwrap().iter().map(|(name, value)| (name.clone(), text(value))).collect()
}

/// The settings of a source that names a preset and nothing else.
pub(crate) fn preset(name: &str) -> Pairs {
    vec![("preset".to_owned(), name.to_owned())]
}

/// The same settings, with those of a preset in its place.
pub(crate) fn written_out(pairs: &[(String, String)]) -> Pairs {
    let [(name, preset)] = pairs else { return pairs.to_vec() };
    assert_eq!(name, "preset");
    let (_, file) = PRESETS.iter().find(|(known, _)| known == preset).unwrap();
    let file: Value = serde_json::from_str(file).unwrap();
    settings(&file["settings"])
}

/// Borrowed pairs, as [`delivery`] takes them.
pub(crate) fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// A file of the shared webhook bodies; `None`, and one line saying so, where the folder is missing.
pub(crate) fn fixture(path: &str) -> Option<Vec<u8>> {
    let folder = PathBuf::from(std::env::var_os("ASE_FIXTURES").unwrap_or_default());
    if !folder.is_dir() {
        println!("no webhook bodies at `{}`: set ASE_FIXTURES to run this test on them", folder.display());
        return None;
    }
    Some(std::fs::read(folder.join(path)).unwrap())
}

/// Every body for this connector with the headers that its sender gives.
pub(crate) fn fixtures() -> Vec<(String, Pairs, Vec<u8>)> {
    let Some(manifest) = fixture("manifest.json") else {
        return Vec::new();
    };
    let manifest: Vec<Value> = serde_json::from_slice(&manifest).unwrap();
    let mine = manifest.iter().filter(|entry| entry["file"].as_str().unwrap().starts_with("generic/"));
    mine.map(|entry| {
        let file = entry["file"].as_str().unwrap();
        (file.to_owned(), settings(&entry["headers"]), fixture(file).unwrap())
    })
    .collect()
}

/// The preset that fits a body.
pub(crate) fn preset_for(file: &str) -> &'static str {
    let name = file.trim_start_matches("generic/");
    let named = PRESETS.iter().find(|(preset, _)| name.starts_with(preset));
    named.map_or("contacts", |(preset, _)| preset)
}
