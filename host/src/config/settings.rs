//! The table of settings: where each stands in the file, how its variable is called, what it may be.

/// One setting.
pub(super) struct Setting {
    /// Its place in the file.
    pub(super) path: &'static str,
    /// Its variable.
    pub(super) variable: &'static str,
    /// How its value is written.
    pub(super) kind: Kind,
    /// What of it is never shown.
    pub(super) hidden: Hidden,
    /// What holds where nothing is said.
    pub(super) default: Option<&'static str>,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text.
    Text,
    /// A whole number between two others, both included.
    Number(u64, u64),
    /// `true` or `false`.
    Flag,
    /// A list of text; in a variable, separated by commas.
    List,
    /// A table from text to text; in a variable, `name=value` separated by commas.
    Table,
}

/// What of a value is never shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hidden {
    /// Nothing.
    Nothing,
    /// User, password and query of a URL.
    Credentials,
    /// All of it.
    Everything,
}

/// Names the file; it cannot stand in the file.
pub(super) const FILE_VARIABLE: &str = "ASE_CONFIG";

/// Variables with our prefix that are no settings: what the project's own tests and benchmarks read, and where back
/// ends by the SDKs keep their key and our address.
pub(super) const FOREIGN: [&str; 7] = [
    "ASE_FIXTURES",
    "ASE_TEST_DATABASE_URL",
    "ASE_TEST_APP_DATABASE_URL",
    "ASE_BENCH_LARGE",
    "ASE_KEY",
    "ASE_URL",
    "ASE_DEMO",
];

const fn row(
    path: &'static str,
    variable: &'static str,
    kind: Kind,
    default: Option<&'static str>,
) -> Setting {
    Setting { path, variable, kind, hidden: Hidden::Nothing, default }
}

const fn secret(path: &'static str, variable: &'static str, hidden: Hidden) -> Setting {
    Setting { path, variable, kind: Kind::Text, hidden, default: None }
}

/// All settings, in the order in which they are shown.
pub(super) static SETTINGS: [Setting; 30] = [
    row("listen", "ASE_LISTEN", Kind::Text, Some("127.0.0.1:8080")),
    row("public_url", "ASE_PUBLIC_URL", Kind::Text, None),
    secret("master_key", "ASE_MASTER_KEY", Hidden::Everything),
    row("trusted_proxies", "ASE_TRUSTED_PROXIES", Kind::List, Some("")),
    secret("database.url", "ASE_DATABASE_URL", Hidden::Credentials),
    secret("database.migration_url", "ASE_MIGRATION_DATABASE_URL", Hidden::Credentials),
    row("database.connections", "ASE_DATABASE_CONNECTIONS", Kind::Number(4, 1000), Some("16")),
    secret("mail.smtp_url", "ASE_SMTP_URL", Hidden::Credentials),
    row("mail.from", "ASE_MAIL_FROM", Kind::Text, None),
    row("sms.account_sid", "ASE_SMS_ACCOUNT_SID", Kind::Text, None),
    secret("sms.auth_token", "ASE_SMS_AUTH_TOKEN", Hidden::Everything),
    row("sms.from", "ASE_SMS_FROM", Kind::Text, None),
    row("sms.base_url", "ASE_SMS_BASE_URL", Kind::Text, Some("https://api.twilio.com")),
    row("connectors.dir", "ASE_CONNECTORS_DIR", Kind::Text, None),
    row("connectors.cache_dir", "ASE_CONNECTOR_CACHE_DIR", Kind::Text, None),
    row("connectors.compiler", "ASE_CONNECTOR_COMPILER", Kind::Text, None),
    row("connectors.concurrent_calls", "ASE_CONNECTOR_CALLS", Kind::Number(1, 1000), Some("32")),
    row("connectors.memory_mib", "ASE_CONNECTOR_MEMORY_MIB", Kind::Number(1, 128), Some("128")),
    row("connectors.deadline_ms", "ASE_CONNECTOR_DEADLINE_MS", Kind::Number(1, 250), Some("250")),
    row("connectors.grants", "ASE_CONNECTOR_GRANTS", Kind::Table, Some("")),
    row("connectors.trusted_keys", "ASE_CONNECTOR_TRUSTED_KEYS", Kind::List, Some("")),
    row("connectors.require_signature", "ASE_CONNECTOR_REQUIRE_SIGNATURE", Kind::Flag, Some("false")),
    secret("metrics.token", "ASE_METRICS_TOKEN", Hidden::Everything),
    row("log.format", "ASE_LOG_FORMAT", Kind::Text, Some("json")),
    row("log.filter", "ASE_LOG", Kind::Text, Some("info")),
    row("limits.body_bytes", "ASE_LIMIT_BODY_BYTES", Kind::Number(1024, 16 << 20), Some("1048576")),
    row("limits.concurrent_requests", "ASE_LIMIT_REQUESTS", Kind::Number(1, 100_000), Some("512")),
    row("limits.request_timeout_seconds", "ASE_LIMIT_REQUEST_SECONDS", Kind::Number(1, 300), Some("15")),
    row("limits.connections", "ASE_LIMIT_CONNECTIONS", Kind::Number(1, 100_000), Some("2048")),
    row(
        "limits.question_milliseconds",
        "ASE_LIMIT_QUESTION_MILLISECONDS",
        Kind::Number(0, 10_000),
        Some("800"),
    ),
];

/// The setting of a path in the file.
pub(super) fn by_path(path: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.path == path)
}

/// The setting of a variable.
pub(super) fn by_variable(variable: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.variable == variable)
}
