//! What an audit entry can tell of: `noun.what_happened`, the noun first, so that a log filters by it.

/// A session with a challenge was opened.
pub const CHECKPOINT_CREATED: &str = "checkpoint.created";
/// An event was scored and decided on.
pub const EVENT_SCORED: &str = "event.scored";
/// The person said whether the action is theirs.
pub const INTENT_ANSWERED: &str = "intent.answered";
/// A code was made and its message queued.
pub const OTP_ISSUED: &str = "otp.issued";
/// The right code came back.
pub const OTP_ACCEPTED: &str = "otp.accepted";
/// A wrong, expired or superseded code came back.
pub const OTP_REJECTED: &str = "otp.rejected";
/// Too many wrong codes.
pub const OTP_EXHAUSTED: &str = "otp.exhausted";
/// A mail was queued.
pub const EMAIL_QUEUED: &str = "email.queued";
/// A mail server took a message.
pub const EMAIL_DELIVERED: &str = "email.delivered";
/// A message was given up.
pub const EMAIL_FAILED: &str = "email.failed";
/// A provider took a text message.
pub const SMS_SENT: &str = "sms.sent";
/// A text message reached its telephone.
pub const SMS_DELIVERED: &str = "sms.delivered";
/// A text message was given up, or did not reach its telephone.
pub const SMS_FAILED: &str = "sms.failed";
/// A session ended with an outcome.
pub const SESSION_RESOLVED: &str = "session.resolved";
/// A session ended unanswered.
pub const SESSION_EXPIRED: &str = "session.expired";
/// The person broke off contact in another session: nothing but a hold can come of this one.
pub const SESSION_BREAK_CONTACT_INHERITED: &str = "session.break_contact_inherited";
/// The time of a challenge was over before it came to an end. `stage` tells whether the question was left unanswered, or
/// a code that was asked for was not given.
pub const SESSION_ABANDONED: &str = "session.abandoned";
/// A session was ended from outside, its token with it.
pub const SESSION_REVOKED: &str = "session.revoked";
/// The kept requests were looked through for a person who asked to be forgotten.
pub const REQUESTS_ERASED: &str = "requests.erased";
/// A person looked at what was held, and it goes ahead.
pub const HOLD_RELEASED: &str = "hold.released";
/// A person looked at what was held, and it does not.
pub const HOLD_DENIED: &str = "hold.denied";
/// An analyst said what became of a session.
pub const SESSION_LABELLED: &str = "session.labelled";
/// What an analyst said of a session was taken back.
pub const SESSION_UNLABELLED: &str = "session.unlabelled";
/// Somebody came without the cookie of the browser that opened the session.
pub const SESSION_BINDING_MISMATCH: &str = "session.binding_mismatch";
/// A decision token was made.
pub const TOKEN_ISSUED: &str = "token.issued";
/// A decision token was used, for the first and only time.
pub const TOKEN_VERIFIED: &str = "token.verified";
/// A decision token was refused: used, expired or for another action.
pub const TOKEN_REFUSED: &str = "token.refused";
/// Another organisation handed in a token of this one.
pub const TOKEN_FOREIGN_VERIFY_ATTEMPT: &str = "token.foreign_verify_attempt";
/// The person reported a scam.
pub const REPORT_FILED: &str = "report.filed";
/// A verified delivery was kept because its connector failed.
pub const DELIVERY_DEFERRED: &str = "delivery.deferred";
/// A kept delivery was run again.
pub const DELIVERY_REPLAYED: &str = "delivery.replayed";
/// Somebody had kept deliveries read anew.
pub const DELIVERIES_CHOSEN: &str = "deliveries.chosen";
/// Somebody looked at a delivery as it came.
pub const DELIVERY_SHOWN: &str = "delivery.shown";
/// A platform gave the id of an earlier delivery to another body.
pub const DELIVERY_CONFLICT: &str = "delivery.conflict";
/// A connector failed too often and is left alone by one node: deliveries are verified and kept.
pub const CONNECTOR_QUARANTINED: &str = "connector.quarantined";
/// A connector that was left alone is trusted again by that node, and what was kept is read.
pub const CONNECTOR_RECOVERED: &str = "connector.recovered";
/// Nothing came from a source for longer than its operator expects.
pub const SOURCE_SILENT: &str = "source.silent";
/// Something came again from a source that was silent.
pub const SOURCE_SPEAKS: &str = "source.speaks";
/// An event that is recorded and never scored.
pub const NOTICE_RECORDED: &str = "notice.recorded";
/// A subject's personal data was made unreadable.
pub const SUBJECT_ERASED: &str = "subject.erased";
/// A new version of a policy was published.
pub const POLICY_PUBLISHED: &str = "policy.published";
/// A version of a policy was kept.
pub const POLICY_ADDED: &str = "policy.added";
/// A version of a policy went a step on.
pub const POLICY_MOVED: &str = "policy.moved";
/// The version that was live before is live again.
pub const POLICY_ROLLED_BACK: &str = "policy.rolled_back";
/// The breaker took the live version back.
pub const POLICY_DEMOTED: &str = "policy.demoted";
/// Publishing takes two people from now on, or no longer does.
pub const POLICY_TWO_PERSON: &str = "policy.two_person_changed";
/// An entry was added to a list.
pub const LIST_ADDED: &str = "list.added";
/// The reason or the end of a list's entry was changed.
pub const LIST_UPDATED: &str = "list.updated";
/// An entry of a list was ended.
pub const LIST_ENDED: &str = "list.ended";
/// Entries were added to lists, or changed, from a file.
pub const LIST_IMPORTED: &str = "list.imported";
/// An API key was made.
pub const KEY_CREATED: &str = "key.created";
/// An API key was revoked.
pub const KEY_REVOKED: &str = "key.revoked";
/// A source was made.
pub const SOURCE_CREATED: &str = "source.created";
/// A source was changed: its secret rotated, its settings, or on and off.
pub const SOURCE_CHANGED: &str = "source.changed";
/// A version of a connector was installed.
pub const CONNECTOR_INSTALLED: &str = "connector.installed";
/// A version of a connector became live, canary or shadow, or ended being one.
pub const CONNECTOR_MOVED: &str = "connector.moved";
/// The latest step of a connector was taken back.
pub const CONNECTOR_ROLLED_BACK: &str = "connector.rolled_back";
/// A version of a connector was put away.
pub const CONNECTOR_RETIRED: &str = "connector.retired";
/// An analyst signed in.
pub const ANALYST_SIGNED_IN: &str = "analyst.signed_in";
/// A sign-in failed.
pub const ANALYST_SIGN_IN_FAILED: &str = "analyst.sign_in_failed";
/// An organisation was made.
pub const ORG_CREATED: &str = "org.created";
/// How an organisation is served was changed.
pub const ORG_CHANGED: &str = "org.changed";
/// A new key signs decision tokens.
pub const KEY_ROTATED: &str = "key.rotated";
/// A user of the dashboard was made.
pub const USER_CREATED: &str = "user.created";
/// A user of the dashboard was shut out.
pub const USER_DISABLED: &str = "user.disabled";
