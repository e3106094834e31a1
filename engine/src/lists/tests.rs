use super::*;
use crate::signal::sample::now;

fn new(list: &str, kind: &str, value: &str) -> NewEntry {
    NewEntry {
        list: Some(list.to_owned()),
        kind: Some(kind.to_owned()),
        value: Some(value.to_owned()),
        reason: Some("a scam".to_owned()),
        expires_at: None,
    }
}

fn read(entry: NewEntry) -> Result<Listing, FieldError> {
    read_all(vec![entry], now()).map(|mut read| read.remove(0))
}

#[test]
fn every_value_has_one_form() {
    let long = "x".repeat(255);
    let table = [
        ("subject", "user_42", "user_42"),
        ("subject", "User 42", "User 42"),
        ("device", &long, &long),
        ("destination", "=iban:DE89", "=iban:DE89"),
        ("ip", "::ffff:203.0.113.9", "203.0.113.9"),
        ("ip", "2001:DB8::/32", "2001:db8::/32"),
        ("email_domain", "Mail.Example", "mail.example"),
        ("email_domain", "MÜNCHEN.example", "münchen.example"),
    ];
    for (kind, value, form) in table {
        assert_eq!(read(new("deny", kind, value)).expect(value).value, form, "{kind} {value}");
    }
}

#[test]
fn a_wrong_field_is_named() {
    let long = "x".repeat(256);
    let table = [
        ("", "subject", "a", "list"),
        ("blocked", "subject", "a", "list"),
        ("deny", "person", "a", "kind"),
        ("tor", "subject", "a", "kind"),
        ("hosting", "email_domain", "a.example", "kind"),
        ("deny", "subject", "", "value"),
        ("deny", "subject", &long, "value"),
        ("deny", "device", "a\u{202e}b", "value"),
        ("deny", "destination", "a\nb", "value"),
        ("deny", "email_domain", "localhost", "value"),
        ("deny", "email_domain", "ana@mail.example", "value"),
        ("deny", "email_domain", "mail.example.", "value"),
        ("deny", "ip", "mail.example", "value"),
        ("deny", "ip", "203.0.113.9/24", "value"),
        ("deny", "ip", "0.0.0.0/0", "value"),
        ("allow", "ip", "::/0", "value"),
        ("allow", "ip", "::ffff:0:0/96", "value"),
    ];
    for (list, kind, value, field) in table {
        let error = read(new(list, kind, value)).expect_err(value);
        assert_eq!(error.pointer, format!("/entries/0/{field}"), "{list} {kind} {value}: {error}");
        assert!(
            value.is_empty() || !error.detail.contains(value) || value == "a",
            "{error} repeats the value"
        );
    }
    assert!(read(new("watch", "ip", "10.0.0.0/7")).is_ok(), "to look at many more closely shuts nobody out");
}

#[test]
fn reasons_and_expiries_are_read() {
    let reason = |text: &str| read(NewEntry { reason: Some(text.to_owned()), ..new("deny", "subject", "a") });
    assert!(reason(&"é".repeat(500)).is_ok());
    for bad in ["", "  ", &"é".repeat(501), "two\nlines", "a\u{0}"] {
        assert_eq!(reason(bad).unwrap_err().pointer, "/entries/0/reason", "{bad:?}");
    }
    let expiry =
        |text: &str| read(NewEntry { expires_at: Some(text.to_owned()), ..new("deny", "subject", "a") });
    let read_as = expiry("2026-11-22T12:00:01+02:00").unwrap().expires_at;
    assert_eq!(read_as, Some(now() + chrono::TimeDelta::seconds(1)));
    for bad in ["", "tomorrow", "2027-01-31", "2026-11-22T10:00:00Z", "2026-11-22T11:59:59+02:00"] {
        assert_eq!(expiry(bad).unwrap_err().pointer, "/entries/0/expires_at", "{bad:?}");
    }
}

#[test]
fn the_same_entry_twice_is_a_slip() {
    let twice = vec![new("deny", "ip", "203.0.113.9"), new("deny", "ip", "::ffff:203.0.113.9/128")];
    assert_eq!(read_all(twice, now()).unwrap_err().pointer, "/entries/1/value");
    let apart = vec![
        new("deny", "ip", "203.0.113.9"),
        new("tor", "ip", "203.0.113.9"),
        new("deny", "subject", "203.0.113.9"),
    ];
    assert_eq!(read_all(apart, now()).unwrap().len(), 3);
}

