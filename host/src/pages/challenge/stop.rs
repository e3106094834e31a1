//! The page behind the Stop link of a mail.

use serde::Serialize;

use super::{ActionView, Shell};
use crate::pages::Concealed;

/// Asks whether to stop, or says what became of it. Its form posts the token alone to `path`.
#[derive(Debug, Clone, Serialize)]
pub struct StopPage {
    /// The page's frame.
    #[serde(flatten)]
    pub shell: Shell,
    /// What would be stopped.
    pub action: ActionView,
    /// Where the form goes: the page's own address.
    pub path: String,
    /// Proof that the form came from this page.
    pub form_token: Concealed,
    /// Whether it can be stopped.
    pub state: StopState,
}

/// Whether something can be stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StopState {
    /// It can.
    Open,
    /// Nothing can come of it any more.
    Stopped,
    /// The platform went ahead.
    Late,
}
