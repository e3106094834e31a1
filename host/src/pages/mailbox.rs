//! The mailbox of a demo: the mail that it would have sent.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Page;

/// `GET /demo/mailbox`, newest first.
#[derive(Debug, Clone, Serialize)]
pub struct MailboxPage {
    /// The mail, newest first.
    pub messages: Vec<MailboxMessage>,
}

/// One mail that was not sent.
#[derive(Clone, Serialize)]
pub struct MailboxMessage {
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text body.
    pub text: String,
    /// Its HTML body; the page shows it as text, or links to `html_path`.
    pub html: String,
    /// Where the HTML body can be seen, served with a sandboxing policy of its own.
    pub html_path: Option<String>,
    /// When it was queued.
    pub sent_at: DateTime<Utc>,
}

impl std::fmt::Debug for MailboxMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailboxMessage").field("sent_at", &self.sent_at).finish_non_exhaustive()
    }
}

impl Page for MailboxPage {
    const TEMPLATE: &'static str = "demo/mailbox.html";
}
