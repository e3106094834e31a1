//! Ctrl-C and SIGTERM: the first asks for an orderly end, the second for an end at once.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// What the signals ask for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Signals {
    /// Finish what was begun, then end.
    pub(crate) graceful: CancellationToken,
    /// End at once.
    pub(crate) immediate: CancellationToken,
}

impl Signals {
    /// Listens from now on.
    ///
    /// # Errors
    /// The system takes no more handlers.
    pub(crate) fn watch() -> io::Result<Self> {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let signals = Self::default();
        let told = signals.clone();
        tokio::spawn(async move {
            for token in [told.graceful, told.immediate] {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                token.cancel();
            }
        });
        Ok(signals)
    }
}
