//! `Status`: where a policy version stands in its life.

use serde::Serialize;

/// Draft, checked, shadow, live, retired. The document never changes on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Kept, perhaps with mistakes.
    Draft,
    /// Free of mistakes, its own tests passed.
    Checked,
    /// Judges beside the live one, and decides nothing.
    Shadow,
    /// Decides. Exactly one version of an organisation is live.
    Live,
    /// Decided once, or never will.
    Retired,
}

/// What is done to a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Its mistakes are looked for, and none is found.
    Check,
    /// It judges beside the live one.
    Shadow,
    /// It decides from now on.
    Publish,
    /// It no longer judges.
    Retire,
}

impl Status {
    /// Where `step` leads, if it may be taken from here.
    #[must_use]
    pub fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Draft, Step::Check) => Some(Self::Checked),
            (Self::Checked | Self::Retired, Step::Shadow) => Some(Self::Shadow),
            (Self::Checked | Self::Shadow | Self::Retired, Step::Publish) => Some(Self::Live),
            (Self::Draft | Self::Checked | Self::Shadow, Step::Retire) => Some(Self::Retired),
            _ => None,
        }
    }

    /// The name used in SQL and in answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Checked => "checked",
            Self::Shadow => "shadow",
            Self::Live => "live",
            Self::Retired => "retired",
        }
    }

    /// Reads the name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Draft, Self::Checked, Self::Shadow, Self::Live, Self::Retired]
            .into_iter()
            .find(|status| status.as_str() == name)
    }
}

impl Step {
    /// The name used in paths and in the audit log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Shadow => "shadow",
            Self::Publish => "publish",
            Self::Retire => "retire",
        }
    }

    /// Reads the name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Check, Self::Shadow, Self::Publish, Self::Retire]
            .into_iter()
            .find(|step| step.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_decides_unchecked_and_what_is_live_is_only_replaced() {
        let all = [Status::Draft, Status::Checked, Status::Shadow, Status::Live, Status::Retired];
        let from =
            |step: Step| all.into_iter().filter(|status| status.after(step).is_some()).collect::<Vec<_>>();
        assert_eq!(from(Step::Check), [Status::Draft]);
        assert_eq!(from(Step::Shadow), [Status::Checked, Status::Retired]);
        assert_eq!(from(Step::Publish), [Status::Checked, Status::Shadow, Status::Retired]);
        assert_eq!(from(Step::Retire), [Status::Draft, Status::Checked, Status::Shadow]);
        assert!(all.into_iter().all(|status| Status::parse(status.as_str()) == Some(status)));
    }
}
