//! The names of an event's fields: the words of the event API, joined by dots.
//!
//! A mapping uses them as keys; in a body that already is an event each is also the way to its value.

/// The list-valued field among them.
pub(crate) const DEVICE_FLAGS: &str = "device.flags";

/// Every field of text, and `device.flags`; the lists of records (`links` and so on) are not among them.
pub(crate) const FIELDS: [&str; 30] = [
    "id",
    "type",
    "occurred_at",
    "subject.id",
    "subject.email",
    "subject.phone",
    "subject.name",
    "subject.created_at",
    "subject.locale",
    "action.description",
    "action.amount.value",
    "action.amount.currency",
    "action.balance.value",
    "action.balance.currency",
    "action.destination.id",
    "action.destination.label",
    "action.destination.created_at",
    "action.destination.name_match",
    "device.id",
    "device.ip",
    "device.user_agent",
    "device.country",
    "device.latitude",
    "device.longitude",
    "device.session_started_at",
    DEVICE_FLAGS,
    "billing.country",
    "shipping.country",
    "test",
    "return_url",
];

/// The field of this name.
pub(crate) fn named(name: &str) -> Option<&'static str> {
    FIELDS.into_iter().find(|field| *field == name)
}

/// Every field that takes one value.
pub(crate) fn single() -> impl Iterator<Item = &'static str> {
    FIELDS.into_iter().filter(|field| *field != DEVICE_FLAGS)
}

/// The field that holds the currency of an amount's value.
pub(crate) fn currency_of(field: &str) -> Option<&'static str> {
    match field {
        "action.amount.value" => Some("action.amount.currency"),
        "action.balance.value" => Some("action.balance.currency"),
        _ => None,
    }
}
