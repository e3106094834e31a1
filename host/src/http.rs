//! Every route and every layer on one screen. Handlers extract, make one engine call, and answer.

mod access;
mod analytics;
mod assets;
mod brands;
mod challenge;
mod checkpoint;
mod connectors;
mod dashboard;
mod decisions;
mod deliveries;
mod demo;
mod events;
mod explain;
#[cfg(feature = "samples")]
mod gallery;
mod headers;
mod labels;
mod layers;
mod lists;
mod messages;
mod operations;
mod paging;
mod pins;
mod policies;
mod problem;
mod records;
mod reference;
mod refusals;
mod rulings;
mod sdk;
mod sessions;
mod settings;
mod sources;
mod tongues;
mod trials;
mod webhooks;

use axum::Router;
use axum::response::Redirect;
use axum::routing::{delete, get, post, put};

use self::layers::Routes;
use crate::App;

#[cfg(feature = "samples")]
pub use gallery::gallery;
pub(crate) use layers::longest;

/// All of it, ready to serve.
pub fn router(app: App) -> Router {
    let operations = Router::new()
        .route("/healthz", get(operations::healthz))
        .route("/readyz", get(operations::readyz))
        .route("/metrics", get(operations::metrics));
    let mut router = Router::new().merge(api()).merge(pages());
    if app.site.demo {
        router = router
            .route("/", get(|| async { Redirect::to("/dashboard/events") }))
            .route("/demo/mailbox", get(demo::mailbox))
            .route("/demo/mailbox.json", get(demo::mailbox_json))
            .route("/demo/mailbox/{file}", get(demo::message));
    }
    layers::around(Routes { ordinary: router, compiling: compiling(), files: files(), operations }, app)
}

/// What programs call.
fn api() -> Router<App> {
    Router::new()
        .route("/events/ingest", post(events::ingest))
        .route("/webhooks/{connector}/{source_id}", post(webhooks::receive))
        .route("/checkpoint/intent", post(checkpoint::intent))
        .route("/checkpoint/respond", post(checkpoint::respond))
        .route("/checkpoint/resend", post(checkpoint::resend))
        .route("/checkpoint/report", post(checkpoint::report))
        .route("/decisions/verify", post(decisions::verify))
        .route("/sessions", get(sessions::list))
        .route("/sessions/{id}", get(sessions::one))
        .route("/sessions/{id}/audit", get(sessions::audit))
        .route("/sessions/{id}/label", put(labels::put).delete(labels::remove))
        .route("/sessions/{id}/ruling", post(rulings::rule))
        .route("/sessions/{id}/token", post(rulings::renew))
        .route("/audit/entries", get(records::audit_entries))
        .route("/reports", get(records::reports))
        .route("/analytics/break-contact", get(analytics::break_contact))
        .route("/settings/channels", get(settings::channels).put(settings::set_channels))
        .route("/settings/break-contact", get(settings::variants).put(settings::set_variants))
        .route("/messages/{id}/status", post(messages::status))
        .route("/decisions/{session_id}", get(explain::one))
        .route("/policies", get(policies::list))
        .route("/policies/backtest", post(policies::backtest))
        .route("/policies/rollback", post(policies::roll_back))
        .route("/policies/{name}", put(policies::publish))
        .route("/policies/{name}/versions", post(policies::add))
        .route("/policies/{name}/versions/{version}", get(policies::one))
        .route("/policies/{name}/versions/{version}/shadow-report", get(policies::shadow))
        .route("/policies/{name}/versions/{version}/{step}", post(policies::step))
        .route("/lists/entries", get(lists::entries).post(lists::add))
        .route("/lists/entries/{id}", delete(lists::end))
        .route("/lists/export", get(lists::export))
        .route("/lists/import", post(lists::import))
        .route("/brand", get(brands::one).put(brands::paint))
        .route("/brand/logo", put(brands::put_logo).delete(brands::remove_logo))
        .route("/brand/texts/{language}", put(brands::put_texts).delete(brands::remove_texts))
        .route("/connectors", get(connectors::list))
        .route("/connectors/{id}", get(connectors::one))
        .route("/connectors/{id}/comparison", get(connectors::comparison))
        .route("/connectors/{id}/try", post(trials::attempt))
        .route("/sources", get(sources::list))
        .route("/sources/{id}/secrets", get(sources::secrets).post(sources::rotate))
        .route("/sources/{id}/secrets/{secret_id}", delete(sources::end_secret))
        .route("/sources/{id}/pin", get(pins::one))
        .route("/deliveries", get(deliveries::list))
        .route("/deliveries/replay", post(deliveries::replay))
        .route("/deliveries/{id}", get(deliveries::one))
        .route("/deliveries/{id}/request", get(deliveries::request))
        .route("/deliveries/{id}/normalize", post(deliveries::normalize))
}

/// What programs call, and what may compile a component before it answers.
fn compiling() -> Router<App> {
    Router::new()
        .route("/connectors", post(connectors::install))
        .route("/connectors/{id}/{step}", post(connectors::step))
        .route("/sources/{id}/pin", put(pins::put).delete(pins::remove))
}

/// What people see.
fn pages() -> Router<App> {
    Router::new()
        .route("/challenge/{id}", get(challenge::show))
        .route("/challenge/{id}/status", get(challenge::status))
        .route("/challenge/{id}/intent", post(challenge::intent))
        .route("/challenge/{id}/code", post(challenge::code))
        .route("/challenge/{id}/resend", post(challenge::resend))
        .route("/challenge/{id}/report", post(challenge::report))
        .route("/challenge/{id}/stop/{key}", get(challenge::show_stop).post(challenge::confirm))
        .route("/dashboard", get(|| async { Redirect::to("/dashboard/events") }))
        .route("/dashboard/sign-in", get(dashboard::form).post(dashboard::sign_in))
        .route("/dashboard/sign-out", post(dashboard::sign_out))
        .route("/dashboard/events", get(dashboard::events))
        .route("/dashboard/sessions/{id}", get(dashboard::session))
        .route("/dashboard/sessions/{id}/label", post(dashboard::label))
        .route("/dashboard/sessions/{id}/ruling", post(dashboard::ruling))
        .route("/dashboard/reports", get(dashboard::reports))
        .route("/dashboard/break-contact", get(dashboard::wordings))
        .route("/dashboard/deliveries", get(dashboard::deliveries))
        .route("/dashboard/deliveries/replay", get(dashboard::chosen).post(dashboard::replay_chosen))
        .route("/dashboard/deliveries/{id}", get(dashboard::delivery).post(dashboard::shown))
        .route("/dashboard/deliveries/{id}/replay", post(dashboard::replay))
        .route("/dashboard/sources", get(dashboard::sources))
        .route("/dashboard/connectors", get(dashboard::connectors))
        .route("/dashboard/connectors/{id}/try", get(dashboard::trial).post(dashboard::attempt))
        .route("/dashboard/policies", get(dashboard::policies))
}

/// What is the same for everybody.
fn files() -> Router<App> {
    Router::new()
        .route("/assets/{name}", get(assets::get))
        .route("/brands/{file}", get(brands::file))
        .route("/sdk/v1/integrity.json", get(sdk::integrity))
        .route("/sdk/v1/{file}", get(sdk::file))
        .route("/openapi.json", get(reference::openapi))
        .route("/docs", get(reference::docs))
}
