//! An address that nobody may call: it listens, and counts who comes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::until::until;

/// A listening port.
#[derive(Debug)]
pub struct Trap {
    /// Which, on loopback.
    pub port: u16,
    touched: Arc<AtomicUsize>,
    listening: JoinHandle<()>,
}

impl Trap {
    /// Begins to listen.
    pub async fn set() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, touched) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
        let count = Arc::clone(&touched);
        let listening = tokio::spawn(async move {
            while listener.accept().await.is_ok() {
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        Self { port, touched, listening }
    }

    /// How many have come so far. One comes now, to show that the trap works: connections are taken in their order, so
    /// whoever came before it is counted, too.
    pub async fn touched(&self) -> usize {
        let before = self.touched.load(Ordering::Relaxed);
        let own = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let after = until("the trap's own visitor", || async {
            let after = self.touched.load(Ordering::Relaxed);
            (after > before).then_some(after)
        })
        .await;
        drop(own);
        self.touched.fetch_sub(1, Ordering::Relaxed);
        after - 1
    }
}

impl Drop for Trap {
    fn drop(&mut self) {
        self.listening.abort();
    }
}
