//! Headers and settings of a delivery.

use crate::refusal::unauthenticated;
use crate::wit::{Delivery, Refusal};

/// The header of this lower-case name as text; none when it is missing.
///
/// # Errors
/// `unauthenticated` when it is given more than once, since two readers could then follow different ones, or when
/// it is not text.
pub fn header<'d>(delivery: &'d Delivery, name: &str) -> Result<Option<&'d str>, Refusal> {
    let mut found = delivery.headers.iter().filter(|header| header.name == name);
    let Some(header) = found.next() else { return Ok(None) };
    if found.next().is_some() {
        return Err(unauthenticated(format!("the header {name} is given more than once")));
    }
    let text = str::from_utf8(&header.value)
        .map_err(|_not_text| unauthenticated(format!("the header {name} is not text")))?;
    Ok(Some(text.trim()))
}

/// The same for a header that must be there.
///
/// # Errors
/// `unauthenticated` as for [`header`], and when it is missing or blank.
pub fn required<'d>(delivery: &'d Delivery, name: &str) -> Result<&'d str, Refusal> {
    header(delivery, name)?
        .filter(|text| !text.is_empty())
        .ok_or_else(|| unauthenticated(format!("the header {name} is missing")))
}

/// The setting of this name; a blank one counts as not set.
#[must_use]
pub fn setting<'d>(delivery: &'d Delivery, name: &str) -> Option<&'d str> {
    let setting = delivery.settings.iter().find(|setting| setting.name == name)?;
    Some(setting.value.trim()).filter(|value| !value.is_empty())
}

/// Whether the setting of this name is `true`.
#[must_use]
pub fn is_set(delivery: &Delivery, name: &str) -> bool {
    setting(delivery, name) == Some("true")
}
