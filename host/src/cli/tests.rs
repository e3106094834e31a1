use clap::CommandFactory as _;

use super::*;

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(line.split_whitespace())
}

#[test]
fn the_commands_are_well_formed() {
    Cli::command().debug_assert();
}

#[test]
#[expect(clippy::too_many_lines, reason = "a line per command")]
fn good_lines_are_understood() {
    for line in [
        "ase demo",
        "ase demo --data-dir /tmp/d --listen 127.0.0.1:0 --connectors-dir c",
        "ase serve --config ase.toml",
        "ase migrate",
        "ase config check --json",
        "ase config new-key",
        "ase org create --name Shop --support-url https://a.example --return-url https://a.example --return-url https://b.example",
        "ase org list",
        "ase org rotate-key --org org_1",
        "ase org break-contact",
        "ase org break-contact default,own_control --org org_1",
        "ase key create --name backend --scope events:write --scope decisions:verify",
        "ase key create --name all --all-scopes --org org_1",
        "ase key list --data-dir .ase",
        "ase key revoke key_1 --org org_1",
        "ase user create a@example.com --role analyst --password-stdin",
        "ase user list",
        "ase user disable usr_1",
        "ase source create some-connector --name main --setting shop=a=b --tolerance 60 --allow-sha1 --accept-partial",
        "ase source rotate src_1 --secret-stdin",
        "ase source disable src_1",
        "ase connector list --connectors-dir c",
        "ase connector new my-shop --lang rust --dir d",
        "ase connector build",
        "ase connector build d",
        "ase connector pack a.wasm --manifest connector.toml --output b.wasm",
        "ase connector check a.wasm --json --inert-wasi",
        "ase connector test d --update",
        "ase connector test a.wasm --fixtures d --min-coverage 100",
        "ase connector run a.wasm --request one.request.json --runs 3",
        "ase connector install a.wasm --connectors-dir c",
        "ase connector install a.wasm --canary 10",
        "ase connector install a.wasm --shadow",
        "ase connector promote acme",
        "ase connector promote acme 3f9a02c1",
        "ase connector canary acme 25 3f9a02c1",
        "ase connector shadow acme 3f9a02c1",
        "ase connector withdraw acme",
        "ase connector rollback acme",
        "ase connector versions acme --json",
        "ase connector compare acme",
        "ase connector pin src_1 3f9a02c1 --org org_1",
        "ase connector pin src_1 --unpin",
        "ase connector retire acme 3f9a02c1",
        "ase connector new-key release.key",
        "ase connector sign a.wasm --key release.key --output b.wasm",
        "ase policy show",
        "ase list add deny ip 203.0.113.0/24 --reason scam --expires-at 2027-01-31T00:00:00Z",
        "ase list add watch subject -7 --reason why --org org_1",
        "ase list remove lst_1",
        "ase list show --list tor --kind ip --all --limit 500 --json",
        "ase list import -",
        "ase list import lists.csv --org org_1",
        "ase list export",
        "ase policy check policy.yaml",
        "ase policy check - --json",
        "ase policy schema",
        "ase policy preset payout",
        "ase policy preset --list",
        "ase delivery list --limit 5",
        "ase delivery replay dlv_1",
        "ase delivery replay --status failed --since 7d --source src_1",
        "ase delivery normalize dlv_1 --digest 3f9a02c1",
        "ase source end-secret src_1 sec_1",
        "ase seed --events 10000 --org org_1 --yes --force",
    ] {
        assert!(parse(line).is_ok(), "{line}: {:?}", parse(line).err().map(|error| error.to_string()));
    }
}

#[test]
fn wrong_lines_exit_with_two_and_name_what_is_wrong() {
    for (line, named) in [
        ("ase", "Usage"),
        ("ase dmeo", "dmeo"),
        ("ase demo --listen nowhere", "--listen"),
        ("ase key create --name x", "--scope"),
        ("ase key create --name x --scope everything", "everything"),
        ("ase key create --name x --all-scopes --scope events:write", "--scope"),
        ("ase user create a@example.com --role king", "king"),
        ("ase source create c --name n --setting novalue", "--setting"),
        ("ase source create c --name n --tolerance 0", "--tolerance"),
        ("ase connector new My_Shop --lang rust", "My_Shop"),
        ("ase connector new shop", "--lang"),
        ("ase connector new shop --lang cobol", "cobol"),
        ("ase connector test d --min-coverage 101", "--min-coverage"),
        ("ase connector run a.wasm", "--request"),
        ("ase list add block ip 203.0.113.9 --reason r", "block"),
        ("ase list add deny ip 203.0.113.9", "--reason"),
        ("ase list show --limit 0", "--limit"),
        ("ase list import", "FILE"),
        ("ase policy check", "FILE"),
        ("ase policy preset", "NAME"),
        ("ase policy preset payout --list", "--list"),
        ("ase delivery replay", "ID"),
        ("ase delivery list --since=-7d", "--since"),
        ("ase policy backtest policy.json --since=-7d", "--since"),
        ("ase delivery list --status lost", "answered"),
        ("ase seed --yes", "--events"),
        ("ase seed --events 0 --yes", "--events"),
    ] {
        let error = parse(line).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{line}");
        assert!(error.to_string().contains(named), "{line}: {error}");
    }
}

/// The words of a line as a shell would have them, without its comment and without where its output goes.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut quote) = (vec![String::new()], None);
    for c in line.chars() {
        let word = words.last_mut().unwrap();
        match (c, quote) {
            ('\'' | '"', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            ('#' | '>', None) if word.is_empty() => break,
            (' ', None) => words.push(String::new()),
            (c, _) => word.push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn every_line_of_the_readme_is_understood() {
    let readme = include_str!("../../../README.md");
    // what stands in a fence; a value that is read from a file is read with the line
    let blocks = readme.split("```").skip(1).step_by(2);
    let lines = blocks.flat_map(str::lines).map(|line| line.trim().trim_start_matches("command "));
    let commands = lines.filter(|line| line.starts_with("ase ") && !line.contains("=@"));
    let mut seen = 0;
    for line in commands {
        let parsed = Cli::try_parse_from(words(line));
        assert!(parsed.is_ok(), "{line}: {:?}", parsed.err().map(|error| error.to_string()));
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}
