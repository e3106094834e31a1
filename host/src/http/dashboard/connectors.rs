//! The connectors: what this server has in use, and the installed versions behind it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::Analyst;
use super::pages::down;
use super::releases::release_view;
use crate::App;
use crate::connectors::{ConnectorStatus, Grant, Origin, QuarantineStatus};
use crate::http::headers::{nonce, page};
use crate::pages::dashboard::{ConnectorRow, ConnectorsPage, QuarantineView, Section};

pub(in crate::http) async fn connectors(State(app): State<App>, analyst: Analyst) -> Response {
    let releases = match app.engine.connector_releases(&analyst.user.org_id).await {
        Ok(releases) => releases,
        Err(error) => return down(&app, &error),
    };
    let statuses = app.connectors.list();
    let status_of = |id: &str| statuses.iter().find(|status| status.id == id);
    let releases = releases.into_iter().map(|release| {
        let status = status_of(&release.connector_id);
        release_view(release, status)
    });
    let shown = ConnectorsPage {
        base: analyst.base(Section::Connectors),
        releases: releases.collect(),
        connectors: statuses.iter().map(connector_row).collect(),
    };
    let nonce = nonce();
    page(&app.pages, StatusCode::OK, &shown, &nonce, None)
}

fn connector_row(status: &ConnectorStatus) -> ConnectorRow {
    ConnectorRow {
        id: status.id.clone(),
        version: status.version.clone().unwrap_or_default(),
        title: status.title.clone().unwrap_or_default(),
        digest: status.digest.clone().unwrap_or_default(),
        origin: match &status.origin {
            Origin::Bundled => "bundled".to_owned(),
            Origin::Installed => "installed".to_owned(),
            Origin::File(path) => {
                path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
            }
        },
        grant: match status.grant {
            Some(Grant::InertWasi) => "inert WASI".to_owned(),
            None => "none".to_owned(),
        },
        last_error: status.last_error.clone(),
        quarantine: status.quarantine.as_ref().map(quarantine_view),
    }
}

fn quarantine_view(held: &QuarantineStatus) -> QuarantineView {
    QuarantineView {
        since: held.since,
        failures: held.failures,
        fault: held.fault.replace('_', " "),
        next_try_at: held.next_try_at,
    }
}
