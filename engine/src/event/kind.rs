//! `EventType` and the category that policies speak of.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What happened, dotted, lower case: `order.created`, `payout.destination_changed`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventType(String);

/// The kind of action behind a type; an unknown type is `Other`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Money leaves to a destination, or the destination changes.
    Payout,
    /// Money leaves at the subject's own wish: withdrawals and transfers.
    Withdrawal,
    /// E-mail, phone or address changes.
    Contact,
    /// Password, second factor or recovery changes.
    Credential,
    /// A purchase.
    Order,
    /// An attempt to pay.
    Payment,
    /// Signing in, failed or not.
    Login,
    /// Other account events.
    Account,
    /// A dispute, refund, review or warning about something earlier.
    Aftermath,
    /// Recorded, never scored: privacy requests, the end of a source.
    Notice,
    /// Anything else.
    Other,
}

impl EventType {
    /// Keeps `text` as it is; an unknown type is scored as `other`.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The type as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The category that policies and signals speak of.
    #[must_use]
    pub fn category(&self) -> Category {
        let (noun, verb) = self.0.split_once('.').unwrap_or((self.0.as_str(), ""));
        match noun {
            "payout" => Category::Payout,
            "withdrawal" | "transfer" => Category::Withdrawal,
            "contact" => Category::Contact,
            "credential" | "password" | "mfa" | "recovery" => Category::Credential,
            "order" | "checkout" | "purchase" => Category::Order,
            "payment" | "payment_method" => Category::Payment,
            "login" | "session" => Category::Login,
            "account" | "customer" | "merchant" => account_category(verb),
            "refund" | "dispute" | "review" | "fraud_warning" => Category::Aftermath,
            "privacy" | "source" => Category::Notice,
            _ => Category::Other,
        }
    }
}

/// `account.*` holds what people change about themselves, so its verbs decide.
fn account_category(verb: &str) -> Category {
    match verb {
        "email_changed" | "phone_changed" | "address_changed" | "contact_changed" => Category::Contact,
        "password_changed" | "password_reset" | "mfa_changed" | "mfa_disabled" | "mfa_reset"
        | "recovery_changed" | "credential_changed" | "passkey_added" => Category::Credential,
        "login" | "login_succeeded" | "login_failed" => Category::Login,
        _ => Category::Account,
    }
}

impl Category {
    /// The name used in policies, in SQL and in pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Payout => "payout",
            Self::Withdrawal => "withdrawal",
            Self::Contact => "contact",
            Self::Credential => "credential",
            Self::Order => "order",
            Self::Payment => "payment",
            Self::Login => "login",
            Self::Account => "account",
            Self::Aftermath => "aftermath",
            Self::Notice => "notice",
            Self::Other => "other",
        }
    }

    /// True for what a scammer wants done: these count towards a burst of sensitive actions.
    #[must_use]
    pub fn is_sensitive(self) -> bool {
        matches!(self, Self::Payout | Self::Withdrawal | Self::Contact | Self::Credential)
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_fall_into_their_categories() {
        let table = [
            ("payout.destination_changed", Category::Payout),
            ("transfer.created", Category::Withdrawal),
            ("account.email_changed", Category::Contact),
            ("account.password_reset", Category::Credential),
            ("account.created", Category::Account),
            ("order.created", Category::Order),
            ("privacy.erasure_requested", Category::Notice),
            ("something", Category::Other),
            ("payouts", Category::Other),
        ];
        for (text, category) in table {
            assert_eq!(EventType::new(text).category(), category, "{text}");
        }
    }
}
