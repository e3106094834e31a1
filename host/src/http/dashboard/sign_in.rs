//! Signing in and out. The token of the sign-in form is a cookie and a field that must agree (login CSRF).

use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use secrecy::SecretString;
use serde::Deserialize;
use subtle::ConstantTimeEq as _;

use ase_engine::id::random_secret;
use ase_engine::review::SignInError;

use super::{Analyst, COOKIE, problem};
use crate::App;
use crate::http::access::{cookie, cookie_name, is_same_origin, set_cookie};
use crate::http::headers::{nonce, page, retry_after, see_other};
use crate::pages::Concealed;
use crate::pages::dashboard::{ProblemKind, SignInMessage, SignInPage};

/// Name of the cookie that the sign-in form must repeat.
const FORM_COOKIE: &str = "ase_sign_in";
/// How long the form may stay open.
const FORM_SECONDS: u32 = 3600;
/// How long a sign-in lasts.
const SIGN_IN_SECONDS: u32 = 12 * 3600;
/// After so long there is a seat in the line again, unless others keep coming.
const SECONDS_TO_A_SEAT: u64 = 5;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct SignInForm {
    form_token: String,
    email: String,
    password: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct SignOutForm {
    form_token: String,
}

pub(in crate::http) async fn form(State(app): State<App>) -> Response {
    shown(&app, StatusCode::OK, String::new(), None)
}

/// The form with a fresh token.
fn shown(app: &App, status: StatusCode, email: String, message: Option<SignInMessage>) -> Response {
    let (token, nonce) = (random_secret(&mut rand::rng()), nonce());
    let form = SignInPage { form_token: Concealed::from(token.as_str()), email, message };
    let mut response = page(&app.pages, status, &form, &nonce, None);
    if let Some(cookie) = set_cookie(app, FORM_COOKIE, &token, FORM_SECONDS) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

pub(in crate::http) async fn sign_in(
    State(app): State<App>,
    headers: HeaderMap,
    Form(form): Form<SignInForm>,
) -> Response {
    let expected = cookie(&headers, &cookie_name(&app, FORM_COOKIE)).unwrap_or_default();
    let matches = !expected.is_empty() && bool::from(expected.as_bytes().ct_eq(form.form_token.as_bytes()));
    if !matches || !is_same_origin(&app, &headers) {
        return shown(&app, StatusCode::FORBIDDEN, form.email, Some(SignInMessage::StaleForm));
    }
    let (engine, email, password) =
        (app.engine.clone(), form.email.clone(), SecretString::from(form.password));
    let signed_in = app.site.sign_ins.take(async move { engine.sign_in(&email, password).await }).await;
    let Some(signed_in) = signed_in else {
        let mut response =
            shown(&app, StatusCode::TOO_MANY_REQUESTS, form.email, Some(SignInMessage::TooMany));
        retry_after(&mut response, SECONDS_TO_A_SEAT);
        return response;
    };
    match signed_in {
        Ok(value) => {
            let mut response = see_other("/dashboard/events");
            let cookies =
                [set_cookie(&app, COOKIE, &value, SIGN_IN_SECONDS), set_cookie(&app, FORM_COOKIE, "", 0)];
            for cookie in cookies.into_iter().flatten() {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(SignInError::Refused) => {
            shown(&app, StatusCode::UNAUTHORIZED, form.email, Some(SignInMessage::Wrong))
        }
        Err(SignInError::Store(error)) => {
            tracing::error!(%error, "nobody can sign in");
            problem(&app, None, StatusCode::SERVICE_UNAVAILABLE, ProblemKind::Unavailable)
        }
    }
}

pub(in crate::http) async fn sign_out(
    State(app): State<App>,
    headers: HeaderMap,
    analyst: Analyst,
    Form(form): Form<SignOutForm>,
) -> Response {
    if !analyst.sent(&app, &headers, &form.form_token) {
        return problem(&app, None, StatusCode::FORBIDDEN, ProblemKind::StaleForm);
    }
    if let Err(error) = app.engine.sign_out(&analyst.cookie).await {
        tracing::error!(%error, "nobody can sign out");
        return problem(&app, None, StatusCode::SERVICE_UNAVAILABLE, ProblemKind::Unavailable);
    }
    let mut response = shown(&app, StatusCode::OK, String::new(), Some(SignInMessage::SignedOut));
    if let Some(cookie) = set_cookie(&app, COOKIE, "", 0) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