fn entry(value: &str, reason: &str) -> Entry {
    Entry {
        entry_id: "lst_1".to_owned(),
        list: "deny".to_owned(),
        kind: "destination".to_owned(),
        value: value.to_owned(),
        reason: reason.to_owned(),
        author: "key_1".to_owned(),
        created_at: now(),
        expires_at: Some(now() + chrono::TimeDelta::microseconds(1)),
        ended_at: None,
        ended_by: None,
        active: true,
    }
}

#[test]
fn what_goes_out_comes_in_again() {
    let cells = [
        "plain", "a, \"b\"", "=1+1", "'=1+1", "''@x", "-5", "+49 30 1", "'quoted'", "＝x", "\t=x", " =x",
        "it's",
    ];
    let entries: Vec<Entry> = cells.iter().map(|cell| entry(cell, cell)).collect();
    let text = to_csv(&entries).unwrap();
    assert!(text.starts_with("list,kind,value,reason,expires_at,author,created_at,entry_id\r\n"), "{text}");
    assert!(text.contains("\r\ndeny,destination,'=1+1,'=1+1,2026-11-22T10:00:00.000001Z,key_1,"), "{text}");
    for (line, cell) in text.lines().skip(1).zip(cells) {
        let shown = line.strip_prefix("deny,destination,").unwrap();
        assert!(!shown.starts_with(['=', '+', '-', '@', '\t', '＝']), "{cell}: {line}");
    }
    let read = Sheet::read(&text).unwrap().entries;
    let values: Vec<_> = read.iter().map(|entry| entry.value.clone().unwrap()).collect();
    assert_eq!(values, cells);
    assert!(read.iter().all(|entry| entry.value == entry.reason && entry.expires_at.is_some()));
}

#[test]
fn a_file_from_elsewhere_is_read_leniently_where_that_is_safe() {
    let text = "\u{feff}kind,list,value,reason,expires_at\n\nip,tor,203.0.113.9,\"exit, \"\"old\"\"\",\n";
    let entry = Sheet::read(text).unwrap().entries.remove(0);
    assert_eq!(
        entry,
        NewEntry { reason: Some("exit, \"old\"".to_owned()), ..new("tor", "ip", "203.0.113.9") }
    );
}

#[test]
fn errors_name_the_line_and_the_column() {
    let head = "list,kind,value,reason,expires_at";
    let table = [
        (String::new(), "/lines/1"),
        ("list;kind;value;reason;expires_at\n".to_owned(), "/lines/1"),
        ("list,kind,value,reason\ndeny,ip,1.2.3.4,x\n".to_owned(), "/lines/1"),
        (format!("{head},list\n"), "/lines/1"),
        (format!("{head},note\n"), "/lines/1"),
        (format!("{head}\n"), "/lines/2"),
        (format!("{head}\ndeny,ip,1.2.3.4\n"), "/lines/2"),
        (format!("{head}\r\n\r\ndeny,ip,1.2.3.4,x,\r\ndeny,ip,nowhere,x,\r\n"), "/lines/4/value"),
        (format!("{head}\ndeny,ip,1.2.3.4,\"x\ny\",\n"), "/lines/2/reason"),
        (format!("{head}\ndeny,ip,1.2.3.4,x,\ndeny,ip,1.2.3.4,x,\n"), "/lines/3/value"),
        (format!("{head}\ndeny,ip,1.2.3.4,x,soon\n"), "/lines/2/expires_at"),
        (format!("{head}\n{}", "deny,subject,a,x,\n".repeat(LINES_MAX + 1)), "/lines/10002"),
    ];
    for (text, pointer) in table {
        let error = Sheet::read(&text)
            .and_then(|mut sheet| {
                let entries = std::mem::take(&mut sheet.entries);
                read_all(entries, now()).map_err(|error| sheet.explain(error))
            })
            .unwrap_err();
        assert_eq!(error.pointer, pointer, "{error}");
        let line = pointer.split('/').nth(2).unwrap();
        assert!(error.detail.starts_with(&format!("line {line}")), "{error}");
    }
}
