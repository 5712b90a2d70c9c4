//! What becomes of Postgres when somebody is killed: its holder, its guardian.

use std::fs;
use std::os::unix::fs::chown;
use std::process::Command;
use std::time::Duration;

use nix::unistd::{Uid, User};

use super::support::{
    BOUND, Holder, Scratch, eventually, kill_hard, program, query, seeded, start,
};

#[test]
fn a_killed_holder_leaves_no_process_and_a_usable_folder() {
    let scratch = Scratch::new("holder");
    let data = seeded(&scratch, "data");
    let holder = Holder::own(&data, None);
    let url = holder.url.clone();
    query(&url, "CREATE TABLE kept (n int)").unwrap();
    holder.kill();
    scratch.assert_no_process_within(Duration::from_secs(5));

    let holder = Holder::own(&data, None);
    assert_eq!(holder.url, url);
    assert_eq!(query(&url, "SELECT count(*) FROM kept").unwrap(), "0");
    holder.kill();
    // Without waiting for the old server to end.
    let cluster = start(data);
    assert_eq!(query(&cluster.database_url("postgres"), "SELECT 1").unwrap(), "1");
}

#[test]
fn a_holder_killed_within_initdb_leaves_nothing_that_hinders() {
    let scratch = Scratch::new("initdb");
    let data = scratch.join("data");
    let mut holder = Command::new(program()).arg("own").arg(&data).spawn().unwrap();
    let started = || {
        let entries = fs::read_dir(&data).into_iter().flatten().flatten();
        entries.map(|entry| entry.path().join("cluster/base")).any(|base| base.exists())
    };
    assert!(eventually(BOUND, started));
    holder.kill().unwrap();
    holder.wait().unwrap();
    assert!(!data.join("cluster").exists());
    let cluster = start(data.clone());
    assert_eq!(query(&cluster.database_url("postgres"), "SELECT 1").unwrap(), "1");
    let entries = fs::read_dir(&data).unwrap().flatten();
    assert!(entries.into_iter().all(|one| !one.file_name().to_string_lossy().contains("new")));
    drop(cluster);
    scratch.assert_no_process_within(BOUND);
}

#[test]
fn a_holder_that_ends_takes_its_server_along() {
    let scratch = Scratch::new("ends");
    Holder::own(&seeded(&scratch, "data"), None).end();
    scratch.assert_no_process_within(Duration::ZERO);
}

#[test]
fn a_server_left_by_holder_and_guardians_alike_is_ended_at_the_next_start() {
    let scratch = Scratch::new("guardians");
    let data = seeded(&scratch, "data");
    let holder = Holder::own(&data, None);
    let postmaster = holder.postmaster;
    // First the holder stops, so that it cannot react; then both halves of the guardian go.
    let pid = nix::unistd::Pid::from_raw(i32::try_from(holder.child.id()).unwrap());
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGSTOP).unwrap();
    for guardian in guardians(&scratch) {
        kill_hard(guardian);
    }
    holder.kill();
    assert!(eventually(BOUND, || guardians(&scratch).is_empty()));
    assert!(scratch.processes().contains(&postmaster));

    let cluster = start(data);
    assert_ne!(cluster.pid(), Some(postmaster));
    assert!(!scratch.processes().contains(&postmaster));
    assert_eq!(query(&cluster.database_url("postgres"), "SELECT 1").unwrap(), "1");
}

#[test]
fn a_killed_guardian_ends_the_server_and_a_restart_heals() {
    let scratch = Scratch::new("guardian");
    let cluster = start(seeded(&scratch, "data"));
    let postmaster = cluster.pid().unwrap();
    let guardian = parent(postmaster);
    kill_hard(guardian);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { tokio::time::timeout(BOUND, cluster.ended()).await.unwrap() });
    assert!(eventually(BOUND, || !scratch.processes().contains(&postmaster)));
    cluster.restart().unwrap();
    assert_eq!(query(&cluster.database_url("postgres"), "SELECT 1").unwrap(), "1");
}

#[test]
fn an_ordinary_user_needs_no_root() {
    if !Uid::effective().is_root() {
        return;
    }
    let user = User::from_name("nobody").unwrap().unwrap().uid.as_raw();
    let scratch = Scratch::new("nobody");
    let home = scratch.join("home");
    fs::create_dir(&home).unwrap();
    chown(&home, Some(user), Some(user)).unwrap();
    let holder = Holder::own(&home.join("data"), Some(user));
    assert_eq!(query(&holder.url, "SELECT 1").unwrap(), "1");
    holder.end();
    scratch.assert_no_process_within(Duration::ZERO);
}

fn guardians(scratch: &Scratch) -> Vec<i32> {
    let is_shell = |pid: &i32| {
        fs::read_to_string(format!("/proc/{pid}/cmdline"))
            .is_ok_and(|line| line.contains("atelier-guardian"))
    };
    scratch.processes().into_iter().filter(is_shell).collect()
}

fn parent(pid: i32) -> i32 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let (_, rest) = stat.rsplit_once(')').unwrap();
    rest.split_whitespace().nth(1).unwrap().parse().unwrap()
}
