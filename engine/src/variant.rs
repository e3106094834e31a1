//! `Variant`: which wording greets whoever broke off contact, and how one is chosen for a session.
//!
//! Every wording says to hang up, and everything below it on the page is the same. It is chosen under a key, from the
//! session's id: evenly, the same on every node, and by nobody who could gain from it.

use serde::{Deserialize, Serialize};

use crate::problem::FieldError;

/// A wording of the page's heading and of the sentence below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// To stop and to hang up, nothing else.
    Default,
    /// What the caller may say against it comes first, so that it convinces nobody when it is said.
    CounterScript,
    /// The person decides, and the way to real help comes first.
    OwnControl,
}

impl Variant {
    /// All of them, in the order in which they are listed and chosen from.
    pub const ALL: [Self; 3] = [Self::Default, Self::CounterScript, Self::OwnControl];

    /// The name used in SQL, in JSON and in audit entries.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::CounterScript => "counter_script",
            Self::OwnControl => "own_control",
        }
    }

    /// Reads the name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|variant| variant.as_str() == name)
    }
}

/// The wordings of an organisation that take part: at least one, each once, in the order of [`Variant::ALL`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Variants {
    variants: Vec<Variant>,
}

impl Variants {
    /// Reads names, in whatever order they come.
    ///
    /// # Errors
    /// [`FieldError`] for `/variants` that says which names there are.
    pub fn read(names: &[impl AsRef<str>]) -> Result<Self, FieldError> {
        let wanted: Option<Vec<Variant>> = names.iter().map(|name| Variant::parse(name.as_ref())).collect();
        let wanted = wanted.filter(|wanted| !wanted.is_empty()).ok_or_else(|| {
            let known = Variant::ALL.map(Variant::as_str).join(", ");
            let detail = format!("must name at least one of {known}; one alone compares nothing");
            FieldError::new("/variants", detail)
        })?;
        let variants = Variant::ALL.into_iter().filter(|variant| wanted.contains(variant)).collect();
        Ok(Self { variants })
    }

    /// Their names.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.variants.iter().map(|variant| variant.as_str()).collect()
    }

    /// Whether one takes part.
    #[must_use]
    pub fn contains(&self, variant: Variant) -> bool {
        self.variants.contains(&variant)
    }

    /// The one for a session, by a keyed digest of its id.
    #[must_use]
    pub fn pick(&self, digest: &[u8; 32]) -> Variant {
        let number = digest.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        // the upper half of a product is even over its range; a remainder would favour the first ones
        let place = (u128::from(number) * self.variants.len() as u128) >> 64;
        let chosen = usize::try_from(place).ok().and_then(|place| self.variants.get(place));
        chosen.copied().unwrap_or(Variant::Default)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::vault::MasterKey;

    const KEY: &str = "b7e151628aed2a6abf7158809cf4f3c762e7160f38b4da56a784d9045190cfef";
    const SESSIONS: u32 = 30_000;

    fn all() -> Variants {
        Variants::read(&Variant::ALL.map(Variant::as_str)).unwrap()
    }

    fn digest(org_id: &str, session_id: &str) -> [u8; 32] {
        MasterKey::parse(&KEY.into()).unwrap().org(org_id).variant_digest(session_id)
    }

    #[test]
    fn names_read_back_and_come_in_one_order() {
        for variant in Variant::ALL {
            assert_eq!(Variant::parse(variant.as_str()), Some(variant));
            assert_eq!(serde_json::to_value(variant).unwrap(), variant.as_str());
        }
        let some = Variants::read(&["own_control", "default", "own_control"]).unwrap();
        assert_eq!(some.names(), ["default", "own_control"]);
        assert!(some.contains(Variant::OwnControl) && !some.contains(Variant::CounterScript));
        let bad: [&[&str]; 3] = [&[], &["Default"], &["default", "red"]];
        for names in bad {
            let refused = Variants::read(names).unwrap_err();
            assert_eq!(refused.pointer, "/variants", "{names:?}");
            assert!(refused.detail.contains("counter_script"), "{}", refused.detail);
        }
    }

    #[test]
    fn each_gets_its_even_share_of_sessions() {
        let vault = MasterKey::parse(&KEY.into()).unwrap().org("org_1");
        for names in [&["default", "own_control"][..], &["default", "counter_script", "own_control"]] {
            let variants = Variants::read(names).unwrap();
            let mut counts: BTreeMap<Variant, u32> = BTreeMap::new();
            for number in 0..SESSIONS {
                let digest = vault.variant_digest(&format!("ses_{number}"));
                *counts.entry(variants.pick(&digest)).or_default() += 1;
            }
            let expected = f64::from(SESSIONS) / f64::from(u32::try_from(names.len()).unwrap());
            let chi: f64 =
                counts.values().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum();
            assert_eq!(counts.len(), names.len(), "{counts:?}");
            // one in a thousand even choices is as uneven as 13.8 (two degrees of freedom)
            assert!(chi < 13.8, "{chi}: {counts:?}");
        }
    }

    #[test]
    fn the_ends_of_the_range_are_chosen_from() {
        assert_eq!(all().pick(&[0; 32]), Variant::Default);
        assert_eq!(all().pick(&[0x80; 32]), Variant::CounterScript);
        assert_eq!(all().pick(&[0xff; 32]), Variant::OwnControl);
    }

    #[test]
    fn nobody_without_the_key_knows_what_is_chosen() {
        let differing = (0..300).filter(|number| {
            let session = format!("ses_{number}");
            all().pick(&digest("org_1", &session)) != all().pick(&digest("org_2", &session))
        });
        // two of three differ by chance
        assert!((150..250).contains(&differing.count()));
    }

    proptest! {
        #[test]
        fn a_session_keeps_what_was_chosen_for_it(session in "ses_[a-z0-9]{26}") {
            let chosen = all().pick(&digest("org_1", &session));
            prop_assert_eq!(chosen, all().pick(&digest("org_1", &session)));
            let alone = Variants::read(&[chosen.as_str()]).unwrap();
            prop_assert_eq!(alone.pick(&digest("org_1", &session)), chosen);
        }

        #[test]
        fn only_what_takes_part_is_chosen(digest: [u8; 32], places in 1_usize..8) {
            let some = Variant::ALL.into_iter().enumerate().filter(|(place, _)| places & (1 << place) != 0);
            let names: Vec<&str> = some.map(|(_, variant)| variant.as_str()).collect();
            let variants = Variants::read(&names).unwrap();
            prop_assert!(variants.contains(variants.pick(&digest)));
        }
    }
}
