use std::ffi::OsString;
use std::path::Path;

use super::*;

const KEY: &str = "o4iIyKe4Kc307irYfUiGflF/6CuSyQndNWGBxIb4SRA=";

/// The least that a server needs.
fn good() -> Vec<(&'static str, &'static str)> {
    vec![
        ("ASE_DATABASE_URL", "postgres://ase_app:pw@db.internal/ase?sslmode=require"),
        ("ASE_PUBLIC_URL", "https://ase.example.com/"),
        ("ASE_MASTER_KEY", KEY),
        ("ASE_SMTP_URL", "smtps://mailer:pw@mail.internal"),
        ("ASE_MAIL_FROM", "codes@example.com"),
    ]
}

fn read(file: &str, variables: &[(&str, &str)]) -> Result<Settings, ConfigError> {
    let variables = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    Settings::combine(Path::new("ase.toml"), file, variables)
}

fn refusal(file: &str, changed: &[(&str, &str)]) -> String {
    let mut variables = good();
    for (name, value) in changed {
        variables.retain(|(other, _)| other != name);
        variables.push((name, value));
    }
    match read(file, &variables).and_then(|settings| settings.config()) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_least_configuration_is_enough_and_the_rest_has_defaults() {
    let config = read("", &good()).unwrap().config().unwrap();
    assert_eq!(config.public_url, "https://ase.example.com");
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.limits.body_bytes, 1 << 20);
    assert_eq!(config.database.connections, 16);
    assert_eq!(config.connectors.ceilings, crate::connectors::Ceilings::default());
    assert_eq!(config.log, LogConfig { format: LogFormat::Json, filter: "info".to_owned() });
    assert!(config.connectors.grants.is_empty() && config.metrics_token.is_none() && !config.demo);
    assert!(matches!(config.mail, MailConfig::Smtp { from, .. } if from == "codes@example.com"));
}

#[test]
fn the_environment_overrules_the_file() {
    let file =
        "listen = \"0.0.0.0:9000\"\n[limits]\nbody_bytes = 2048\n[connectors.grants]\nodd = \"inert-wasi\"\n";
    let mut variables = good();
    variables.extend([
        ("ASE_LISTEN", "127.0.0.1:9001"),
        ("ASE_LOG_FORMAT", "text"),
        ("ASE_METRICS_TOKEN", ""),
    ]);
    let config = read(file, &variables).unwrap().config().unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:9001");
    assert_eq!(config.limits.body_bytes, 2048);
    assert_eq!(config.log.format, LogFormat::Text);
    assert_eq!(config.connectors.grants.keys().collect::<Vec<_>>(), ["odd"]);
    assert!(config.metrics_token.is_none(), "an empty variable is no setting");
}

