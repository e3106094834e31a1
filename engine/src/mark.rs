//! `Mark`: what an event tells of its device, card or subject besides its category.

use crate::event::EventType;

/// What later decisions count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A successful sign-in.
    Login,
    /// A failed sign-in.
    LoginFailed,
    /// A payment that was refused.
    PaymentFailed,
    /// A payment that was disputed.
    Dispute,
    /// A warning that a payment was fraud.
    FraudWarning,
}

impl Mark {
    /// The mark of a type, if it has one. What only repeats an earlier word (`dispute.updated`) has none.
    #[must_use]
    pub fn of(event_type: &EventType) -> Option<Self> {
        Some(match event_type.as_str() {
            "login.succeeded"
            | "login.created"
            | "session.created"
            | "account.login"
            | "account.login_succeeded" => Self::Login,
            "login.failed" | "account.login_failed" => Self::LoginFailed,
            "payment.failed" | "payment.declined" | "payment.blocked" | "payment_method.failed" => {
                Self::PaymentFailed
            }
            "dispute.created" | "dispute.opened" => Self::Dispute,
            "fraud_warning.created" => Self::FraudWarning,
            _ => return None,
        })
    }

    /// The name used in SQL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::LoginFailed => "login_failed",
            Self::PaymentFailed => "payment_failed",
            Self::Dispute => "dispute",
            Self::FraudWarning => "fraud_warning",
        }
    }

    /// True for what weighs for months on whoever and whatever took part in the payment.
    #[must_use]
    pub fn is_lasting(self) -> bool {
        matches!(self, Self::Dispute | Self::FraudWarning)
    }
}
