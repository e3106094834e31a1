//! One script per source, `try/<connector>.sh`, that sends it a signed webhook.
//!
//! How a platform signs is the connector's knowledge: its manifest holds the recipe, this file fills in address and
//! secret. Only recipes of this program's own connectors are written out, since people will run them.

use super::DemoError;
use super::home::Home;
use super::record::{Record, SourceRecord};
use crate::App;
use crate::connectors::{DemoSpec, Origin};

/// Writes the scripts.
pub(super) fn write(app: &App, home: &Home, record: &Record) -> Result<(), DemoError> {
    home.private_dir("try")?;
    for (source, spec) in of(app, record) {
        home.write(&file(&source.connector), 0o700, &script(source, &spec))?;
    }
    Ok(())
}

/// The sources that can be tried, with their recipes.
pub(super) fn of<'a>(app: &App, record: &'a Record) -> Vec<(&'a SourceRecord, DemoSpec)> {
    let bundled: Vec<String> = app
        .connectors
        .list()
        .into_iter()
        .filter(|status| status.origin == Origin::Bundled)
        .map(|status| status.id)
        .collect();
    let mine = record.sources.iter().filter(|source| bundled.contains(&source.connector));
    mine.filter_map(|source| Some((source, app.connectors.manifest(&source.connector)?.demo.clone()?)))
        .collect()
}

/// Where the script of a connector is, in the data directory.
pub(super) fn file(connector: &str) -> String {
    format!("try/{connector}.sh")
}

fn script(source: &SourceRecord, spec: &DemoSpec) -> String {
    let DemoSpec { title, body, sign, .. } = spec;
    let (body, sign) = (body.trim_end(), sign.trim_end());
    format!(
        "#!/bin/sh\n\
         # {title}\n\
         set -eu\n\
         url={url}\n\
         secret={secret}\n\
         id=$(od -An -N6 -tu8 /dev/urandom | tr -d ' \\n')\n\
         now=$(date +%s)\n\
         time=$(date -u +%Y-%m-%dT%H:%M:%SZ)\n\
         body=$(cat <<BODY\n{body}\nBODY\n)\n\
         sign() {{\n{sign}\n}}\n\
         sign | curl -sS \"$url\" -H 'content-type: application/json' -H @- --data-binary \"$body\"\n\
         echo\n",
        title = title.replace(['\n', '\r'], " "),
        url = quoted(&source.url),
        secret = quoted(&source.secret),
    )
}

/// A word of `sh` that stands for `text`, whatever that holds.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::process::Command;

    use super::*;

    #[test]
    fn a_script_signs_the_body_that_it_sends() {
        let source = SourceRecord {
            id: "src_1".to_owned(),
            connector: "any".to_owned(),
            url: "http://127.0.0.1:1/webhooks/any/src_1".to_owned(),
            secret: "it's; $HOME `secret`".to_owned(),
            scheme: None,
        };
        let spec = DemoSpec {
            title: "one\nrm -rf".to_owned(),
            settings: BTreeMap::new(),
            body: "{\"id\":\"$id\",\"at\":$now}\n".to_owned(),
            sign: "printf 'x-secret: %s\\n' \"$secret\"\nprintf 'x-length: %s\\n' \"${#body}\"".to_owned(),
        };
        // what curl would be given, shown instead
        let script = script(&source, &spec).replace("curl -sS", "sh -c 'cat; printf \"%s|\" \"$@\"' curl");
        let shown = Command::new("sh").args(["-c", &script]).output().unwrap();
        let text = String::from_utf8(shown.stdout).unwrap();
        assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
        let body = text.split('|').find(|part| part.starts_with('{')).unwrap();
        let read: serde_json::Value = serde_json::from_str(body).unwrap();
        assert!(
            read["at"].as_i64().unwrap() > 1_700_000_000 && read["id"].as_str().unwrap().len() > 5,
            "{body}"
        );
        assert!(text.contains("x-secret: it's; $HOME `secret`\n"), "{text}");
        assert!(text.contains(&format!("x-length: {}\n", body.len())), "{text}");
    }
}
