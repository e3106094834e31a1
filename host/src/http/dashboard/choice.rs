//! What somebody chose of the inbox, as it stands in the address of the page and in its forms.

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use ase_engine::inbox::STATUSES;
use ase_engine::store::deliveries::Filter;

/// How a form writes a time; it has no zone, so the page says that it is UTC.
const WRITTEN: [&str; 2] = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];

/// Which deliveries; what is empty chooses nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Choice {
    status: String,
    source_id: String,
    since: String,
    until: String,
}

impl Choice {
    /// The filter that it means. What cannot be read is never left out, since a replay must not choose more.
    ///
    /// # Errors
    /// What is wrong, as the page says it.
    pub(super) fn filter(&self) -> Result<Filter, String> {
        let status = given(&self.status);
        if status.as_deref().is_some_and(|status| !STATUSES.contains(&status)) {
            return Err("There is no such state.".to_owned());
        }
        Ok(Filter {
            status,
            source_id: given(&self.source_id),
            since: time("From", &self.since)?,
            until: time("Until", &self.until)?,
        })
    }

    /// Of a filter, for forms and addresses.
    pub(super) fn of(filter: &Filter) -> Self {
        let time =
            |time: Option<DateTime<Utc>>| time.map(|time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true));
        Self {
            status: filter.status.clone().unwrap_or_default(),
            source_id: filter.source_id.clone().unwrap_or_default(),
            since: time(filter.since).unwrap_or_default(),
            until: time(filter.until).unwrap_or_default(),
        }
    }

    /// The same in another status.
    pub(super) fn with_status(&self, status: &str) -> Self {
        Self { status: status.to_owned(), ..self.clone() }
    }

    /// Names and values of what was chosen.
    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("status", &self.status),
            ("source_id", &self.source_id),
            ("since", &self.since),
            ("until", &self.until),
        ];
        let given = all.into_iter().filter(|(_, value)| !value.is_empty());
        given.map(|(name, value)| (name, value.clone())).collect()
    }

    /// An address with it, and more.
    pub(super) fn path(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(self.fields()).extend_pairs(more);
        match query.finish() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }
}

fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn time(name: &str, text: &str) -> Result<Option<DateTime<Utc>>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let zoned = DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc());
    let bare = || WRITTEN.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let read = zoned.or_else(|| bare().map(|time| time.and_utc()));
    read.map(Some).ok_or_else(|| format!("{name} must be a time such as 2026-11-22T10:00, in UTC."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(since: &str) -> Choice {
        Choice { since: since.to_owned(), source_id: "src_1 &2".to_owned(), ..Choice::default() }
    }

    #[test]
    fn times_are_read_as_forms_and_addresses_write_them() {
        let expected: DateTime<Utc> = "2026-11-22T10:00:00Z".parse().unwrap();
        for text in
            ["2026-11-22T10:00", "2026-11-22T10:00:00", "2026-11-22T10:00:00Z", "2026-11-22T11:00:00+01:00"]
        {
            assert_eq!(choice(text).filter().unwrap().since, Some(expected), "{text}");
        }
        for text in ["yesterday", "2026-11-22", "10:00", " "] {
            assert!(choice(text).filter().unwrap_err().starts_with("From must"), "{text}");
        }
        assert_eq!(choice("").filter().unwrap().since, None);
    }

    #[test]
    fn what_is_written_reads_back() {
        let precise: DateTime<Utc> = "2026-11-22T10:00:00.123456Z".parse().unwrap();
        let filter = Filter {
            status: Some("failed".to_owned()),
            source_id: Some("src_1".to_owned()),
            since: Some(precise),
            until: None,
        };
        assert_eq!(Choice::of(&filter).filter().unwrap(), filter);
        assert!(choice("").with_status("lost").filter().is_err(), "a misspelt one chooses nothing");
    }

    #[test]
    fn addresses_are_escaped() {
        assert_eq!(choice("").path("/x", &[("after", "a=b")]), "/x?source_id=src_1+%262&after=a%3Db");
        assert_eq!(Choice::default().path("/x", &[]), "/x");
    }
}
