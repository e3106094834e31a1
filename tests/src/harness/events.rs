//! Events that stories send. Each subject has an address of its own: `<subject>@example.com`.

use serde_json::{Value, json};

/// Somebody on the telephone talks a person into sending payouts elsewhere: challenged, with a code.
#[must_use]
pub fn risky_payout(id: &str, subject: &str) -> Value {
    json!({
        "id": id,
        "type": "payout.destination_changed",
        "subject": { "id": subject, "email": address(subject), "name": "Ana Lovelace" },
        "action": {
            "description": "Send payouts to DE89 … 3000",
            "amount": { "value": "900.00", "currency": "EUR" },
            "destination": { "id": format!("iban:{subject}"), "label": "DE89 … 3000" },
        },
        "device": { "id": format!("device-of-{subject}"), "flags": ["call_active"] },
    })
}

/// A sign-in that nobody minds: let through at once.
#[must_use]
pub fn quiet_login(id: &str, subject: &str) -> Value {
    json!({ "id": id, "type": "login.succeeded", "subject": { "id": subject, "email": address(subject) } })
}

/// Everything speaks against it: stopped at once.
#[must_use]
pub fn reckless_payout(id: &str, subject: &str) -> Value {
    let mut event = risky_payout(id, subject);
    event["device"]["flags"] = json!(["call_active", "remote_control"]);
    event["action"]["balance"] = json!({ "value": "950.00", "currency": "EUR" });
    event
}

/// Where mail to a subject goes.
#[must_use]
pub fn address(subject: &str) -> String {
    format!("{subject}@example.com")
}
