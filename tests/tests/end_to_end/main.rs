//! The stories: each file tells one, with the real parts, from the event to the audit log.
//!
//! Each runs on threads of its own (`multi_thread`): a story calls the engine too, so some connections of the server's
//! pool belong to its runtime, and must still be served while the story's end waits for the server's.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a story that cannot go on has failed"
)]

mod a_backtest_changes_nothing;
mod a_changed_account_is_noticed;
mod a_guided_user_is_led_out_and_blocked;
mod a_mapping_is_tried_before_it_counts;
mod a_person_with_a_real_browser;
mod a_risky_payout_is_challenged_and_passes;
mod a_stop_link_stops;
mod a_token_is_good_once;
mod an_erased_person_leaves_no_trace;
mod analysts_label_sessions;
mod analysts_read_the_inbox;
mod analysts_see_versions;
mod analysts_see_what_happened;
mod back_ends_redeem_by_sdk;
mod bad_requests_are_named;
mod break_contact_wordings_are_compared;
mod broken_contact_follows_the_person;
mod candidates_judge_beside;
mod clocks_may_be_wrong;
mod codes_are_guessed_five_times_at_most;
mod codes_are_refused_in_one_order;
mod codes_are_sent_anew;
mod codes_by_text_message;
mod connectors_live_on_every_node;
mod connectors_speak_other_languages;
mod connectors_that_fail_lose_nothing;
mod decisions_are_explained_and_replayed;
mod every_fixture_is_answered;
mod every_id_is_its_owners;
mod every_preset_reads_its_sender;
mod every_signature_vector_gets_its_verdict;
mod every_verified_delivery_is_kept;
mod everyone_can_use_the_pages;
mod holds_end_by_a_person;
mod limits_hold_on_every_node;
mod links_of_others_lead_nowhere;
mod lists_decide;
mod look_alikes_get_nothing;
mod mail_that_does_not_leave_at_once;
mod mails_are_read_and_not_filtered;
mod nothing_acknowledged_is_lost;
mod nothing_leaks_into_logs;
mod observed_events_are_not_delayed;
mod odd_visitors_get_nowhere;
mod operators_work_from_a_shell;
mod organisations_are_run_from_a_shell;
mod organisations_look_like_themselves;
mod pages_are_light;
mod pages_are_opened_again;
mod pages_import_the_sdk;
mod pages_protect_the_person;
mod pages_speak_many_languages;
mod parallel_events_of_one_subject_see_each_other;
mod platforms_sign_what_they_send;
mod poison_holds_up_nobody;
mod policies_live_and_die;
mod presses_meant_for_others_are_no_answer;
mod refusals_are_pages_too;
mod reports_are_of_what_was_stopped;
mod rules_stall_and_lose_nothing;
mod sdks_hold_what_they_declare;
mod sessions_end_in_time;
mod shops_ask_in_a_window;
mod sign_ins_are_their_own;
mod slow_and_huge_requests_are_cut;
mod sources_stay_with_a_version;
mod tenants_do_not_see_each_other;
mod tenants_share_connections;
mod the_audit_log_cannot_be_changed;
mod the_breaker_takes_a_wild_version_back;
mod the_same_event_is_decided_once;
mod the_server_calls_nobody;
mod the_store_knows_the_order_of_steps;
mod time_running_out_is_said;
mod velocity_counts_are_exact;
mod webhooks_go_all_the_way;
mod what_is_linked_is_seen_together;
mod windows_are_not_fooled;
