//! `pgbench` committing the rows of one decision: what PostgreSQL alone can do here.
//!
//! The statements are the product's own, as checked in under `.sqlx`, in as many round trips. Their parameters are
//! those of a decision that was just made; ids are new each time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::cpu::Cpu;
use crate::ground::{BASELINE, Ground};
use crate::load::Measured;
use crate::requests::SUBJECTS;

/// The row of one decision, every column as PostgreSQL writes it.
const NEWEST: &str = "select to_jsonb(v) from (select e.category, e.country, e.amount::text, e.currency,
    e.destination_id, e.sensitive::text, e.contact_changed::text, e.test::text, e.event_type, e.source_id,
    e.request_digest::text, e.personal::text, d.outcome, d.score::text, d.reasons::text, d.missing::text,
    d.shadow::text, d.policy_name, d.policy_version::text, d.policy_digest, d.features::text, s.status, s.stage,
    s.outcome as ended, s.assurance, t.kid, t.claims::text,
    (select array_agg(actor_type order by occurred_at)::text from audit_entries a
        where a.org_id = e.org_id and a.session_id = e.session_id) as actor_types,
    (select array_agg(actor_id order by occurred_at)::text from audit_entries a
        where a.org_id = e.org_id and a.session_id = e.session_id) as actor_ids,
    (select array_agg(action order by occurred_at)::text from audit_entries a
        where a.org_id = e.org_id and a.session_id = e.session_id) as actions,
    (select array_agg(metadata order by occurred_at)::text from audit_entries a
        where a.org_id = e.org_id and a.session_id = e.session_id) as metadata,
    (select array_agg(leaf_hash order by occurred_at)::text from audit_entries a
        where a.org_id = e.org_id and a.session_id = e.session_id) as leaf_hashes
    from events e
    join decisions d on d.session_id = e.session_id and d.org_id = e.org_id
    join sessions s on s.session_id = e.session_id and s.org_id = e.org_id
    join decision_tokens t on t.session_id = e.session_id and t.org_id = e.org_id
    where e.source_id = 'api' order by e.received_at desc limit 1) v";

/// The transaction, ready to run.
#[derive(Debug)]
pub(crate) struct Pgbench {
    program: PathBuf,
    scratch: PathBuf,
    script: PathBuf,
    variables: Vec<(String, String)>,
    url: Url,
    postmaster: u32,
}

impl Pgbench {
    /// Writes the script, with the values of the newest decision.
    pub(crate) fn prepare(ground: &Ground, scratch: &Path) -> Self {
        let newest = ground.ask(NEWEST);
        let newest = newest.as_object().expect("a decision was made before");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut variables: Vec<_> = newest.iter().map(|(name, value)| (name.clone(), text(value))).collect();
        variables.push(("org".to_owned(), ground.org_id.clone()));
        let script = scratch.join("decision.sql");
        fs::write(&script, transaction()).unwrap();
        let (url, postmaster) = (ground.url(BASELINE).parse().unwrap(), ground.postmaster);
        Self {
            program: program(&ground.cluster_home),
            scratch: scratch.to_owned(),
            script,
            variables,
            url,
            postmaster,
        }
    }

    /// Runs `clients` at a time, and counts after a warm-up.
    pub(crate) fn run(&self, clients: u32, seconds: u64) -> Measured {
        self.commit(clients, 2);
        self.commit(clients, seconds)
    }

    fn commit(&self, clients: u32, seconds: u64) -> Measured {
        let log = self.scratch.join("transactions");
        let mut command = Command::new(&self.program);
        command.args(["--no-vacuum", "--protocol=prepared", "--log"]).arg("--file").arg(&self.script);
        command.arg(format!("--log-prefix={}", log.display())).arg(format!("--time={seconds}"));
        command.arg(format!("--client={clients}")).arg(format!("--jobs={}", clients.min(2)));
        for (name, value) in &self.variables {
            command.arg("-D").arg(format!("{name}={value}"));
        }
        self.connect(&mut command);
        let before = Cpu::now(self.postmaster);
        let output = command.output().unwrap();
        assert!(output.status.success(), "pgbench: {}", String::from_utf8_lossy(&output.stderr));
        let cpu = Cpu::now(self.postmaster) - before;
        Measured::new(self.latencies(), Duration::from_secs(seconds), cpu)
    }

