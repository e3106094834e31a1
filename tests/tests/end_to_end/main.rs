//! The stories: each file tells one, with the real parts, from the event to the audit log.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a story that cannot go on has failed")]

mod a_guided_user_is_led_out_and_blocked;
mod a_risky_payout_is_challenged_and_passes;
