//! `serve`: connections in, answers out, workers beside, and an orderly end of it all.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use crate::App;
use crate::http;
use crate::workers::Workers;

/// How long a client has for the head of a request, where whole requests have no less.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Most bytes of a request's head.
const HEAD_BYTES: usize = 32 * 1024;
/// How long requests under way have to finish, beyond their own time limit.
const GRACE: Duration = Duration::from_secs(2);
/// How long to wait before accepting again when the system is out of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Why serving ended badly.
#[derive(Debug, Error)]
pub enum ServeError {
    /// Something was still going on when the time to finish was over.
    #[error("{0} did not finish in time and were cut off")]
    Unfinished(&'static str),
}

/// Serves until `shutdown`: then accepts nothing more, finishes what was begun, ends the workers, the connectors and
/// the pool, in this order.
///
/// # Errors
/// [`ServeError::Unfinished`] when something did not end by itself.
pub async fn serve(app: App, listener: TcpListener, shutdown: CancellationToken) -> Result<(), ServeError> {
    let workers = Workers::start(&app);
    let drained = accept(&app, listener, &shutdown).await;
    let ended = workers.stop().await;
    app.connectors.stop().await;
    // a connection that somebody still holds would be waited for forever
    let _ = tokio::time::timeout(GRACE, app.engine.store().close()).await;
    tracing::info!("everything has stopped");
    match (drained, ended) {
        (true, true) => Ok(()),
        (false, _) => Err(ServeError::Unfinished("some requests")),
        (_, false) => Err(ServeError::Unfinished("some workers")),
    }
}

/// Takes connections until `shutdown`, and waits for their requests. False when some had to be cut off.
async fn accept(app: &App, listener: TcpListener, shutdown: &CancellationToken) -> bool {
    let router = http::router(app.clone());
    let head_timeout = HEAD_TIMEOUT.min(app.site.limits.request_timeout);
    let seats = Arc::new(Semaphore::new(app.site.limits.connections));
    let connections = TaskTracker::new();
    let cut = CancellationToken::new();
    while let Some((stream, peer, seat)) = next(&listener, &seats, shutdown).await {
        let serving = converse((stream, peer), router.clone(), head_timeout, shutdown.clone());
        let cut = cut.clone();
        connections.spawn(async move {
            let _seat: OwnedSemaphorePermit = seat;
            cut.run_until_cancelled(serving).await;
        });
    }
    drop(listener);
    tracing::info!(connections = connections.len(), "finishing the requests under way");
    connections.close();
    let patience = http::longest(&app.site.limits) + GRACE;
    let drained = tokio::time::timeout(patience, connections.wait()).await.is_ok();
    cut.cancel();
    connections.wait().await;
    drained
}

/// The next connection, once there is a seat for it; `None` on shutdown.
async fn next(
    listener: &TcpListener,
    seats: &Arc<Semaphore>,
    shutdown: &CancellationToken,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    shutdown
        .run_until_cancelled(async {
            let seat = Arc::clone(seats).acquire_owned().await.ok()?;
            loop {
                match listener.accept().await {
                    Ok((stream, peer)) => return Some((stream, peer, seat)),
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be accepted");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                }
            }
        })
        .await
        .flatten()
}

/// Answers the requests of one connection; on `shutdown` the one under way is the last.
async fn converse(
    (stream, peer): (TcpStream, SocketAddr),
    router: Router,
    head_timeout: Duration,
    shutdown: CancellationToken,
) {
    // answers are small and written whole, so waiting for more of them only costs time
    let _ = stream.set_nodelay(true);
    let service = router.map_request(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(Body::new)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_timeout)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
