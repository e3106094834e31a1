//! Compiling, behind everything else that the machine does: calls go on while a version is put in.

use std::sync::{Arc, LazyLock};

use rayon::{ThreadPool, ThreadPoolBuilder};
use wasmtime::Engine;
use wasmtime::component::Component;

use super::LoadError;

/// As many threads as there are processors. Without them whoever asks compiles on the threads of everybody.
static COMPILERS: LazyLock<Option<ThreadPool>> = LazyLock::new(|| {
    let pool = ThreadPoolBuilder::new()
        .thread_name(|number| format!("compiler {number}"))
        .start_handler(|_| stand_back())
        .build();
    pool.inspect_err(|error| tracing::warn!(%error, "connectors compile without threads of their own")).ok()
});

/// Compiles, and prepares the memory image that every instance starts from.
///
/// # Errors
/// [`LoadError::Invalid`].
pub(in crate::connectors) async fn compile(engine: Engine, bytes: Arc<[u8]>) -> Result<Component, LoadError> {
    let work = move || {
        let component = Component::from_binary(&engine, &bytes)?;
        component.initialize_copy_on_write_image()?;
        Ok::<_, wasmtime::Error>(component)
    };
    let compiled = tokio::task::spawn_blocking(move || match &*COMPILERS {
        Some(pool) => pool.install(work),
        None => work(),
    });
    match compiled.await {
        Ok(Ok(component)) => Ok(component),
        Ok(Err(error)) => Err(LoadError::Invalid(format!("{error:#}"))),
        Err(panic) => Err(LoadError::Invalid(panic.to_string())),
    }
}

/// Gives way to every other thread; on Linux that is a thread's own matter, elsewhere the whole process's.
fn stand_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(19) {
        tracing::warn!(%error, "connectors compile at the expense of calls");
    }
}
