//! The stories: each file tells one, with the real parts, from the event to the audit log.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a story that cannot go on has failed")]

mod a_guided_user_is_led_out_and_blocked;
mod a_risky_payout_is_challenged_and_passes;
mod a_token_is_good_once;
mod bad_requests_are_named;
mod codes_are_guessed_five_times_at_most;
mod codes_are_sent_anew;
mod mail_that_does_not_leave_at_once;
mod parallel_events_of_one_subject_see_each_other;
mod sessions_end_in_time;
mod tenants_do_not_see_each_other;
mod the_audit_log_cannot_be_changed;
mod the_same_event_is_decided_once;
