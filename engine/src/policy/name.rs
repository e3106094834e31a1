//! Names of policies that stand in addresses already.

use crate::problem::FieldError;

/// Words of addresses below `/policies/`, and of what may come to stand there.
const WORDS: [&str; 6] = ["backtest", "presets", "rollback", "schema", "shadow-report", "versions"];

/// Refuses a name that is a word of an address: such a policy could be kept and then not be reached.
pub(super) fn check(name: &str) -> Result<(), FieldError> {
    if WORDS.contains(&name) {
        let detail = format!("must not be `{name}`, which stands in addresses; choose another name");
        return Err(FieldError::new("/name", detail));
    }
    Ok(())
}
