//! `Colour` and how well one is read on another (WCAG 2.2, relative luminance and contrast ratio).

use std::fmt;

use serde::Serialize;

use crate::problem::FieldError;

/// Least contrast of text (WCAG 2.2, 1.4.3).
const CONTRAST_MIN: f64 = 4.5;

/// What text and links stand on: by light the page and its cards, by dark the same.
pub const SURFACES: [[Colour; 2]; 2] = [
    [Colour(0xf5, 0xf6, 0xf3), Colour(0xff, 0xff, 0xff)],
    [Colour(0x0f, 0x15, 0x13), Colour(0x18, 0x21, 0x1e)],
];
/// What is written on a bright or on a deep accent, where we choose.
const INKS: [Colour; 2] = [Colour(0x00, 0x00, 0x00), Colour(0xff, 0xff, 0xff)];

/// Red, green and blue.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Colour(u8, u8, u8);

/// The colour of buttons and links, and of what is written on buttons. Holding this value is the proof that both can be
/// read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Colours {
    /// Buttons and links.
    pub accent: Colour,
    /// What is written on buttons.
    pub on_accent: Colour,
}

impl Colour {
    /// Reads `#0c5c4f`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let hex = text.strip_prefix('#')?;
        let plain = hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let [_, red, green, blue] = u32::from_str_radix(hex, 16).ok().filter(|_| plain)?.to_be_bytes();
        Some(Self(red, green, blue))
    }

    /// From 1 (the same) to 21 (black on white).
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// So many twentieths on the way to white.
    fn lighter(self, twentieths: u16) -> Self {
        let mix = |channel: u8| {
            let left = u16::from(255 - channel) * twentieths / 20;
            channel.saturating_add(u8::try_from(left).unwrap_or(u8::MAX))
        };
        Self(mix(self.0), mix(self.1), mix(self.2))
    }
}

impl Colours {
    /// Takes a pair of colours if every text in them can be read by light; by dark they are made lighter.
    ///
    /// # Errors
    /// [`FieldError`] naming the colour, what it would stand on, and the ratio.
    pub fn read(accent: &str, on_accent: &str) -> Result<Self, FieldError> {
        let colour = |pointer: &str, text: &str| {
            Colour::read(text).ok_or_else(|| FieldError::new(pointer, "must be a colour such as #0c5c4f"))
        };
        let colours =
            Self { accent: colour("/accent", accent)?, on_accent: colour("/on_accent", on_accent)? };
        let [page, card] = SURFACES[0];
        readable("/on_accent", "the accent", colours.on_accent, colours.accent)?;
        readable("/accent", "the page", colours.accent, page)?;
        readable("/accent", "a card", colours.accent, card)?;
        Ok(colours)
    }

    /// The same on dark pages: the accent only as much lighter as it needs to be, and the better ink on it.
    #[must_use]
    pub fn by_dark(self) -> Self {
        let read =
            |accent: Colour| SURFACES[1].iter().all(|surface| accent.contrast(*surface) >= CONTRAST_MIN);
        let accent = (0..=20).map(|step| self.accent.lighter(step)).find(|accent| read(*accent));
        let accent = accent.unwrap_or(INKS[1]);
        let [black, white] = INKS;
        let on_accent = if accent.contrast(black) >= accent.contrast(white) { black } else { white };
        Self { accent, on_accent }
    }
}

fn readable(pointer: &str, ground: &str, ink: Colour, paper: Colour) -> Result<(), FieldError> {
    let ratio = ink.contrast(paper);
    if ratio >= CONTRAST_MIN {
        return Ok(());
    }
    // rounded down, so that no refused ratio reads like one that is enough
    let ratio = (ratio * 100.0).floor() / 100.0;
    let detail = format!(
        "{ink} on {ground} ({paper}) has a contrast of {ratio:.2}; at least {CONTRAST_MIN} is needed"
    );
    Err(FieldError::new(pointer, detail))
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

impl fmt::Debug for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Colour {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrasts_are_those_of_wcag() {
        let table = [
            ("#000000", "#ffffff", 21.0),
            ("#777777", "#ffffff", 4.48),
            ("#767676", "#ffffff", 4.54),
            ("#0000ff", "#ffffff", 8.59),
            ("#123456", "#123456", 1.0),
        ];
        for (one, two, expected) in table {
            let (one, two) = (Colour::read(one).unwrap(), Colour::read(two).unwrap());
            assert!((one.contrast(two) - expected).abs() < 0.01, "{one} {two}: {}", one.contrast(two));
            assert!((one.contrast(two) - two.contrast(one)).abs() < f64::EPSILON);
        }
    }

    #[test]
    fn unreadable_pairs_are_refused_by_name_and_ratio() {
        let table = [
            ("#777777", "#ffffff", "/on_accent", "#ffffff on the accent (#777777) has a contrast of 4.47"),
            ("#ffd400", "#000000", "/accent", "#ffd400 on the page (#f5f6f3) has a contrast of 1.3"),
            ("#0c5c4f", "#0c5c4f", "/on_accent", "1.00"),
            ("red", "#ffffff", "/accent", "must be a colour"),
            ("#0c5c4f", "#fff", "/on_accent", "must be a colour"),
            ("#0c5c4f", "#+fffff", "/on_accent", "must be a colour"),
        ];
        for (accent, on_accent, pointer, detail) in table {
            let refused = Colours::read(accent, on_accent).unwrap_err();
            assert_eq!(refused.pointer, pointer, "{accent} {on_accent}: {refused}");
            assert!(refused.detail.contains(detail), "{refused}");
        }
        assert!(Colours::read("#0C5C4F", "#FFFFFF").is_ok());
    }

    #[test]
    fn every_accent_that_is_read_by_light_is_read_by_dark() {
        for accent in ["#000000", "#0c5c4f", "#1a1a80", "#b00020", "#5c2d00", "#666666"] {
            let dark = Colours::read(accent, "#ffffff").unwrap().by_dark();
            for surface in SURFACES[1] {
                assert!(dark.accent.contrast(surface) >= CONTRAST_MIN, "{accent}: {dark:?}");
            }
            assert!(dark.on_accent.contrast(dark.accent) >= CONTRAST_MIN, "{accent}: {dark:?}");
        }
    }
}