    /// By environment, so that the password is not among the arguments.
    fn connect(&self, command: &mut Command) {
        let socket =
            self.url.query_pairs().find(|(name, _)| name == "host").expect("a socket").1.into_owned();
        command
            .env("PGHOST", socket)
            .env("PGPORT", self.url.port().unwrap_or(5432).to_string())
            .env("PGUSER", plain(self.url.username()))
            .env("PGPASSWORD", plain(self.url.password().unwrap_or_default()))
            .env("PGDATABASE", plain(self.url.path().trim_start_matches('/')))
            // as the product's own connections
            .env(
                "PGOPTIONS",
                "-c plan_cache_mode=force_generic_plan -c jit=off -c max_parallel_workers_per_gather=0",
            );
    }

    /// Reads the logs, one per thread, and removes them: the third word of each line is the latency in microseconds.
    fn latencies(&self) -> Vec<u32> {
        let mut micros = Vec::new();
        for entry in fs::read_dir(&self.scratch).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().unwrap().to_string_lossy().starts_with("transactions.") {
                let text = fs::read_to_string(&path).unwrap();
                let third = |line: &str| line.split_whitespace().nth(2).unwrap().parse::<u32>().unwrap();
                micros.extend(text.lines().map(third));
                fs::remove_file(path).unwrap();
            }
        }
        micros
    }
}

/// `pgbench` lies beside the server's program, which the cluster notes when it starts.
fn program(cluster_home: &Path) -> PathBuf {
    let noted = fs::read_to_string(cluster_home.join("cluster/postmaster.opts")).unwrap();
    let server = PathBuf::from(noted.split_whitespace().next().unwrap());
    server.with_file_name("pgbench")
}

/// Undoes percent-encoding.
fn plain(text: &str) -> String {
    let url: Url = format!("encoded:?text={text}").parse().unwrap();
    url.query_pairs().map(|(_, value)| value.into_owned()).collect()
}

/// The four round trips of a decision.
fn transaction() -> String {
    format!(
        "\\set session random(1000000000000000000, 9000000000000000000)\n\\set subject random(1, {SUBJECTS})\n\
        \\startpipeline\nbegin;\nselect set_config('ase.org_id', :org, true);\n\
        select pg_advisory_xact_lock(:subject);\n\\endpipeline\n{};\n{};\ncommit;\n",
        filled(&statement("recent as materialized"), &history()),
        filled(&statement("insert into decision_tokens"), &write()),
    )
}

/// The one checked statement of the product that holds `part` and writes or reads events.
fn statement(part: &str) -> String {
    let checked = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.sqlx");
    let texts =
        fs::read_dir(checked).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    let queries =
        texts.map(|text| serde_json::from_str::<Value>(&text).unwrap()["query"].as_str().unwrap().to_owned());
    queries.into_iter().find(|query| query.contains(part) && query.contains(" events")).expect("a statement")
}

/// Puts values in the place of `$1`, `$2`, and so on.
fn filled(statement: &str, values: &[String]) -> String {
    let most = format!("${}", values.len() + 1);
    assert!(!statement.contains(&most), "the statement has parameters that this benchmark does not know");
    let mut filled = statement.to_owned();
    for (place, value) in values.iter().enumerate().rev() {
        let parameter = format!("${}", place + 1);
        assert!(filled.contains(&parameter), "the statement no longer has {parameter}");
        filled = filled.replace(&parameter, value);
    }
    filled
}

/// Ids are new with each transaction and as long as the real ones: `:session` is drawn from all over.
const SESSION: &str = "('ses_' || lpad(:session::text, 26, '0'))";
const TOKEN: &str = "('tok_' || lpad(:session::text, 26, '0'))";
const ENTRIES: &str = "array['aud_' || lpad(:session::text, 26, '0'), 'aud_' || lpad(:session::text, 26, '1'), \
    'aud_' || lpad(:session::text, 26, '2'), 'aud_' || lpad(:session::text, 26, '3')]";
