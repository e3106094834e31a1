//! `Channel`: which versions of a connector read deliveries, and how it moves. Pure.
//!
//! A version holds one seat at most: live, canary or shadow. No digest as live or previous means the connector that is
//! part of the program.

use serde::Serialize;

/// The share of deliveries that a canary reads, in percent.
pub const CANARY_PERCENTS: std::ops::RangeInclusive<i32> = 1..=99;

/// Which versions of one connector read deliveries, by digest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Channel {
    /// Reads whatever nothing else reads.
    pub live: Option<String>,
    /// Was live before: where one step back leads.
    pub previous: Option<String>,
    /// Reads a share in place of live.
    pub canary: Option<Canary>,
    /// Reads what live read as well, and is only compared with it.
    pub shadow: Option<String>,
}

/// A version that reads a share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Canary {
    /// The version.
    pub digest: String,
    /// How much of all deliveries.
    pub percent: i32,
}

/// Where a version is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Seat {
    /// It reads everything.
    Live,
    /// It reads so many percent.
    Canary(i32),
    /// It is compared.
    Shadow,
}

/// What one step back took back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TakenBack {
    /// The canary: live reads everything again.
    Canary,
    /// The live version: the one before it is live again.
    Live,
}

/// Why a channel does not move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChannelError {
    /// The version reads everything already.
    #[error("this version is live already: put another one in its place, or roll back first")]
    IsLive,
    /// A share that is none.
    #[error("a canary reads 1 to 99 percent; for all of it promote the version, for nothing withdraw it")]
    Percent,
    /// Nothing is on trial.
    #[error("there is neither a canary nor a shadow to promote: name a version")]
    NothingOnTrial,
    /// There is nothing to go back to.
    #[error("there is no earlier version to go back to")]
    NothingBefore,
}

impl Channel {
    /// Puts a version on a seat; it leaves the one that it held.
    ///
    /// # Errors
    /// [`ChannelError`]: the channel is unchanged.
    pub fn seat(&mut self, digest: &str, seat: Seat) -> Result<(), ChannelError> {
        let is_live = self.live.as_deref() == Some(digest);
        match seat {
            Seat::Live if is_live => return Ok(()),
            Seat::Canary(_) | Seat::Shadow if is_live => return Err(ChannelError::IsLive),
            Seat::Canary(percent) if !CANARY_PERCENTS.contains(&percent) => {
                return Err(ChannelError::Percent);
            }
            _ => {}
        }
        self.canary = self.canary.take().filter(|canary| canary.digest != digest);
        self.shadow = self.shadow.take().filter(|shadow| shadow != digest);
        match seat {
            Seat::Live => self.previous = self.live.replace(digest.to_owned()),
            Seat::Canary(percent) => self.canary = Some(Canary { digest: digest.to_owned(), percent }),
            Seat::Shadow => self.shadow = Some(digest.to_owned()),
        }
        Ok(())
    }

    /// The version that is promoted where none is named: the canary, else the shadow.
    ///
    /// # Errors
    /// [`ChannelError::NothingOnTrial`].
    pub fn on_trial(&self) -> Result<String, ChannelError> {
        let canary = self.canary.as_ref().map(|canary| canary.digest.clone());
        canary.or_else(|| self.shadow.clone()).ok_or(ChannelError::NothingOnTrial)
    }

    /// Takes the latest step back: the canary where there is one, else the live version. Back from the live version
    /// and once more is forth again. `built_in` says whether the program has a connector of this id itself.
    ///
    /// # Errors
    /// [`ChannelError::NothingBefore`]: the channel is unchanged.
    pub fn roll_back(&mut self, built_in: bool) -> Result<TakenBack, ChannelError> {
        if self.canary.take().is_some() {
            return Ok(TakenBack::Canary);
        }
        if self.live == self.previous || (self.previous.is_none() && !built_in) {
            return Err(ChannelError::NothingBefore);
        }
        std::mem::swap(&mut self.live, &mut self.previous);
        // what comes back may be on trial beside what failed
        let live = self.live.clone();
        self.shadow = self.shadow.take().filter(|shadow| Some(shadow) != live.as_ref());
        Ok(TakenBack::Live)
    }

    /// Ends every trial; false when there was none.
    pub fn withdraw(&mut self) -> bool {
        let (canary, shadow) = (self.canary.take(), self.shadow.take());
        canary.is_some() || shadow.is_some()
    }

    /// What a version is used as, if it is.
    #[must_use]
    pub fn seat_of(&self, digest: &str) -> Option<&'static str> {
        match digest {
            _ if self.live.as_deref() == Some(digest) => Some("live"),
            _ if self.canary.as_ref().is_some_and(|canary| canary.digest == digest) => Some("canary"),
            _ if self.shadow.as_deref() == Some(digest) => Some("shadow"),
            _ => None,
        }
    }

    /// Every version that must be ready: those with a seat, and the one a step back leads to.
    pub fn digests(&self) -> impl Iterator<Item = &str> {
        let canary = self.canary.as_ref().map(|canary| canary.digest.as_str());
        [self.live.as_deref(), self.previous.as_deref(), canary, self.shadow.as_deref()].into_iter().flatten()
    }
}

#[cfg(test)]
mod tests;
