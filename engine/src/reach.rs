//! `Reach`: on which ways an organisation's codes go, in which order, and how many.

use serde::Serialize;

use crate::outbox::Channel;
use crate::phone;
use crate::problem::FieldError;

/// Codes within an hour that an organisation may set.
pub const HOURLY_MAX: i32 = 20_000;
/// Beginnings of numbers that it may list.
const PREFIXES_MAX: usize = 100;

/// How an organisation reaches people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// The ways, the first that works first.
    pub channels: Vec<Channel>,
    /// Beginnings of numbers that text messages may go to; without any, none goes.
    pub sms_prefixes: Vec<String>,
    /// Codes within an hour.
    pub codes_hourly: i32,
    /// Text messages within an hour below each beginning.
    pub sms_hourly: i32,
}

impl Reach {
    /// The longest beginning on the list that `number` has.
    #[must_use]
    pub fn prefix_of(&self, number: &str) -> Option<&str> {
        let found = self.sms_prefixes.iter().filter(|prefix| number.starts_with(prefix.as_str()));
        found.max_by_key(|prefix| prefix.len()).map(String::as_str)
    }

    /// Whether there is a way after `channel`.
    #[must_use]
    pub fn follows(&self, channel: Channel) -> bool {
        self.channels.iter().skip_while(|way| **way != channel).nth(1).is_some()
    }

    /// The same in its one spelling.
    ///
    /// # Errors
    /// [`FieldError`] naming what is wrong.
    pub fn checked(self) -> Result<Self, FieldError> {
        let twice = self
            .channels
            .iter()
            .enumerate()
            .any(|(place, way)| self.channels.iter().skip(place + 1).any(|other| other == way));
        if self.channels.is_empty() || twice {
            return Err(FieldError::new("/channels", "must name `email`, `sms` or both, each once"));
        }
        if self.sms_prefixes.len() > PREFIXES_MAX {
            return Err(FieldError::new("/sms_prefixes", format!("must be at most {PREFIXES_MAX}")));
        }
        let spelled = |text: &String| {
            phone::prefix(text).ok_or_else(|| {
                FieldError::new(
                    "/sms_prefixes",
                    "each must be a country's code, or more of a number, such as +49",
                )
            })
        };
        let mut sms_prefixes = self.sms_prefixes.iter().map(spelled).collect::<Result<Vec<_>, _>>()?;
        sms_prefixes.sort_unstable();
        sms_prefixes.dedup();
        if self.channels.contains(&Channel::Sms) && sms_prefixes.is_empty() {
            let detail = "must name a country's code such as +49: text messages go nowhere else";
            return Err(FieldError::new("/sms_prefixes", detail));
        }
        for (pointer, hourly) in [("/codes_hourly", self.codes_hourly), ("/sms_hourly", self.sms_hourly)] {
            if !(1..=HOURLY_MAX).contains(&hourly) {
                return Err(FieldError::new(pointer, format!("must be 1 to {HOURLY_MAX}")));
            }
        }
        Ok(Self { sms_prefixes, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach() -> Reach {
        Reach {
            channels: vec![Channel::Sms, Channel::Email],
            sms_prefixes: vec!["0049".to_owned(), "+49 151".to_owned(), "+43".to_owned(), "+49".to_owned()],
            codes_hourly: 1000,
            sms_hourly: 100,
        }
    }

    #[test]
    fn numbers_belong_to_the_longest_beginning() {
        let reach = reach().checked().unwrap();
        assert_eq!(reach.sms_prefixes, ["+43", "+49", "+49151"]);
        assert_eq!(reach.prefix_of("+4915112345"), Some("+49151"));
        assert_eq!(reach.prefix_of("+4930123456"), Some("+49"));
        assert_eq!(reach.prefix_of("+18761234567"), None);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let table = [
            (Reach { channels: Vec::new(), ..reach() }, "/channels"),
            (Reach { channels: vec![Channel::Email, Channel::Email], ..reach() }, "/channels"),
            (Reach { sms_prefixes: Vec::new(), ..reach() }, "/sms_prefixes"),
            (Reach { sms_prefixes: vec!["Germany".to_owned()], ..reach() }, "/sms_prefixes"),
            (Reach { codes_hourly: 0, ..reach() }, "/codes_hourly"),
            (Reach { sms_hourly: 20_001, ..reach() }, "/sms_hourly"),
        ];
        for (reach, pointer) in table {
            assert_eq!(reach.checked().unwrap_err().pointer, pointer);
        }
        assert!(
            Reach { channels: vec![Channel::Email], sms_prefixes: Vec::new(), ..reach() }.checked().is_ok()
        );
    }
}
