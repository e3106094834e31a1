//! Under root the server runs as somebody else, in a place that one can reach; wrong owners are explained.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use ase_host::postgres::{Cluster, ClusterError};
use sqlx::Executor;

use super::{connect, count_rows, scratch, scratch_of_mode, server_pid, write_row};

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[tokio::test]
async fn root_hands_the_server_to_another_account_that_can_reach_it() {
    if !is_root() {
        eprintln!("this test is for root: an ordinary user runs the server as itself");
        return;
    }
    // Only root may enter it, as in a checkout below root's home.
    let scratch = scratch_of_mode(0o700);
    let data_dir = scratch.path().join(".ase");
    let cluster = Cluster::start(&data_dir).await.unwrap();
    let home = cluster.location().to_path_buf();
    assert!(!home.starts_with(scratch.path()), "{}", home.display());
    let pointer = std::fs::read_to_string(data_dir.join("postgres.location")).unwrap();
    assert_eq!(pointer.trim(), home.to_str().unwrap());

    let status = std::fs::read_to_string(format!("/proc/{}/status", server_pid(&home))).unwrap();
    let field =
        |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
    assert!(!field("Uid:").split_whitespace().any(|uid| uid == "0"), "{}", field("Uid:"));
    assert!(!field("Gid:").split_whitespace().any(|gid| gid == "0"), "{}", field("Gid:"));
    assert_eq!(field("Groups:"), "");
    write_row(&cluster).await;
    cluster.stop().await.unwrap();
    let cluster = Cluster::start(&data_dir).await.unwrap();
    assert_eq!(count_rows(&cluster).await, 1);
    cluster.stop().await.unwrap();

    // With the data directory gone, its cluster is neither used again nor removed.
    std::fs::remove_dir_all(&data_dir).unwrap();
    let cluster = Cluster::start(&data_dir).await.unwrap();
    assert_eq!(cluster.location(), home);
    connect(&cluster.owner_url("ase")).await.execute("select 1 from t").await.unwrap_err();
    cluster.stop().await.unwrap();
    std::fs::remove_dir_all(&home).unwrap();
    let refused = Cluster::start(&data_dir).await.unwrap_err();
    assert!(matches!(refused, ClusterError::Lost { .. }), "{refused}");

    let name = home.file_name().unwrap().to_str().unwrap().to_owned();
    let beside = std::fs::read_dir(home.parent().unwrap()).unwrap().flatten();
    let kept: Vec<PathBuf> = beside
        .filter(|entry| entry.file_name().to_str().is_some_and(|other| other.starts_with(&name)))
        .map(|entry| entry.path())
        .collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(kept[0].join("cluster/PG_VERSION").exists());
    std::fs::remove_dir_all(&kept[0]).unwrap();
}

#[tokio::test]
async fn wrong_owners_are_explained() {
    if !is_root() {
        eprintln!("this test is for root: only root can give files away");
        return;
    }
    let scratch = scratch();
    let cluster = Cluster::start(scratch.path()).await.unwrap();
    let home = cluster.location().to_path_buf();
    cluster.stop().await.unwrap();
    let account = home.join("cluster").metadata().unwrap().uid();

    std::os::unix::fs::chown(home.join("cluster"), Some(0), None).unwrap();
    let refused = Cluster::start(scratch.path()).await.unwrap_err().to_string();
    assert!(refused.contains("belongs to `root`") && refused.contains("chown"), "{refused}");

    std::os::unix::fs::chown(home.join("cluster"), Some(account), None).unwrap();
    std::os::unix::fs::chown(&home, Some(account), None).unwrap();
    let refused = Cluster::start(scratch.path()).await.unwrap_err();
    assert!(matches!(refused, ClusterError::Ownership { .. }), "{refused}");
}
