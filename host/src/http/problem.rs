//! `Problem`: the only place where an error becomes a status code (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use ase_engine::access::AccessError;
use ase_engine::limit::Limit;
use ase_engine::problem::FieldError;
use ase_engine::provisioning::ProvisioningError;
use ase_engine::review::LabelError;
use ase_engine::screening::ScreeningError;
use ase_engine::store::StoreError;
use ase_engine::verification::VerificationError;

/// An error as a caller gets it. `code` is stable; `detail` says what to do; the cause goes to the log alone.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    members: Map<String, Value>,
    retry_after: Option<u64>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), members: Map::new(), retry_after: None }
    }

    /// Adds a member beside the standard ones.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// Says when to try again.
    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// Seconds until it may be tried again, where that is known.
    pub(crate) fn wait(&self) -> Option<u64> {
        self.retry_after
    }

    /// What to do, for a page.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "there is nothing here; check the path and the id")
    }

    pub(crate) fn unauthorized() -> Self {
        let detail = "send a valid API key: `Authorization: Bearer ase_sk_...`";
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
    }

    pub(crate) fn body_too_large(limit: usize) -> Self {
        let detail = format!("the body must be at most {limit} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
    }

    pub(crate) fn unavailable() -> Self {
        let detail = "the store does not answer; nothing was written, try again";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail).retry_after(1)
    }

    pub(crate) fn internal() -> Self {
        let detail = "something went wrong here; nothing was decided, try again";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": format!("urn:ase:problem:{}", self.code),
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.detail,
            "code": self.code,
        });
        if let Some(object) = body.as_object_mut() {
            object.extend(self.members);
        }
        let mut response = (self.status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        // what is left of the body is not read, so nothing else can come over this connection: RFC 9112, section 9.6
        if self.status == StatusCode::PAYLOAD_TOO_LARGE {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

impl From<FieldError> for Problem {
    fn from(error: FieldError) -> Self {
        // not JSON at all is a malformed request; a wrong member of good JSON is one that cannot be processed
        let (status, code) = if error.pointer.is_empty() {
            (StatusCode::BAD_REQUEST, "malformed_body")
        } else {
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid_field")
        };
        let errors = json!([{ "pointer": error.pointer, "detail": error.detail }]);
        Self::new(status, code, error.to_string()).with("errors", errors).with("pointer", error.pointer)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(cause) => {
                tracing::error!(error = %cause, "the store does not answer");
                Self::unavailable()
            }
            StoreError::Taken(_) => {
                Self::new(StatusCode::CONFLICT, "conflict", "something of this name or id exists already")
            }
            StoreError::Transition => invalid_transition(),
            other => {
                tracing::error!(error = %other, cause = source_of(&other), "the store failed");
                Self::internal()
            }
        }
    }
}

/// What a database says of an error: its words name constraints and types, never values.
fn source_of(error: &StoreError) -> String {
    std::error::Error::source(error).map_or_else(String::new, |source| {
        match source.downcast_ref::<sqlx::Error>() {
            Some(sqlx::Error::Database(cause)) => {
                format!("{} {}", cause.code().unwrap_or_default(), cause.constraint().unwrap_or_default())
            }
            Some(other) => other.to_string(),
            None => source.to_string(),
        }
    })
}

impl From<AccessError> for Problem {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Unauthorized => Self::unauthorized(),
            AccessError::Forbidden(scope) => {
                let detail = format!("the API key lacks the scope `{}`", scope.as_str());
                Self::new(StatusCode::FORBIDDEN, "missing_scope", detail)
            }
            AccessError::Store(error) => error.into(),
        }
    }
}

impl From<ScreeningError> for Problem {
    fn from(error: ScreeningError) -> Self {
        match error {
            ScreeningError::Conflict => {
                let detail =
                    "an event with this id came before with another body; use a new id for another event";
                Self::new(StatusCode::CONFLICT, "event_conflict", detail)
            }
            ScreeningError::Store(error) => error.into(),
            ScreeningError::Writing(what) => {
                tracing::error!(what, "a decision could not be written");
                Self::internal()
            }
        }
    }
}

fn invalid_transition() -> Problem {
    let detail = "the session does not take this step now; read it to see where it stands";
    Problem::new(StatusCode::CONFLICT, "invalid_transition", detail)
}

impl From<VerificationError> for Problem {
    fn from(error: VerificationError) -> Self {
        use VerificationError as E;
        match error {
            E::NotFound => Self::not_found(),
            E::Expired => Self::new(
                StatusCode::GONE,
                "session_expired",
                "the session's time is over; start the action again",
            ),
            E::InvalidTransition => invalid_transition(),
            E::OtherBrowser => {
                let detail = "another browser answered first; only that one can go on";
                Self::new(StatusCode::FORBIDDEN, "other_browser", detail)
            }
            E::OtpMalformed => {
                let detail = "the code must be six digits; no attempt was used";
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "otp_malformed", detail).with("pointer", "/code")
            }
            E::OtpIncorrect { attempts_remaining } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "otp_incorrect", "the code is not right")
                    .with("attempts_remaining", attempts_remaining)
            }
            E::OtpExpired => {
                let detail = "the code's time is over; have another one sent";
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "otp_expired", detail)
            }
            E::OtpExhausted => {
                let detail = "no attempts are left; the session is blocked";
                Self::new(StatusCode::TOO_MANY_REQUESTS, "otp_attempts_exhausted", detail)
                    .with("attempts_remaining", 0)
            }
            other => limits(other),
        }
    }
}

