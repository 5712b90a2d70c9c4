//! The server that test processes share.

use std::fs;
use std::thread;
use std::time::Duration;

use devstack::postgres::Binaries;
use devstack::shared::{SharedConfig, cluster_with};

use super::support::{BOUND, Holder, Scratch, eventually, kill_hard, query};

/// Long enough to outlast a test, for a test that ends the server itself.
const LONG: u32 = 60;

#[test]
fn processes_that_start_at_once_share_one_server_which_ends_when_idle() {
    let scratch = Scratch::new("crowd");
    let folder = scratch.join("shared");
    let crowd: Vec<_> = (0..8)
        .map(|_| {
            let folder = folder.clone();
            thread::spawn(move || Holder::shared(&folder, 1))
        })
        .collect();
    let crowd: Vec<_> = crowd.into_iter().map(|one| one.join().unwrap()).collect();
    assert!(crowd.iter().all(|one| one.url == crowd[0].url));
    assert_eq!(postmasters(&scratch).len(), 1);

    // One user is enough to keep it, past the idle time, even if the others were killed.
    let mut crowd = crowd.into_iter();
    let last = crowd.next().unwrap();
    crowd.for_each(Holder::kill);
    thread::sleep(Duration::from_secs(3));
    assert_eq!(query(&last.url, "SELECT 1").unwrap(), "1");
    last.end();
    scratch.assert_no_process_within(Duration::from_secs(10));
    for entry in fs::read_dir(&folder).unwrap().flatten() {
        // Root's server cannot remove its own folder, only all that is in it.
        assert!(entry.path().is_file() || fs::read_dir(entry.path()).unwrap().next().is_none());
    }
}

#[test]
fn later_users_find_the_server_and_a_killed_one_is_replaced_and_wiped() {
    let scratch = Scratch::new("later");
    let folder = scratch.join("shared");
    let first = Holder::shared(&folder, LONG);
    let url = first.url.clone();
    query(&url, "CREATE DATABASE clone").unwrap();
    first.kill();
    let second = Holder::shared(&folder, LONG);
    assert_eq!(second.url, url);

    for postmaster in postmasters(&scratch) {
        kill_hard(postmaster);
    }
    let third = Holder::shared(&folder, LONG);
    assert_ne!(third.url, url);
    assert_eq!(query(&third.url, "SELECT count(*) FROM pg_database").unwrap(), "3");
    let runs = fs::read_dir(&folder).unwrap().flatten();
    let runs = runs.filter(|entry| entry.file_name().to_string_lossy().starts_with("run-"));
    assert_eq!(runs.count(), 1);
    second.kill();
    third.kill();
    end_all(&scratch, &folder);
}

#[test]
fn a_deleted_folder_ends_the_server_and_the_next_user_gets_another() {
    let scratch = Scratch::new("deleted");
    let folder = scratch.join("shared");
    let config =
        SharedConfig { folder, binaries: Binaries::find().unwrap(), idle: Duration::from_secs(60) };
    let first = cluster_with(&config).unwrap();
    let old = postmasters(&scratch);
    fs::remove_dir_all(&config.folder).unwrap();
    let second = cluster_with(&config).unwrap();
    assert_ne!(first.database_url("postgres"), second.database_url("postgres"));
    assert_eq!(query(&second.database_url("postgres"), "SELECT 1").unwrap(), "1");
    let url = second.socket_url("postgres").unwrap();
    assert_eq!(query(&url, "SHOW fsync").unwrap(), "off");
    assert!(eventually(BOUND, || old.iter().all(|pid| !postmasters(&scratch).contains(pid))));
    drop((first, second));
    end_all(&scratch, &config.folder);
}

fn postmasters(scratch: &Scratch) -> Vec<i32> {
    let is_postmaster = |pid: &i32| {
        fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name == "postgres\n")
    };
    scratch.processes().into_iter().filter(is_postmaster).collect()
}

// Deleting the folder is the way to end a server before its time.
fn end_all(scratch: &Scratch, folder: &std::path::Path) {
    fs::remove_dir_all(folder).unwrap();
    scratch.assert_no_process_within(Duration::from_secs(10));
}
