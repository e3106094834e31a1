use super::*;

fn read(text: &str) -> Result<Request, String> {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("body.bin"), [0xff, 0x00]).unwrap();
    let path = directory.path().join("order.request.json");
    std::fs::write(&path, text).unwrap();
    Request::read(&path).map_err(|error| {
        let told = error.to_string();
        told.strip_prefix(&format!("{}: ", path.display())).map(str::to_owned).unwrap_or(told)
    })
}

fn body_of(form: &str) -> Result<Vec<u8>, String> {
    let request = read(&format!(r#"{{"received_at": "2026-11-22T10:00:00Z", {form}}}"#))?;
    Ok(request.delivery.body.to_vec())
}

#[test]
fn a_body_keeps_every_byte_in_each_form() {
    for (form, bytes) in [
        (r#""query": """#, &b""[..]),
        (r#""body": "plain \"text\" é""#, "plain \"text\" é".as_bytes()),
        (r#""body": {"b":  1.50, "a": [ ] }"#, br#"{"b":  1.50, "a": [ ] }"#),
        (r#""body": [1,2]"#, b"[1,2]"),
        (r#""body_base64": "/wA=""#, &[0xff, 0]),
        (r#""body_file": "body.bin""#, &[0xff, 0]),
    ] {
        assert_eq!(body_of(form).unwrap(), bytes, "{form}");
    }
}

#[test]
fn what_is_wrong_is_named() {
    for (text, told) in [
        ("{", "EOF while parsing"),
        ("{}", "missing field `received_at`"),
        (r#"{"received_at": "noon"}"#, "received_at: "),
        (r#"{"received_at": "2026-11-22T10:00:00Z", "bodi": ""}"#, "bodi: unknown field `bodi`"),
        (r#"{"received_at": "2026-11-22T10:00:00Z", "headers": {"a": 1}}"#, "headers.a: "),
        (r#"{"received_at": "2026-11-22T10:00:00Z", "body": 7}"#, "body: must be a text"),
        (r#"{"received_at": "2026-11-22T10:00:00Z", "body_base64": "!"}"#, "body_base64: "),
        (
            r#"{"received_at": "2026-11-22T10:00:00Z", "body_file": "../secret"}"#,
            "body_file: must be a path below",
        ),
        (
            r#"{"received_at": "2026-11-22T10:00:00Z", "body_file": "/etc/passwd"}"#,
            "body_file: must be a path below",
        ),
        (r#"{"received_at": "2026-11-22T10:00:00Z", "body": "", "body_base64": ""}"#, "only one of"),
        (r#"{"received_at": "2026-11-22T10:00:00Z"} 1"#, "trailing characters"),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.starts_with(told), "{text}: {error}");
    }
}

#[test]
fn no_error_repeats_a_secret() {
    for secrets in [r#""hunter2""#, r#"["hunter2", 7]"#, r#"{"a": "hunter2"}"#, r#"["hunter2", ""]"#] {
        let text = format!(r#"{{"received_at": "2026-11-22T10:00:00Z", "secrets": {secrets}}}"#);
        let error = read(&text).unwrap_err();
        assert!(
            error.starts_with("secrets: must be a list of texts") && !error.contains("hunter2"),
            "{error}"
        );
    }
}

#[test]
fn secrets_are_taken_out_of_what_is_shown() {
    let request =
        read(r#"{"received_at": "2026-11-22T10:00:00Z", "secrets": ["hunter2", "older"]}"#).unwrap();
    assert_eq!(request.conceal("a hunter2, an older one"), "a [secret], an [secret] one");
    assert!(request.shows_secret("hunter2") && !request.shows_secret("hunter"));
    assert!(!format!("{request:?}").contains("hunter2"));
}

#[test]
fn headers_repeat_and_settings_are_text() {
    let request = read(
        r#"{"received_at": "2026-11-22T10:00:00Z", "headers": {"x-a": ["1", "2"], "x-b": "3"},
            "settings": {"mapping": {"id": {"path": "/id"}}, "live": true, "shop": "main"}}"#,
    )
    .unwrap();
    let headers: Vec<_> = request.delivery.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(headers, ["x-a", "x-a", "x-b"]);
    let settings: Vec<_> = request.delivery.settings.iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!(settings, ["true", r#"{"id":{"path":"/id"}}"#, "main"]);
}