/// The limits on sending, and what is left.
fn limits(error: VerificationError) -> Problem {
    use VerificationError as E;
    let too_many = |code, detail: &str| Problem::new(StatusCode::TOO_MANY_REQUESTS, code, detail);
    match error {
        E::ResendTooEarly { available_at, seconds } => {
            too_many("otp_resend_too_early", "another code can be sent later")
                .with("resend_available_at", available_at.to_rfc3339())
                .retry_after(u64::try_from(seconds).unwrap_or(60))
        }
        E::SendsExhausted => too_many("otp_sends_exhausted", "no more codes can be sent in this session"),
        E::Limited(refusal) => {
            limited(refusal.limit).retry_after(u64::try_from(refusal.seconds).unwrap_or(3600))
        }
        E::Paused { seconds } => {
            too_many("paused", "the person was just asked to hang up; wait until the pause is over")
                .retry_after(u64::try_from(seconds).unwrap_or(30))
        }
        E::TooSoon => too_many("answered_too_soon", "read the question first, then answer it").retry_after(1),
        E::HoldNotOver { available_at } => {
            let detail = "a hold lasts a while before anybody may release it; available_at says until when";
            Problem::new(StatusCode::CONFLICT, "hold_not_over", detail)
                .with("available_at", available_at.to_rfc3339())
        }
        E::WentAhead => {
            let detail = "it went ahead already and can no longer be stopped here";
            Problem::new(StatusCode::CONFLICT, "went_ahead", detail)
        }
        E::NothingToReport => {
            let detail = "only a session that was stopped takes a report; read it to see where it stands";
            Problem::new(StatusCode::CONFLICT, "nothing_to_report", detail)
        }
        E::ReportsExhausted => too_many("reports_exhausted", "no more reports can be filed in this session"),
        E::Field(error) => error.into(),
        E::Store(error) => error.into(),
        E::Writing(what) => {
            tracing::error!(what, "an answer could not be written");
            Problem::internal()
        }
        // all others have their answer in `From<VerificationError>`
        _ => Problem::internal(),
    }
}

/// What happened too often.
fn limited(limit: Limit) -> Problem {
    let (code, detail) = match limit {
        Limit::Address | Limit::AddressEverywhere | Limit::Notices => {
            ("otp_address_limited", "no more codes can be sent to this address for now")
        }
        Limit::Prefix | Limit::Block => {
            ("otp_number_limited", "no more text messages can be sent to numbers like this one for now")
        }
        Limit::Subject => ("otp_subject_limited", "no more codes can be sent to this subject for now"),
        Limit::Network => ("otp_network_limited", "no more codes can be asked for from this network for now"),
        Limit::Organisation => (
            "otp_organisation_limited",
            "the organisation sends no more codes for now; it can raise its limit",
        ),
        Limit::SubjectTries => {
            ("otp_tries_limited", "too many wrong codes of this subject lately; none is locked")
        }
        Limit::NetworkTries => ("otp_tries_limited", "too many wrong codes from this network lately"),
    };
    Problem::new(StatusCode::TOO_MANY_REQUESTS, code, detail)
}

impl From<ProvisioningError> for Problem {
    fn from(error: ProvisioningError) -> Self {
        match error {
            ProvisioningError::Invalid(detail) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail)
            }
            ProvisioningError::Field(error) => error.into(),
            ProvisioningError::NotFound(_) => Self::not_found(),
            ProvisioningError::Store(error) => error.into(),
        }
    }
}

impl From<LabelError> for Problem {
    fn from(error: LabelError) -> Self {
        match error {
            LabelError::NotFound => Self::not_found(),
            LabelError::Field(error) => error.into(),
            LabelError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use ase_engine::store::rate_limits::Refusal;

    use super::*;

    #[test]
    fn every_error_has_its_status() {
        use VerificationError as E;
        let now = ase_engine::clock::now();
        let table: Vec<(Problem, u16, &str)> = vec![
            (E::NotFound.into(), 404, "not_found"),
            (E::Expired.into(), 410, "session_expired"),
            (E::InvalidTransition.into(), 409, "invalid_transition"),
            (E::OtherBrowser.into(), 403, "other_browser"),
            (E::OtpMalformed.into(), 422, "otp_malformed"),
            (E::OtpIncorrect { attempts_remaining: 2 }.into(), 422, "otp_incorrect"),
            (E::OtpExpired.into(), 422, "otp_expired"),
            (E::OtpExhausted.into(), 429, "otp_attempts_exhausted"),
            (E::ResendTooEarly { available_at: now, seconds: 3 }.into(), 429, "otp_resend_too_early"),
            (E::SendsExhausted.into(), 429, "otp_sends_exhausted"),
            (E::Limited(Refusal { limit: Limit::Address, seconds: 9 }).into(), 429, "otp_address_limited"),
            (E::Limited(Refusal { limit: Limit::Block, seconds: 9 }).into(), 429, "otp_number_limited"),
            (E::Paused { seconds: 9 }.into(), 429, "paused"),
            (E::TooSoon.into(), 429, "answered_too_soon"),
            (E::HoldNotOver { available_at: now }.into(), 409, "hold_not_over"),
            (E::WentAhead.into(), 409, "went_ahead"),
            (E::NothingToReport.into(), 409, "nothing_to_report"),
            (E::ReportsExhausted.into(), 429, "reports_exhausted"),
            (E::Writing("x").into(), 500, "internal"),
            (ScreeningError::Conflict.into(), 409, "event_conflict"),
            (AccessError::Unauthorized.into(), 401, "unauthorized"),
            (FieldError::new("/id", "is required").into(), 422, "invalid_field"),
            (FieldError::new("", "body is not JSON").into(), 400, "malformed_body"),
            (StoreError::Unavailable(sqlx::Error::PoolTimedOut).into(), 503, "unavailable"),
        ];
        for (problem, status, code) in table {
            assert_eq!((problem.status.as_u16(), problem.code), (status, code));
        }
    }
}
