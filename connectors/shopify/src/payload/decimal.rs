//! Exact sums of money. Owns the arithmetic; never a binary fraction, never a rounding but of a final share.

use super::{format, scalar::Scalar};

/// An amount as whole units of its last decimal place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    units: u128,
    places: u32,
}

impl Decimal {
    /// Nothing.
    pub(crate) const ZERO: Self = Self { units: 0, places: 0 };

    /// Reads what `format::is_decimal` lets pass.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = Some(text).filter(|text| format::is_decimal(text))?;
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let places = u32::try_from(fraction.len()).ok()?;
        let units = format!("{whole}{fraction}").parse().ok()?;
        Some(Self { units, places })
    }

    /// Reads an amount of a body.
    pub(crate) fn of(amount: Scalar<'_>) -> Option<Self> {
        Self::parse(&amount.decimal()?)
    }

    /// The sum, with as many places as the finer of the two; unknown when it leaves the range.
    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        let places = self.places.max(other.places);
        let units = self.units_at(places)?.checked_add(other.units_at(places)?)?;
        Some(Self { units, places })
    }

    /// This amount so many times; unknown when it leaves the range.
    pub(crate) fn times(self, count: u64) -> Option<Self> {
        Some(Self { units: self.units.checked_mul(u128::from(count))?, places: self.places })
    }

    /// This amount's share of `whole` in hundredths, rounded half up: `0.88`. Unknown of nothing.
    pub(crate) fn share_of(self, whole: Self) -> Option<String> {
        let places = self.places.max(whole.places);
        let twice = whole.units_at(places)?.checked_mul(2)?;
        let scaled = self.units_at(places)?.checked_mul(200)?.checked_add(twice / 2)?;
        let hundredths = scaled.checked_div(twice)?;
        Some(format!("{}.{:02}", hundredths / 100, hundredths % 100))
    }

    /// Spelt with all its places: `85.00`.
    pub(crate) fn spell(self) -> String {
        let width = usize::try_from(self.places).unwrap_or_default();
        let digits = format!("{:0>1$}", self.units, width.saturating_add(1));
        match digits.split_at_checked(digits.len().saturating_sub(width)) {
            Some((whole, fraction)) if !fraction.is_empty() => format!("{whole}.{fraction}"),
            _ => digits,
        }
    }

    fn units_at(self, places: u32) -> Option<u128> {
        self.units.checked_mul(10_u128.checked_pow(places.checked_sub(self.places)?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn sums_are_exact_and_keep_the_finer_places() {
        let cases = [
            ("75.00", "10.00", "85.00"),
            ("0.1", "0.2", "0.3"),
            ("1000", "0.005", "1000.005"),
            ("0", "0.00", "0.00"),
            ("1500", "500", "2000"),
        ];
        for (left, right, sum) in cases {
            assert_eq!(decimal(left).plus(decimal(right)).unwrap().spell(), sum);
        }
    }

    #[test]
    fn shares_are_hundredths_rounded_half_up() {
        let cases =
            [("2500.00", "2824.96", "0.88"), ("1", "8", "0.13"), ("0", "5", "0.00"), ("7.5", "7.50", "1.00")];
        for (part, whole, share) in cases {
            assert_eq!(decimal(part).share_of(decimal(whole)).unwrap(), share);
        }
        assert_eq!(decimal("1").share_of(Decimal::ZERO), None);
    }

    #[test]
    fn what_leaves_the_range_is_unknown() {
        let huge = decimal("9999999999999999999999999999");
        assert_eq!(huge.times(u64::MAX), None);
        assert_eq!(Decimal::parse("99999999999999999999999999999"), None);
    }
}
