//! `/dashboard`: what analysts see. Signed in by an opaque cookie; every form carries a token bound to it.

mod choice;
mod connectors;
mod deliveries;
mod pages;
mod policies;
mod releases;
mod replays;
mod sessions;
mod sign_in;
mod sources;
mod trial;
mod wordings;

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq as _;

use ase_engine::audit::{Actor, ActorType};
use ase_engine::directory::Tenant;
use ase_engine::store::users::SignedIn;

pub(super) use connectors::connectors;
pub(super) use deliveries::{deliveries, delivery, replay, shown};
pub(super) use pages::{events, reports};
pub(super) use policies::policies;
pub(super) use replays::{chosen, replay_chosen};
pub(super) use sessions::{label, ruling, session};
pub(super) use sign_in::{form, sign_in, sign_out};
pub(super) use sources::sources;
pub(super) use trial::{attempt, trial};
pub(super) use wordings::wordings;

use super::access::{cookie, cookie_name, is_same_origin};
use super::headers::{nonce, page, see_other};
use crate::App;
use crate::pages::Concealed;
use crate::pages::dashboard::{DashboardBase, ProblemKind, ProblemPage, Section, UserView};

/// Name of the cookie of a signed-in browser.
const COOKIE: &str = "ase_dashboard";
/// What the form token of a signed-in browser is derived for.
const FORM: &str = "dashboard";
/// Roles that may say what became of a session; the others look.
const LABELLERS: [&str; 3] = ["owner", "admin", "analyst"];

/// Somebody who is signed in. Holding this value is the permission to read the organisation's records.
pub(super) struct Analyst {
    pub(super) user: SignedIn,
    pub(super) tenant: Arc<Tenant>,
    cookie: String,
    form_token: String,
}

impl Analyst {
    fn base(&self, active: Section) -> DashboardBase {
        DashboardBase {
            user: UserView { email: self.user.email.clone(), role: self.user.role.clone() },
            org_name: self.tenant.org.name.clone(),
            form_token: Concealed::from(self.form_token.as_str()),
            active,
        }
    }

    /// A form came from one of this browser's own pages, with its token.
    fn sent(&self, app: &App, headers: &HeaderMap, form_token: &str) -> bool {
        bool::from(self.form_token.as_bytes().ct_eq(form_token.as_bytes())) && is_same_origin(app, headers)
    }

    fn may_label(&self) -> bool {
        LABELLERS.contains(&self.user.role.as_str())
    }

    /// Who the log says it was.
    fn actor(&self) -> Actor {
        Actor { actor_type: ActorType::Analyst, id: self.user.user_id.clone() }
    }
}

/// Why somebody is not let in.
pub(super) enum Outside {
    /// Not signed in: they are shown the way.
    SignedOut,
    /// The store does not answer.
    Unavailable(Box<App>),
}

impl IntoResponse for Outside {
    fn into_response(self) -> Response {
        match self {
            Self::SignedOut => see_other("/dashboard/sign-in"),
            Self::Unavailable(app) => {
                problem(&app, None, StatusCode::SERVICE_UNAVAILABLE, ProblemKind::Unavailable)
            }
        }
    }
}

impl FromRequestParts<App> for Analyst {
    type Rejection = Outside;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Outside> {
        let down = |_| Outside::Unavailable(Box::new(app.clone()));
        let Some(cookie) = cookie(&parts.headers, &cookie_name(app, COOKIE)) else {
            return Err(Outside::SignedOut);
        };
        let Some(user) = app.engine.signed_in(cookie).await.map_err(down)? else {
            return Err(Outside::SignedOut);
        };
        let tenant = app.engine.directory().tenant(&user.org_id).await.map_err(down)?;
        let tenant = tenant.ok_or(Outside::SignedOut)?;
        Ok(Self {
            user,
            cookie: cookie.to_owned(),
            form_token: tenant.vault.form_token(FORM, cookie),
            tenant,
        })
    }
}

fn problem(app: &App, base: Option<DashboardBase>, status: StatusCode, kind: ProblemKind) -> Response {
    let nonce = nonce();
    page(&app.pages, status, &ProblemPage { base, kind }, &nonce, None)
}

/// The page for what was refused before any handler saw it.
pub(super) fn refused(app: &App, status: StatusCode) -> Response {
    let kind = match status {
        StatusCode::NOT_FOUND => ProblemKind::NotFound,
        status if status.is_server_error() => ProblemKind::Unavailable,
        _ => ProblemKind::Unread,
    };
    problem(app, None, status, kind)
}
