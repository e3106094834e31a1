//! What templates say messages with: `t` and `words`, and times in the words of a language.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike as _, NaiveDateTime, Timelike as _};
use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State};

use super::{Catalogue, Filling, Form};
use crate::pages::Direction;
use crate::pages::filters::time;

/// Teaches an environment a language.
pub(in crate::pages) fn register(
    environment: &mut Environment<'static>,
    catalogue: Catalogue,
    names: &[Value],
) {
    let catalogue = Arc::new(catalogue);
    environment.add_global("lang", catalogue.language.tag());
    environment.add_global("dir", catalogue.language.direction().as_str());
    let start = if catalogue.language.direction() == Direction::RightToLeft { "right" } else { "left" };
    environment.add_global("start", start);
    environment.add_global("languages", Value::from(names.to_vec()));
    let speaker = Arc::clone(&catalogue);
    // markup where markup is written, plain text where text is
    environment.add_function("t", move |state: &State, key: &str, given: Kwargs| {
        let form = if *state.auto_escape() == AutoEscape::Html { Form::Html } else { speaker.text_form() };
        let said = speak(&speaker, key, form, &given)?;
        Ok::<_, Error>(if form == Form::Html { Value::from_safe_string(said) } else { Value::from(said) })
    });
    let speaker = Arc::clone(&catalogue);
    // for titles and attributes, which have no markup
    environment.add_function("words", move |key: &str, given: Kwargs| {
        speak(&speaker, key, speaker.text_form(), &given)
    });
    let speaker = Arc::clone(&catalogue);
    environment.add_filter("clock", move |at: &str| clock(&speaker, time(at)?.naive_utc()));
    let speaker = Arc::clone(&catalogue);
    environment.add_filter("stamp", move |at: &str| stamp(&speaker, time(at)?.naive_utc()));
    environment.add_filter("time", move |at: &str| time_element(&catalogue, at));
}

/// The names of all languages, for the switch: `tag` and `name` of each.
pub(in crate::pages) fn names(catalogues: &[Catalogue]) -> Vec<Value> {
    let name = |catalogue: &Catalogue| {
        let language = catalogue.language;
        Value::from(BTreeMap::from([("tag", language.tag().to_owned()), ("name", catalogue.name())]))
    };
    catalogues.iter().map(name).collect()
}

fn speak(catalogue: &Catalogue, key: &str, form: Form, given: &Kwargs) -> Result<String, Error> {
    let count = given.get::<Option<i64>>("n")?;
    let said =
        catalogue.say(key, count, form, |place| Ok::<_, Wrong>(filling(&given.get::<Value>(place)?)))?;
    // what is said without a place for it was meant to be read
    given.assert_all_used()?;
    Ok(said)
}

fn filling(value: &Value) -> Filling {
    if value.is_safe() {
        return Filling::Html(value.to_string());
    }
    match i64::try_from(value.clone()) {
        Ok(number) if value.kind() == ValueKind::Number => Filling::Number(number),
        _ => Filling::Words(value.to_string()),
    }
}

/// `14:32 UTC`, as the language writes it.
fn clock(catalogue: &Catalogue, at: NaiveDateTime) -> Result<String, Error> {
    fixed(catalogue, "time.clock", |_| written(at))
}

/// A day and a time.
fn stamp(catalogue: &Catalogue, at: NaiveDateTime) -> Result<String, Error> {
    let month = fixed(catalogue, &format!("time.m{}", at.month()), |_| String::new())?;
    fixed(catalogue, "time.stamp", |place| match place {
        "day" => at.day().to_string(),
        "month" => month.clone(),
        "year" => at.year().to_string(),
        _ => written(at),
    })
}

fn written(at: NaiveDateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// A message whose places are filled with what this file made itself.
fn fixed(catalogue: &Catalogue, key: &str, fill: impl Fn(&str) -> String) -> Result<String, Error> {
    let form = Form::Text { isolated: false };
    Ok(catalogue.say(key, None, form, |place| Ok::<_, Wrong>(Filling::Html(fill(place))))?)
}

/// A time as an element that programs read, too.
fn time_element(catalogue: &Catalogue, at: &str) -> Result<Value, Error> {
    let moment = time(at)?;
    let shown = clock(catalogue, moment.naive_utc())?;
    let machine = moment.format("%Y-%m-%dT%H:%M:%SZ");
    Ok(Value::from_safe_string(format!("<time datetime=\"{machine}\">{shown}</time>")))
}

/// Why a message was not said: the catalogue's own words, or the template engine's.
#[derive(Debug)]
struct Wrong(Error);

impl From<String> for Wrong {
    fn from(detail: String) -> Self {
        Self(Error::new(ErrorKind::InvalidOperation, detail))
    }
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<Wrong> for Error {
    fn from(wrong: Wrong) -> Self {
        wrong.0
    }
}
