//! A cluster in its owner's hands: starting, stopping, restarting, refusing.

use std::fs;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use devstack::postgres::{Cluster, ClusterConfig, Error, major_of};

use super::support::{BOUND, Scratch, config, eventually, kill_hard, query, seeded, start};

#[test]
fn data_port_and_password_outlast_a_stop() {
    let scratch = Scratch::new("data with spaces");
    let data = scratch.join("some data");
    let cluster = start(data.clone());
    let url = cluster.database_url("postgres");
    query(&url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)").unwrap();
    cluster.stop().unwrap();
    scratch.assert_no_process_within(Duration::ZERO);
    assert!(query(&url, "SELECT 1").is_err());

    cluster.restart().unwrap();
    assert_eq!(query(&url, "SELECT n FROM kept").unwrap(), "7");
    drop(cluster);
    scratch.assert_no_process_within(Duration::ZERO);

    let cluster = start(data.clone());
    assert_eq!(cluster.database_url("postgres"), url);
    assert_eq!(query(&url, "SELECT n FROM kept").unwrap(), "7");
    assert_eq!(major_of(&data), Some(config(data).binaries.major()));
}

#[test]
fn a_warm_start_and_a_stop_are_quick() {
    let scratch = Scratch::new("warm");
    drop(start(seeded(&scratch, "data")));
    // The best of three, for other tests run beside this one.
    let best = (0..3)
        .map(|_| {
            let began = Instant::now();
            drop(start(scratch.join("data")));
            began.elapsed()
        })
        .min()
        .unwrap();
    assert!(best < Duration::from_millis(500), "{best:?}");
}

#[test]
fn strangers_need_the_password_and_it_is_readable_by_the_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new("password");
    let data = seeded(&scratch, "data");
    let cluster = start(data.clone());
    let url = format!("postgres://atelier:wrong@127.0.0.1:{}/postgres", cluster.port());
    assert!(query(&url, "SELECT 1").is_err());
    let password = fs::metadata(data.join("cluster/atelier.password")).unwrap();
    assert_eq!(password.permissions().mode() & 0o777, 0o600);

    let socket = cluster.socket_folder().unwrap().to_str().unwrap();
    let socket = socket.replace('/', "%2F").replace(' ', "%20");
    let url = format!("postgres://atelier@{socket}:{}/postgres", cluster.port());
    assert_eq!(query(&url, "SHOW listen_addresses").unwrap(), "127.0.0.1");
}

#[test]
fn a_folder_has_one_owner_at_a_time_and_two_folders_two_servers() {
    let scratch = Scratch::new("two");
    let one = start(seeded(&scratch, "one"));
    assert!(matches!(Cluster::start(config(scratch.join("one"))), Err(Error::InUse { .. })));
    let other = start(seeded(&scratch, "other"));
    assert_ne!(one.port(), other.port());
    query(&one.database_url("postgres"), "CREATE TABLE mine (n int)").unwrap();
    assert!(query(&other.database_url("postgres"), "SELECT * FROM mine").is_err());
}

#[test]
fn a_path_too_long_for_a_socket_leaves_tcp() {
    let scratch = Scratch::new("long");
    let cluster = start(seeded(&scratch, &"long".repeat(30)));
    assert_eq!(cluster.socket_folder(), None);
    assert_eq!(query(&cluster.database_url("postgres"), "SELECT 1").unwrap(), "1");
}

#[test]
fn a_taken_port_is_refused_when_demanded_and_evaded_when_remembered() {
    let scratch = Scratch::new("port");
    let data = seeded(&scratch, "data");
    let port = start(data.clone()).port();
    let squatter = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let demanded = ClusterConfig { port: Some(port), ..config(data.clone()) };
    assert!(matches!(
        Cluster::start(demanded.clone()),
        Err(Error::PortTaken { port: taken }) if taken == port
    ));
    assert_ne!(start(data).port(), port);
    drop(squatter);
    assert_eq!(Cluster::start(demanded).unwrap().port(), port);
}