const EVENT: &str = "('evt_' || :session::text)";
const SUBJECT: &str = "('user_' || :subject::text)";

/// Keys of one subject, of the length and the spread of the real ones.
const DEVICE_KEY: &str = "decode(md5('device' || :subject::text), 'hex')";
const NETWORK_KEY: &str = "decode(md5('network' || :subject::text), 'hex')";
const IP_KEY: &str = "decode(md5('ip' || :subject::text), 'hex')";
const DESTINATION_KEY: &str = "decode(md5('to' || (:subject % 500)::text), 'hex')";
const SUBJECT_KEY: &str = "decode(md5('subject' || :subject::text), 'hex')";
const LINK_KEY: &str = "decode(md5('order' || :session::text), 'hex')";

/// The parameters of the statement that reads, in its order.
fn history() -> Vec<String> {
    let links = format!("array[{LINK_KEY}]");
    let listed = format!("array[{SUBJECT_KEY}, {DEVICE_KEY}, {DESTINATION_KEY}]");
    let values = [
        ":org",
        SUBJECT,
        ":test::bool",
        ":source_id",
        EVENT,
        "null::bytea",
        ":event_type",
        "null::int",
        DEVICE_KEY,
        ":country",
        ":category",
        ":currency",
        ":destination_id",
        NETWORK_KEY,
        IP_KEY,
        "null::bytea",
        DESTINATION_KEY,
        &links,
        &listed,
        "'10.1.2.9'",
        "null::timestamptz",
        SUBJECT_KEY,
    ];
    values.map(str::to_owned).to_vec()
}

/// The parameters of the statement that writes, in its order: an event, its decision, its session, its token and
/// four audit entries.
#[expect(clippy::too_many_lines, reason = "a line per parameter")]
fn write() -> Vec<String> {
    let traces = format!("array[{DEVICE_KEY}, {IP_KEY}, {DESTINATION_KEY}, {LINK_KEY}]");
    let subjects = format!("array_fill({SUBJECT}, array[4])");
    let values = [
        ":org",
        SESSION,
        ":source_id",
        EVENT,
        ":event_type",
        ":category",
        SUBJECT,
        "now()",
        "now()",
        ":test::bool",
        DEVICE_KEY,
        ":country",
        ":amount::numeric",
        ":currency",
        ":destination_id",
        ":sensitive::bool",
        ":contact_changed::bool",
        ":request_digest::bytea",
        "null::bytea",
        "null::int",
        ":personal::bytea",
        ":outcome",
        ":score::int",
        ":reasons::jsonb",
        ":missing::text[]",
        ":shadow::jsonb",
        ":policy_name",
        ":policy_version::int",
        ":policy_digest",
        ":features",
        ":status",
        ":stage",
        ":ended",
        ":assurance",
        "false",
        "false",
        "false",
        "null::bytea",
        "(now() + interval '15 minutes')",
        "now()",
        TOKEN,
        ":kid",
        ":claims::jsonb",
        "(now() + interval '5 minutes')",
        "null::text",
        "null::text",
        "null::text",
        "null::bytea",
        ENTRIES,
        "array_fill($2, array[4])",
        "array_fill(now(), array[4])",
        ":actor_types",
        ":actor_ids",
        ":actions",
        ":metadata",
        ":leaf_hashes",
        NETWORK_KEY,
        "null::bytea",
        "null::real",
        "null::real",
        "false",
        "false",
        "null::text",
        "null::text",
        "'[]'::jsonb",
        "null::timestamptz",
        &traces,
        &subjects,
        "false",
        "null::bytea",
        "null::timestamptz",
        "null::bytea",
        "null::timestamptz",
        "null::bytea",
        "null::timestamptz",
        "null::bytea",
        "null::timestamptz",
        "null::text",
        "null::timestamptz",
        "'{}'",
        "null::text",
        "null::text",
        "null::text",
        "null::text",
        "null::text",
        "null::bytea",
    ];
    values.map(str::to_owned).to_vec()
}
