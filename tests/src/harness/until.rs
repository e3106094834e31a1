//! Waiting for a condition. The limit only turns a hang into a failure; nothing waits for time to pass.

use std::time::Duration;

/// Longest wait for anything. Far beyond what a slow machine needs.
pub const PATIENCE: Duration = Duration::from_mins(1);
/// Between two looks at something that cannot be subscribed to.
const GLANCE: Duration = Duration::from_millis(10);

/// Looks until `look` finds something, and returns it.
///
/// # Panics
/// After [`PATIENCE`], naming `what` was waited for.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let seen = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(GLANCE).await;
        }
    };
    within(what, seen).await
}

/// Waits for `future`.
///
/// # Panics
/// After [`PATIENCE`], naming `what` was waited for.
pub async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}