#[test]
fn another_version_s_cluster_is_left_alone() {
    let scratch = Scratch::new("version");
    let data = scratch.join("data");
    fs::create_dir_all(data.join("cluster")).unwrap();
    fs::write(data.join("cluster/PG_VERSION"), "9.6\n").unwrap();
    let error = Cluster::start(config(data.clone())).unwrap_err();
    assert!(matches!(error, Error::OtherVersion { .. }), "{error}");
    assert_eq!(fs::read_to_string(data.join("cluster/PG_VERSION")).unwrap(), "9.6\n");
}

#[test]
fn a_wrong_setting_is_named_in_the_error() {
    let scratch = Scratch::new("setting");
    let settings = vec![("no_such_setting".to_owned(), "1".to_owned())];
    let wrong = ClusterConfig { settings, ..config(seeded(&scratch, "data")) };
    let error = Cluster::start(wrong).unwrap_err().to_string();
    assert!(error.contains("no_such_setting"), "{error}");
    scratch.assert_no_process_within(BOUND);
}

#[test]
fn stale_pid_files_do_not_hinder_a_start() {
    let scratch = Scratch::new("stale");
    let data = seeded(&scratch, "data");
    let port = start(data.clone()).port();
    let mut zombie = std::process::Command::new("true").spawn().unwrap();
    let stat = format!("/proc/{}/stat", zombie.id());
    assert!(eventually(BOUND, || fs::read_to_string(&stat).unwrap().contains(") Z ")));
    // No process, a zombie, this very process, init, and a file that was being written.
    let pids = ["4194303".to_owned(), zombie.id().to_string(), std::process::id().to_string()];
    for first_line in pids.iter().map(String::as_str).chain(["1", ""]) {
        let rest = format!("{}\n1\n{port}\n", data.join("cluster").display());
        fs::write(data.join("cluster/postmaster.pid"), format!("{first_line}\n{rest}")).unwrap();
        let lock = data.join(format!("cluster/.s.PGSQL.{port}.lock"));
        fs::write(lock, format!("{first_line}\n")).unwrap();
        let cluster = start(data.clone());
        assert_eq!(cluster.port(), port);
        assert_eq!(query(&cluster.database_url("postgres"), "SELECT 1").unwrap(), "1");
    }
    zombie.wait().unwrap();
}

#[test]
fn a_killed_server_comes_back_by_itself_on_the_same_port() {
    let scratch = Scratch::new("heal");
    // With what a power cut would not take, neither does a kill.
    let durable = ClusterConfig { fsync: true, ..config(seeded(&scratch, "data")) };
    let cluster = Arc::new(Cluster::start(durable).unwrap());
    let url = cluster.database_url("postgres");
    query(&url, "CREATE TABLE kept (n int)").unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let keeper = runtime.spawn(Arc::clone(&cluster).keep_running());
    for _ in 0..3 {
        let killed = cluster.pid().unwrap();
        kill_hard(killed);
        assert!(eventually(BOUND, || cluster.pid() != Some(killed)));
        assert!(eventually(BOUND, || query(&url, "SELECT count(*) FROM kept").is_ok()));
    }
    cluster.stop().unwrap();
    runtime.block_on(keeper).unwrap().unwrap();
    scratch.assert_no_process_within(BOUND);
}

#[test]
fn a_backend_too_busy_to_notice_does_not_hinder_a_restart() {
    let scratch = Scratch::new("busy");
    let cluster = start(seeded(&scratch, "data"));
    let url = cluster.database_url("postgres");
    let busy = "DO $$ DECLARE n bigint := 0; BEGIN LOOP n := n + 1; END LOOP; END $$";
    let client = std::thread::spawn({
        let url = url.clone();
        move || query(&url, busy)
    });
    let started = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO $$%'";
    assert!(eventually(BOUND, || query(&url, started).unwrap() == "1"));
    kill_hard(cluster.pid().unwrap());
    cluster.restart().unwrap();
    assert!(client.join().unwrap().is_err());
    assert_eq!(query(&url, "SELECT 1").unwrap(), "1");
}