#[test]
fn a_wrong_variable_is_refused_by_name_and_reason() {
    for (name, value, expected) in [
        ("ASE_MASTER_KEY", "", "ASE_MASTER_KEY is missing: make one with `ase config new-key`"),
        ("ASE_MASTER_KEY", "c2hvcnQ=", "ASE_MASTER_KEY has 5 bytes, needs at least 32"),
        (
            "ASE_MASTER_KEY",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "ASE_MASTER_KEY repeats a single byte",
        ),
        ("ASE_DATABASE_URL", "", "ASE_DATABASE_URL is missing"),
        ("ASE_DATABASE_URL", "mysql://db/ase", "ASE_DATABASE_URL must be a PostgreSQL URL"),
        ("ASE_PUBLIC_URL", "", "ASE_PUBLIC_URL is missing"),
        ("ASE_PUBLIC_URL", "http://ase.example.com", "ASE_PUBLIC_URL must be https"),
        (
            "ASE_PUBLIC_URL",
            "https://ase.example.com/app",
            "ASE_PUBLIC_URL must be scheme, host and port alone",
        ),
        (
            "ASE_PUBLIC_URL",
            "https://user@ase.example.com",
            "ASE_PUBLIC_URL must be scheme, host and port alone",
        ),
        ("ASE_PUBLIC_URL", "ftp://localhost", "ASE_PUBLIC_URL must be https"),
        ("ASE_PUBLIC_URL", "http://127.0.0.1.evil.example", "ASE_PUBLIC_URL must be https"),
        ("ASE_SMTP_URL", "", "ASE_SMTP_URL is missing"),
        ("ASE_SMTP_URL", "http://mail.internal", "ASE_SMTP_URL must be"),
        ("ASE_SMTP_URL", "smtps://user@mail.internal", "ASE_SMTP_URL has a user but no password"),
        ("ASE_MAIL_FROM", "", "ASE_MAIL_FROM is missing"),
        ("ASE_MAIL_FROM", "nobody", "ASE_MAIL_FROM must be"),
        ("ASE_MAIL_FROM", "a@example.com\r\nBcc: b@example.com", "ASE_MAIL_FROM must be"),
        ("ASE_SMS_ACCOUNT_SID", "AC0123", "ASE_SMS_AUTH_TOKEN is missing"),
        ("ASE_SMS_ACCOUNT_SID", "AC 0123/..", "ASE_SMS_ACCOUNT_SID must be an account's id"),
        ("ASE_SMS_AUTH_TOKEN", "short", "ASE_SMS_AUTH_TOKEN must be at least 16 characters"),
        ("ASE_SMS_FROM", "030 1234567", "ASE_SMS_FROM must be a number"),
        ("ASE_SMS_BASE_URL", "http://sms.example.com", "ASE_SMS_BASE_URL must be https"),
        ("ASE_SMS_BASE_URL", "https://user:pw@sms.example.com", "ASE_SMS_BASE_URL must be https"),
        ("ASE_LISTEN", "8080", "ASE_LISTEN must be an address and a port"),
        ("ASE_LOG_FORMAT", "xml", "ASE_LOG_FORMAT must be json or text"),
        ("ASE_LOG", "ase_host=loud", "ASE_LOG must be"),
        ("ASE_METRICS_TOKEN", "short", "ASE_METRICS_TOKEN must be at least 16 characters"),
        ("ASE_TRUSTED_PROXIES", "10.0.0.0/8, ten", "ASE_TRUSTED_PROXIES `ten` is no address"),
        ("ASE_CONNECTOR_GRANTS", "odd=everything", "ASE_CONNECTOR_GRANTS must grant `odd` inert-wasi"),
        ("ASE_CONNECTOR_GRANTS", "odd", "ASE_CONNECTOR_GRANTS must be `name=value`"),
        ("ASE_CONNECTOR_MEMORY_MIB", "129", "ASE_CONNECTOR_MEMORY_MIB must be a whole number from 1 to 128"),
        ("ASE_CONNECTOR_DEADLINE_MS", "0", "ASE_CONNECTOR_DEADLINE_MS must be a whole number from 1 to 250"),
        ("ASE_LIMIT_BODY_BYTES", "1", "ASE_LIMIT_BODY_BYTES must be a whole number from 1024"),
        ("ASE_LIMIT_BODY_BYTES", "many", "ASE_LIMIT_BODY_BYTES must be a whole number"),
        ("ASE_DATABASE_CONNECTIONS", "2", "ASE_DATABASE_CONNECTIONS must be a whole number from 4"),
        ("ASE_DATBASE_URL", "x", "ASE_DATBASE_URL is not a setting; did you mean ASE_DATABASE_URL?"),
        ("ASE_ENTIRELY_MADE_UP_THING", "x", "ASE_ENTIRELY_MADE_UP_THING is not a setting"),
    ] {
        let said = refusal("", &[(name, value)]);
        assert!(said.starts_with(expected), "{name}={value}: {said}");
    }
}

