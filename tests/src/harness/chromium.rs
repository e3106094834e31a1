//! A real browser: headless Chromium, driven through chromedriver, with an empty profile and nobody's network.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use fantoccini::elements::Element;
use fantoccini::wd::WindowHandle;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

use super::until::{until, within};

/// What the browser is started with. Nothing may reach for the network by itself.
const FLAGS: [&str; 9] = [
    "--headless=new",
    // root may not use the sandbox, and nothing here comes from outside
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
];

/// How the browser looks at pages.
#[derive(Debug, Clone, Copy)]
pub struct Looks {
    /// Width of the page in pixels of CSS.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// Whether scripts run.
    pub scripts: bool,
    /// Whether the person set text to twice its size.
    pub large: bool,
    /// Whether the person likes it dark.
    pub dark: bool,
}

/// A phone of the smallest kind.
pub const PHONE: Looks = Looks { width: 320, height: 640, scripts: true, large: false, dark: false };
/// A desk.
pub const DESK: Looks = Looks { width: 1280, height: 900, scripts: true, large: false, dark: false };

/// Keys as `WebDriver` names them (section 17.4.2).
pub mod key {
    /// To the next thing.
    pub const TAB: &str = "\u{e004}";
    /// Do it.
    pub const ENTER: &str = "\u{e007}";
    /// Choose it.
    pub const SPACE: &str = " ";
    /// The next choice.
    pub const DOWN: &str = "\u{e015}";
}

/// A running browser.
#[derive(Debug)]
pub struct Chromium {
    /// Its driver's client.
    pub client: Client,
    driver: Child,
    _profile: TempDir,
}

impl Chromium {
    /// Starts one.
    pub async fn open(looks: Looks) -> Self {
        let (driver, port) = start_driver();
        let profile = tempfile::tempdir().unwrap();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities(looks, &profile));
        let client = within("a browser", builder.connect(&format!("http://127.0.0.1:{port}"))).await.unwrap();
        if looks.width > 600 {
            client.set_window_size(looks.width, looks.height).await.unwrap();
        }
        let browser = Self { client, driver, _profile: profile };
        if looks.dark {
            browser.darken().await;
        }
        browser
    }

    /// Opens a page.
    pub async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// The text that can be seen on the page, as soon as it holds `text`.
    pub async fn seeing(&self, text: &str) -> String {
        until(&format!("`{text}` on the page"), || async {
            // while a page is being replaced there is no body
            let body = self.client.find(Locator::Css("body")).await.ok()?;
            body.text().await.ok().filter(|seen| seen.contains(text))
        })
        .await
    }

    /// Presses a key on whatever has the focus.
    pub async fn press(&self, key: &str) {
        self.client.active_element().await.unwrap().send_keys(key).await.unwrap();
    }

    /// Goes on with the Tab key until `selector` has the focus, as somebody without a mouse does.
    pub async fn tab_to(&self, selector: &str) {
        for _ in 0..60 {
            self.press(key::TAB).await;
            if self.is_focused(selector).await {
                return;
            }
        }
        panic!("the Tab key never reaches {selector}");
    }

    /// True when the focused element is one of `selector`.
    pub async fn is_focused(&self, selector: &str) -> bool {
        let focused = self.client.active_element().await.unwrap();
        let found = self.client.find_all(Locator::Css(selector)).await.unwrap();
        found.iter().any(|element| element.element_id() == focused.element_id())
    }

    /// The first element of `selector`.
    pub async fn find(&self, selector: &str) -> Element {
        self.client.find(Locator::Css(selector)).await.unwrap()
    }

    /// Goes on in the window that opened beside this one, and returns this one.
    pub async fn to_new_window(&self) -> WindowHandle {
        let here = self.client.window().await.unwrap();
        let new = until("another window", || async {
            self.client.windows().await.unwrap().into_iter().find(|window| *window != here)
        })
        .await;
        self.client.switch_to_window(new).await.unwrap();
        here
    }

    /// Goes back to `window` once it is the only one.
    pub async fn to_last_window(&self, window: WindowHandle) {
        until("one window alone", || async {
            let windows = self.client.windows().await.unwrap();
            (windows.len() == 1).then_some(())
        })
        .await;
        self.client.switch_to_window(window).await.unwrap();
    }

    /// What a script of the page's own would get.
    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Answers that nobody guides the person, and types the code once `code` has it.
    pub async fn pass(&self, code: impl Future<Output = String>) {
        self.seeing("Is anyone on a call").await;
        self.answer("#intent-confirmed").await;
        self.seeing("Enter the code we sent you").await;
        self.find("#code").await.send_keys(&format!("{}{}", code.await, key::ENTER)).await.unwrap();
    }

    /// Chooses an answer and sends it, with the keyboard.
    pub async fn answer(&self, choice: &str) {
        let choice = self.find(choice).await;
        choice.send_keys(key::SPACE).await.unwrap();
        choice.send_keys(key::ENTER).await.unwrap();
    }

    /// The page's address.
    pub async fn url(&self) -> Url {
        self.client.current_url().await.unwrap()
    }

    /// Keeps a picture of what is seen of the page, for people to look at: `target/screenshots/<name>.png`.
    pub async fn picture(&self, name: &str) {
        super::devtools::keep(name, &self.client.screenshot().await.unwrap());
    }

    /// Says so when the page is wider than the window: then somebody would have to scroll sideways.
    pub async fn overflow(&self) -> Option<String> {
        let script = "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]";
        let widths = self.run(script).await;
        let fits = widths[0].as_f64() <= widths[1].as_f64();
        (!fits).then(|| format!("the page is {} wide in a window of {}", widths[0], widths[1]))
    }

    /// Fails when somebody would have to scroll sideways.
    pub async fn assert_fits(&self) {
        assert_eq!(self.overflow().await, None);
    }

    /// Ends the browser.
    pub async fn close(self) {
        self.client.clone().close().await.unwrap();
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // the driver leads a group of its own, in which its browser is, too
        if let Some(group) = i32::try_from(self.driver.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.driver.wait();
    }
}

