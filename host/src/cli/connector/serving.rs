//! What a running server says of its connectors: its measurements are the only place where a quarantine is known.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use hyper::{Request, header};
use hyper_util::rt::TokioIo;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::net::TcpStream;

use crate::cli::CliError;

/// Bytes of the measurements, far beyond what a server has.
const MOST: usize = 16 << 20;
/// How long a server may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The series, up to the id.
const SERIES: &str = "ase_connector_quarantined{connector=\"";

/// Ids of the connectors that the server at `address` leaves alone.
///
/// # Errors
/// It does not answer, or not to this token.
pub(super) async fn quarantined(
    address: SocketAddr,
    token: &SecretString,
) -> Result<BTreeSet<String>, CliError> {
    let refused = |why: String| {
        CliError::Argument(format!(
            "the server at {address} does not tell its measurements: {why}; name the address that it listens on, and \
             its ASE_METRICS_TOKEN"
        ))
    };
    let asked = tokio::time::timeout(PATIENCE, metrics(address, token)).await;
    let text = asked.map_err(|elapsed| refused(elapsed.to_string()))?.map_err(refused)?;
    Ok(text.lines().filter_map(held).map(str::to_owned).collect())
}

/// The id in a line that says `1`.
fn held(line: &str) -> Option<&str> {
    line.strip_prefix(SERIES)?.strip_suffix("\"} 1")
}

async fn metrics(address: SocketAddr, token: &SecretString) -> Result<String, String> {
    let said = |error: &dyn std::error::Error| error.to_string();
    let stream = TcpStream::connect(address).await.map_err(|error| said(&error))?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| said(&error))?;
    let connection = tokio::spawn(connection);
    let request = Request::get("/metrics")
        .header(header::HOST, address.to_string())
        .header(header::AUTHORIZATION, format!("Bearer {}", token.expose_secret()))
        .body(Body::empty())
        .map_err(|error| said(&error))?;
    let answer = sender.send_request(request).await.map_err(|error| said(&error))?;
    if !answer.status().is_success() {
        return Err(format!("it answers {}", answer.status()));
    }
    let body = to_bytes(Body::new(answer.into_body()), MOST).await.map_err(|error| said(&error))?;
    connection.abort();
    String::from_utf8(body.to_vec()).map_err(|error| said(&error))
}

#[cfg(test)]
mod tests {
    use super::held;

    #[test]
    fn only_what_is_held_now_is_told() {
        assert_eq!(held("ase_connector_quarantined{connector=\"acme\"} 1"), Some("acme"));
        assert_eq!(held("ase_connector_quarantined{connector=\"acme\"} 0"), None);
        assert_eq!(held("# TYPE ase_connector_quarantined gauge"), None);
    }
}
