//! `Pages`: every page and every mail that people see, rendered from typed contexts.
//!
//! It owns the templates, the styles, the one script and all the sentences in them. It never chooses what to show
//! (a handler picks the page and fills its context), never fetches anything and knows nothing of HTTP.
//!
//! A page is a struct that implements [`Page`]; [`Pages::render`] turns it into HTML. A mail is a
//! [`MailContext`]; [`Pages::mail`] turns it into a subject, a text and an HTML body.

mod assets;
pub mod challenge;
mod concealed;
pub mod dashboard;
mod filters;
mod language;
pub mod mail;
pub mod mailbox;
mod messages;
pub mod reference;
#[cfg(any(test, feature = "samples"))]
pub mod samples;
mod templates;
#[cfg(test)]
mod tests;
pub mod text;
mod waterfall;

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};
use serde::Serialize;
use thiserror::Error;

pub use assets::{Asset, Assets};
pub use concealed::Concealed;
pub use language::{Direction, Language};
pub use mail::{MailContext, Rendered};
pub use waterfall::{ReasonView, Step};

use self::messages::Catalogue;

/// Why a page could not be made. Both mean a fault of the build, never of what a person typed.
#[derive(Debug, Error)]
pub enum PagesError {
    /// A template does not parse, or the environment refuses its settings.
    #[error("template `{template}` does not compile; correct it and build again")]
    Compile {
        /// The template's path below `templates/`.
        template: &'static str,
        /// What the template engine says.
        #[source]
        source: minijinja::Error,
    },
    /// A catalogue of messages does not read.
    #[error("a catalogue of `templates/messages` does not read: {0}; correct it and build again")]
    Catalogue(String),
    /// A template asks for something that its context does not have.
    #[error("template `{template}` does not render; compare it with its context")]
    Render {
        /// The template's path below `templates/`.
        template: &'static str,
        /// What the template engine says.
        #[source]
        source: minijinja::Error,
    },
}

/// The context of one page: it names its template and serialises to what the template reads.
pub trait Page: Serialize {
    /// Path of the template below `templates/`; it ends in `.html`, which switches escaping on.
    const TEMPLATE: &'static str;

    /// The language it speaks; what only those see who run the checkpoint is English.
    fn language(&self) -> Language {
        Language::English
    }
}

/// All templates, parsed once at start, and an environment for each language that shares them.
#[derive(Debug)]
pub struct Pages {
    environments: BTreeMap<Language, Environment<'static>>,
}

impl Pages {
    /// Parses every template that the binary carries.
    ///
    /// # Errors
    /// [`PagesError::Compile`] names the template that does not parse, [`PagesError::Catalogue`] the message.
    pub fn new() -> Result<Self, PagesError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment
            .set_auto_escape_callback(|name| if escapes(name) { AutoEscape::Html } else { AutoEscape::None });
        environment.set_syntax(syntax().map_err(|source| PagesError::Compile { template: "*", source })?);
        filters::register(&mut environment);
        for &(template, text) in templates::ALL {
            environment
                .add_template(template, text)
                .map_err(|source| PagesError::Compile { template, source })?;
        }
        let catalogues = Catalogue::all().map_err(PagesError::Catalogue)?;
        let names = messages::names(&catalogues);
        let speaking = catalogues.into_iter().map(|catalogue| {
            let (language, mut environment) = (catalogue.language(), environment.clone());
            messages::register(&mut environment, catalogue, &names);
            (language, environment)
        });
        Ok(Self { environments: speaking.collect() })
    }

    /// Renders one page to HTML.
    ///
    /// # Errors
    /// [`PagesError::Render`] when the template and its context do not fit.
    pub fn render<P: Page>(&self, page: &P) -> Result<String, PagesError> {
        self.render_template(P::TEMPLATE, page.language(), page)
    }

    /// Renders one mail in a language: subject, text wrapped at 72 columns, and HTML.
    ///
    /// # Errors
    /// [`PagesError::Render`] when a template and the context do not fit.
    pub fn mail(&self, mail: &MailContext, language: Language) -> Result<Rendered, PagesError> {
        mail.render(self, language)
    }

    /// Renders one text message in a language.
    ///
    /// # Errors
    /// [`PagesError::Render`] when the template and the context do not fit.
    pub fn text(&self, text: &text::CodeText, language: Language) -> Result<String, PagesError> {
        self.render_template(text::TEMPLATE, language, text).map(|body| body.trim_end().to_owned())
    }

    /// The engine writes `/` as an entity, which no context here needs (OWASP asks for it no longer): addresses
    /// stay readable to people who look at the source of a page or a mail.
    fn render_template(
        &self,
        template: &'static str,
        language: Language,
        context: &impl Serialize,
    ) -> Result<String, PagesError> {
        let environment = self.environments.get(&language);
        environment
            .ok_or_else(|| {
                minijinja::Error::new(ErrorKind::InvalidOperation, "no environment for the language")
            })
            .and_then(|environment| environment.get_template(template))
            .and_then(|found| found.render(Serde(context)))
            .map(|text| if escapes(template) { text.replace("&#x2f;", "/") } else { text })
            .map_err(|source| PagesError::Render { template, source })
    }
}

/// Tags on lines of their own leave no trace; a file keeps its last line break.
/// A share of at most one, in whole per cent as people read it.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "a share of at most one")]
pub(crate) fn per_cent(share: f64) -> i64 {
    (share * 100.0).round() as i64
}

fn syntax() -> Result<SyntaxConfig, minijinja::Error> {
    SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()
}

/// Everything but plain text is escaped, so that a misnamed template errs on the safe side.
fn escapes(name: &str) -> bool {
    name.strip_suffix(".txt").is_none()
}
