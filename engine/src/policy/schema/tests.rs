use super::*;
#[test]
fn dump() { std::fs::write("/tmp/pd/schema.json", serde_json::to_string_pretty(&schema()).unwrap()).unwrap(); std::fs::write("/tmp/pd/default.json", serde_json::to_string_pretty(&Policy::default_policy()).unwrap()+"\n").unwrap(); }
