//! The server's settings, written anew at every start, and its arguments.

use std::ffi::OsString;
use std::path::Path;

use super::draft::replace;
use super::error::ClusterError;
use super::place::Place;

/// The port in the name of the socket file; nothing listens on it.
pub(super) const PORT: u16 = 5432;

/// For a small machine, durable, and quiet: no statement, parameter or row value may reach the log. Errors of
/// statements quote values in their text, so `log_min_messages = log` leaves them to the client; `terse` drops the
/// details, which hold whole rows and, after a crash, the statement.
const SETTINGS: &str = "\
# Written at every start. Put settings of your own into local.conf beside this file.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 100
password_encryption = 'scram-sha-256'

fsync = on
synchronous_commit = on
full_page_writes = on
wal_compression = on
max_wal_size = 512MB

shared_buffers = 128MB
effective_cache_size = 512MB
random_page_cost = 1.1
jit = off

timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
logging_collector = off
log_destination = 'stderr'
log_line_prefix = '%m [%p] '
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_statement = 'none'
log_min_duration_statement = -1
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_checkpoints = off

include_if_exists = 'local.conf'
";

/// Every role needs its password, also on the socket.
const RULES: &str = "# Written at every start.\nlocal all all scram-sha-256\n";

/// Writes the settings and returns the server's arguments.
pub(super) fn write(place: &Place, socket: &Path) -> Result<Vec<OsString>, ClusterError> {
    let (settings, rules) = (place.home.join("postgresql.conf"), place.home.join("pg_hba.conf"));
    // Readable for the server's account, which does not own them; there is nothing secret in them.
    replace(&settings, 0o644, SETTINGS)?;
    replace(&rules, 0o644, RULES)?;
    let set = |name: &str, value: &Path| {
        let mut setting = OsString::from(format!("{name}="));
        setting.push(value);
        ["-c".into(), setting]
    };
    // A list of directories: quoted, so that a comma in a path is not taken for the next one.
    let quoted = format!("\"{}\"", socket.display().to_string().replace('"', "\"\""));
    let mut arguments: Vec<OsString> = vec!["-D".into(), place.cluster().into_os_string()];
    arguments.extend(["-p".into(), PORT.to_string().into()]);
    arguments.extend(set("config_file", &settings));
    arguments.extend(set("hba_file", &rules));
    arguments.extend(set("unix_socket_directories", Path::new(&quoted)));
    Ok(arguments)
}
