//! What a browser does for its developer tools alone: it pretends a preference, and draws a page from top to bottom.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fantoccini::wd::WebDriverCompatibleCommand;
use reqwest::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

use super::chromium::Chromium;

/// The longest page that is drawn, in pixels of CSS. What goes on below is cut.
const LONGEST: f64 = 6000.0;

/// A command of the `DevTools` protocol, by way of chromedriver.
#[derive(Debug)]
struct Command {
    name: &'static str,
    parameters: Value,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!("session/{}/goog/cdp/execute", session_id.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = json!({ "cmd": self.name, "params": self.parameters });
        (Method::POST, Some(body.to_string()))
    }
}

impl Chromium {
    async fn devtools(&self, name: &'static str, parameters: Value) -> Value {
        self.client.issue_cmd(Command { name, parameters }).await.unwrap()
    }

    /// From now on the person likes it dark.
    pub(super) async fn darken(&self) {
        let dark = json!([{ "name": "prefers-color-scheme", "value": "dark" }]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": dark })).await;
    }

    /// Keeps a picture of the page from top to bottom: `target/screenshots/<name>.png`.
    pub async fn picture_of_all(&self, name: &str) {
        let metrics = self.devtools("Page.getLayoutMetrics", json!({})).await;
        let size = &metrics["cssContentSize"];
        let height = size["height"].as_f64().unwrap().min(LONGEST);
        let clip = json!({ "x": 0, "y": 0, "width": size["width"], "height": height, "scale": 1 });
        let whole = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let picture = self.devtools("Page.captureScreenshot", whole).await;
        keep(name, &STANDARD.decode(picture["data"].as_str().unwrap()).unwrap());
    }
}

/// Keeps a picture for people to look at: `target/screenshots/<name>.png`.
pub(super) fn keep(name: &str, picture: &[u8]) {
    let file = super::binary::target_dir().join("screenshots").join(format!("{name}.png"));
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, picture).unwrap();
}
