//! Every page in every state and language on one site, without the way that leads a person there.

use ase_host::pages::Pages;
use ase_host::pages::samples::{self, Sample};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::ground::on_ground;

/// A running gallery.
#[derive(Debug)]
pub struct Gallery {
    /// Where it is served, without a slash at the end.
    pub url: String,
    samples: Vec<Sample>,
    serving: JoinHandle<()>,
}

impl Gallery {
    /// Opens one.
    pub async fn open() -> Self {
        let samples = samples::pages(&Pages::new().unwrap()).unwrap();
        let router = ase_host::http::gallery(&samples);
        on_ground(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
            Self { url, samples, serving }
        })
        .await
    }

    /// The states of the challenge in languages, by their tags; all languages for none.
    pub fn challenge(&self, languages: &[&str]) -> Vec<&Sample> {
        let wanted = |tag| languages.is_empty() || languages.contains(&tag);
        let found = self
            .of("challenge/")
            .into_iter()
            .filter(|sample| wanted(sample.language.tag()))
            .collect::<Vec<_>>();
        assert!(found.len() > languages.len().max(1) * 30, "every state is there");
        found
    }

    /// Pages whose template lies in `folder`.
    pub fn of(&self, folder: &str) -> Vec<&Sample> {
        self.samples.iter().filter(|sample| sample.template.starts_with(folder)).collect()
    }

    /// The page of this name.
    pub fn named(&self, name: &str) -> &Sample {
        let found = self.samples.iter().find(|sample| sample.name() == name);
        found.unwrap_or_else(|| panic!("no sample is called {name}"))
    }

    /// Where a page is.
    #[must_use]
    pub fn address(&self, sample: &Sample) -> String {
        format!("{}/samples/{}", self.url, sample.name())
    }
}

impl Drop for Gallery {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
