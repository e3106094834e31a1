//! What is known of a part of a condition.

use crate::rule::catalogue::Kind;

/// What is known of a part of a condition.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// What sort of value it has.
    pub(super) kind: Kind,
    /// The most items of a list.
    pub(super) items: u32,
    /// What reading it may cost.
    pub(super) cost: u32,
    /// The feature it is, for messages.
    pub(super) name: Option<String>,
}

impl Found {
    pub(super) fn new(kind: Kind, cost: u32) -> Self {
        Self { kind, items: 0, cost, name: None }
    }

    /// True when it is, or may turn out to be, of this kind.
    pub(super) fn is(&self, kind: Kind) -> bool {
        self.kind == kind
            || (self.kind == Kind::Any && matches!(kind, Kind::Bool | Kind::Double | Kind::Text))
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self.kind, Kind::Int | Kind::Double | Kind::Any)
    }

    /// "`event.country` (string)", or "a string".
    pub(super) fn say(&self) -> String {
        let kind = self.kind.as_str();
        match &self.name {
            Some(name) => format!("`{name}` ({kind})"),
            None if kind.starts_with(['a', 'i']) => format!("an {kind}"),
            None => format!("a {kind}"),
        }
    }
}