/// Starts chromedriver on a port of its own choice. It wants that port on IPv4 and IPv6, and ends where another took the
/// second one meanwhile; then it is started again.
fn start_driver() -> (Child, u16) {
    (0..5).find_map(|_| try_driver()).expect("chromedriver says its port")
}

/// A driver and its port, which it says on its standard output.
fn try_driver() -> Option<(Child, u16)> {
    let mut command = Command::new("chromedriver");
    command
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0);
    let mut driver = command.spawn().expect("chromedriver is missing: `make test` installs it with Chromium");
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let (_, rest) = line.split_once("started successfully on port ")?;
        rest.trim_end_matches('.').parse().ok()
    });
    let Some(port) = port else {
        let _ = driver.wait();
        return None;
    };
    // it must be able to go on writing
    std::thread::spawn(move || lines.for_each(drop));
    Some((driver, port))
}

fn capabilities(looks: Looks, profile: &TempDir) -> fantoccini::wd::Capabilities {
    let mut arguments: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
    arguments.push(format!("--user-data-dir={}", profile.path().display()));
    arguments.push(format!("--window-size={},{}", looks.width, looks.height));
    let mut options = json!({ "args": arguments });
    if looks.width <= 600 {
        // a window cannot be made this narrow, a phone can
        let metrics =
            json!({ "width": looks.width, "height": looks.height, "pixelRatio": 2.0, "touch": true });
        options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
    }
    options["prefs"] = preferences(looks);
    match json!({ "browserName": "chrome", "goog:chromeOptions": options }) {
        Value::Object(capabilities) => capabilities,
        _ => unreachable!("an object was written"),
    }
}

/// What a person can choose in the settings of the browser.
fn preferences(looks: Looks) -> Value {
    let mut preferences = json!({});
    if !looks.scripts {
        for name in ["managed_default_content_settings", "default_content_setting_values"] {
            preferences[format!("profile.{name}.javascript")] = json!(2);
        }
    }
    if looks.large {
        // 16 is what browsers begin with
        preferences["webkit.webprefs.default_font_size"] = json!(32);
    }
    preferences
}
