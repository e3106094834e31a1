//! What a demo prints once it serves: where everything is, and what to try.

use super::home::Home;
use super::record::{Dashboard, Record};
use super::tryout;
use crate::App;

/// All of it. `mailbox` says whether mail stays here.
pub(super) fn text(app: &App, home: &Home, record: &Record, mailbox: bool) -> String {
    let base = app.site.public_url.as_str();
    let key = record.api_key.as_deref().unwrap_or_default();
    let path = home.path().display();
    let mail = match (&record.mailbox_url, mailbox) {
        (Some(url), true) => url.as_str(),
        _ => "leaves by SMTP",
    };
    let scripts: String = tryout::of(app, record)
        .into_iter()
        .map(|(source, spec)| {
            format!("   sh {path}/{}   # {}\n", tryout::file(&source.connector), spec.title)
        })
        .collect();
    format!(
        "\n\
         ASE serves a demo at {base}\n\n\
         {dashboard}\
         mail        {mail}\n\
         reference   {base}/docs\n\
         keys        {path}/demo.json\n\n\
         1. A harmless event: allowed at once, with a decision token.\n\n{harmless}\n\n\
         2. A risky one: answers delay_verify. Open its challenge_url, say that it is you, and enter the code that\n   \
         comes by mail.\n\n{risky}\n\n\
         3. A signed webhook for each source:\n\n{scripts}\n\
         4. Redeem the decision token of any of them, once:\n\n{verify}\n\n\
         Ctrl-C ends the demo; everything stays in {path} and is there again at the next start.\n",
        dashboard = record.dashboard.as_ref().map(dashboard).unwrap_or_default(),
        harmless = curl(base, key, "/events/ingest", HARMLESS),
        risky = curl(base, key, "/events/ingest", RISKY),
        verify = curl(base, key, "/decisions/verify", r#"{"token":"…"}"#),
    )
}

fn dashboard(dashboard: &Dashboard) -> String {
    let Dashboard { url, email, password } = dashboard;
    format!("dashboard   {url}\n            {email}   {password}\n")
}

/// A line to paste. Where the body holds `'$(…)'`, the shell puts something fresh in.
fn curl(base: &str, key: &str, path: &str, body: &str) -> String {
    format!(
        "curl -sS {base}{path} -H 'authorization: Bearer {key}' -H 'content-type: application/json' -d '{body}'"
    )
}

/// A small order on a known kind of account: 15 points for its first device.
const HARMLESS: &str = r#"{"id":"harmless-'$(date +%s)'","type":"order.created","subject":{"id":"ben","email":"ben@example.com","name":"Ben","created_at":"2020-01-01T00:00:00Z"},"action":{"description":"Order of a book","amount":{"value":"12.00","currency":"EUR"}},"device":{"id":"bens-phone","country":"DE"},"billing":{"country":"DE"},"shipping":{"country":"DE"}}"#;

/// Payouts to a new account from a new device: 15 points for the action, 15 for the device, 15 for the account.
const RISKY: &str = r#"{"id":"risky-'$(date +%s)'","type":"payout.destination_changed","subject":{"id":"ana-'$(date +%s)'","email":"ana@example.com","name":"Ana","created_at":"2020-01-01T00:00:00Z"},"action":{"description":"Send payouts to DE89 … 3000","amount":{"value":"400.00","currency":"EUR"},"balance":{"value":"1000.00","currency":"EUR"},"destination":{"id":"iban:DE89370400440532013000","label":"DE89 … 3000","created_at":"'$(date -u +%Y-%m-%dT%H:%M:%SZ)'"}},"device":{"id":"unknown-laptop","country":"DE"}}"#;
