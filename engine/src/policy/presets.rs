//! `PRESETS`: policies to start from, each for one kind of business, with comments for whoever runs it.

/// A policy to start from.
#[derive(Debug, Clone, Copy)]
pub struct Preset {
    /// The name it is known by, and that its document has.
    pub name: &'static str,
    /// What it is for, in a line.
    pub summary: &'static str,
    /// The document in YAML, with comments.
    pub text: &'static str,
}

/// Every preset, by name.
pub const PRESETS: [Preset; 6] = [
    Preset {
        name: "big-order",
        summary: "shops: large orders, gift cards, orders that others rated as risky",
        text: include_str!("presets/big-order.yaml"),
    },
    Preset {
        name: "marketplace-seller",
        summary: "marketplaces: sellers whose payouts and contacts are taken over",
        text: include_str!("presets/marketplace-seller.yaml"),
    },
    Preset {
        name: "observe-only",
        summary: "the first weeks: everything is scored, nothing is delayed or blocked",
        text: include_str!("presets/observe-only.yaml"),
    },
    Preset {
        name: "password-reset",
        summary: "accounts: resets, second factors and contacts that a caller talks people into changing",
        text: include_str!("presets/password-reset.yaml"),
    },
    Preset {
        name: "payout",
        summary: "money that leaves: payouts, withdrawals, and changes of where they go",
        text: include_str!("presets/payout.yaml"),
    },
    Preset {
        name: "strict",
        summary: "after an incident: asks early, holds after a change of contact",
        text: include_str!("presets/strict.yaml"),
    },
];

/// The preset of this name.
#[must_use]
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

#[cfg(test)]
mod tests;