#[test]
fn text_messages_are_sent_where_all_of_it_is_said() {
    assert!(read("", &good()).unwrap().sms().unwrap().is_none());
    let mut variables = good();
    variables.extend([("ASE_SMS_ACCOUNT_SID", "AC0123"), ("ASE_SMS_AUTH_TOKEN", "0123456789abcdef")]);
    for (from, expected) in [
        ("0049 30 1234567", "+49301234567"),
        ("Your Shop", "Your Shop"),
        ("MG0123456789abcdef0123456789abcdef", "MG0123456789abcdef0123456789abcdef"),
    ] {
        let variables: Vec<_> = variables.iter().copied().chain([("ASE_SMS_FROM", from)]).collect();
        let sms = read("", &variables).unwrap().sms().unwrap().unwrap();
        assert_eq!((sms.from.as_str(), sms.base_url.as_str()), (expected, "https://api.twilio.com"));
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let told = read("", &[("ASE_LISTEN", "here")]).unwrap().config().unwrap_err().to_string();
    for name in [
        "ASE_LISTEN must",
        "ASE_PUBLIC_URL is",
        "ASE_MASTER_KEY is",
        "ASE_DATABASE_URL is",
        "ASE_SMTP_URL is",
    ] {
        assert!(told.lines().any(|line| line.trim_start().starts_with(name)), "{name}: {told}");
    }
}

#[test]
fn a_wrong_line_of_the_file_is_refused_by_its_path() {
    for (file, expected) in [
        ("databse = 1", "databse is not a setting"),
        ("[database]\nurll = \"x\"", "database.urll is not a setting; did you mean database.url?"),
        ("[limits]\nbody_bytes = \"1048576\"", "limits.body_bytes must be a whole number"),
        ("[limits]\nbody_bytes = -1", "limits.body_bytes must be a whole number"),
        ("listen = 8080", "listen must be text in quotation marks"),
        ("trusted_proxies = \"10.0.0.0/8\"", "trusted_proxies must be a list of texts"),
        ("[connectors]\ngrants = [\"a\"]", "connectors.grants must be a table of texts"),
        ("ASE_CONFIG = \"x\"", "ASE_CONFIG is not a setting"),
        ("listen = \"x\nmaster_key = 1", "ase.toml: line 1: "),
    ] {
        let said = refusal(file, &[]);
        assert!(said.starts_with(expected), "{file}: {said}");
    }
}

#[test]
fn variables_of_others_are_none_of_our_business() {
    for name in [
        "HOME",
        "BASE_URL",
        "ASE_CONFIG",
        "ASE_FIXTURES",
        "ASE_KEY",
        "ASE_URL",
        "ASE_DEMO",
        "ASE_BENCH_LARGE",
    ] {
        assert_eq!(refusal("", &[(name, "x")]), "accepted", "{name}");
    }
}

#[test]
fn no_error_and_no_effective_configuration_shows_a_secret() {
    let secrets = [
        "pa55word-of-the-database",
        "pa55word-of-the-mailer",
        KEY,
        "t0ken-of-the-metrics",
        "t0ken-of-the-text-messages",
    ];
    let database = format!("postgres://ase_app:{}@db.internal:5433/ase?password={}", secrets[0], secrets[0]);
    let smtp = format!("smtps://mailer:{}@mail.internal", secrets[1]);
    let mut variables = good();
    variables.extend([
        ("ASE_DATABASE_URL", &*database),
        ("ASE_SMTP_URL", &smtp),
        ("ASE_METRICS_TOKEN", secrets[3]),
        ("ASE_SMS_ACCOUNT_SID", "AC0123"),
        ("ASE_SMS_AUTH_TOKEN", secrets[4]),
        ("ASE_SMS_FROM", "+49 30 1234567"),
    ]);
    let settings = read("", &variables).unwrap();
    let shown = [
        settings.effective(),
        settings.effective_json().to_string(),
        format!("{settings:?} {:?}", settings.config().unwrap()),
    ];
    for text in &shown {
        for secret in secrets {
            assert!(!text.contains(secret), "{text}");
        }
    }
    assert!(
        shown[0].contains("url = \"postgres://***@db.internal:5433/ase\"  # ASE_DATABASE_URL"),
        "{}",
        shown[0]
    );
    assert!(shown[0].contains("master_key = \"***\""), "{}", shown[0]);
    let odd = [("[database]\nurl = [\"pa55word\"]", ""), ("master_key = \"pa55word", "")];
    for (file, _) in odd {
        assert!(!refusal(file, &[]).contains("pa55word"));
    }
}

#[test]
fn the_effective_configuration_reads_back() {
    let shown = read("", &good()).unwrap().effective();
    let again = read(&shown, &[]).unwrap();
    assert_eq!(again.listen().unwrap().to_string(), "127.0.0.1:8080");
    assert!(again.has("limits.body_bytes"));
}

#[test]
fn a_demo_needs_neither_mail_nor_https() {
    let presets = |settings: Settings| {
        settings
            .preset("public_url", "http://192.0.2.7:8080")
            .preset("database.url", "postgres://localhost/ase")
    };
    let demo = presets(read("", &[("ASE_MASTER_KEY", KEY)]).unwrap());
    assert!(matches!(demo.demo_config().unwrap().mail, MailConfig::Mailbox));
    assert!(demo.config().is_err());
    let variables = [("ASE_MASTER_KEY", KEY), ("ASE_SMTP_URL", "smtp://127.0.0.1:2525")];
    let mailing = presets(read("", &variables).unwrap()).demo_config().unwrap();
    assert!(matches!(mailing.mail, MailConfig::Smtp { .. }));
}

#[test]
fn migrations_use_their_own_role_where_there_is_one() {
    use secrecy::ExposeSecret as _;
    let alone = read("", &[("ASE_DATABASE_URL", "postgres://one/ase")]).unwrap();
    assert_eq!(alone.migration_url().unwrap().expose_secret(), "postgres://one/ase");
    let both =
        [("ASE_DATABASE_URL", "postgres://one/ase"), ("ASE_MIGRATION_DATABASE_URL", "postgres://two/ase")];
    assert_eq!(read("", &both).unwrap().migration_url().unwrap().expose_secret(), "postgres://two/ase");
}
