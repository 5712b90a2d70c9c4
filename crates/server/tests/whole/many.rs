//! Many processes on one Postgres and one S3: two that serve, and workers that come and go.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;

use futures_util::future::join_all;
use proto::atelier::generation::v1::{JobState, WatchJobRequest};
use tonic_health::pb::health_check_response::ServingStatus;

use super::calls::Api;
use super::crashed_jobs::{CUSTOMERS, JOBS, LEASE, PATIENCE, jobs, picture, reckon, shared, sweep};
use super::life::purchase;
use super::stand::{Place, Process, START_PATIENCE, poll};
use crate::jobs::shop::is_over;

/// Asks for every job of a customer: every other one of both servers, by the same request id.
async fn ask(servers: [Api; 2], user: String) {
    for number in 0..JOBS {
        for server in &servers[number % 2..] {
            let asked = server.jobs.clone().create_job(picture(&user, number)).await.unwrap();
            assert!(asked.into_inner().job.is_some());
        }
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
}

/// Follows a job until it has ended.
async fn follow(server: &Api, user: &str, job: &str) -> JobState {
    let request = WatchJobRequest {
        user_id: user.to_owned(),
        job_id: job.to_owned(),
        ..WatchJobRequest::default()
    };
    let mut told = server.jobs.clone().watch_job(request).await.unwrap().into_inner();
    let mut last = JobState::Unspecified;
    while let Some(message) = told.message().await.unwrap() {
        last = message.job.map_or(last, |job| job.state());
    }
    last
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_and_workers_share_the_jobs_and_each_worker_may_go() {
    let place = Place::new();
    let dev = place.start_with(&[LEASE, &["--set", "jobs.slots=0"]].concat()).await;
    let address: SocketAddr =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let pepper = std::fs::read_to_string(place.data.join("pepper")).unwrap();
    let more = [
        format!("auth.pepper={pepper}"),
        "studio.stands_in=true".to_owned(),
        "jobs.lease_ms=2000".to_owned(),
    ];
    let both = [&shared(&place, &dev)[..], &more[..]].concat();
    let worker = [&both[..], &["jobs.slots=4".to_owned()]].concat();
    let serving = [&both[..], &["jobs.slots=0".to_owned()]].concat();
    let mut second = place.beside(&["serve", "--listen", &address.to_string()], &serving);
    let servers = [dev.api(), Api::new(address, Some(&dev.facts.api_key))];
    let serves = poll(START_PATIENCE, async || {
        matches!(servers[1].health("").await, Ok(ServingStatus::Serving))
    });
    assert!(serves.await, "{}", second.told());

    let mut users = Vec::new();
    for number in 0..CUSTOMERS {
        let user = servers[number % 2].user(&format!("customer-{number}")).await;
        purchase(&servers[1], &user, "funds", "1000.00").await;
        users.push(user);
    }
    let first = picture(&users[0], 0);
    let first = servers[0].jobs.clone().create_job(first).await.unwrap().into_inner().job.unwrap();
    let mut workers: Vec<Process> = (0..3).map(|_| place.beside(&["worker"], &worker)).collect();
    let asking: Vec<_> =
        users.iter().map(|user| tokio::spawn(ask(servers.clone(), user.clone()))).collect();
    // Begun by one server, made by a worker, followed at the other server.
    assert_eq!(follow(&servers[1], &users[0], &first.id).await, JobState::Succeeded);
    // One dies in the middle, one is told to go, one comes.
    workers.remove(0).kill();
    workers.remove(0).stop().await;
    workers.push(place.beside(&["worker"], &worker));
    for task in asking {
        task.await.unwrap();
    }
    let ended = poll(PATIENCE, async || {
        let all = join_all(users.iter().map(|user| jobs(&servers[1], user))).await;
        all.iter().all(|jobs| jobs.iter().all(is_over))
    });
    assert!(ended.await, "jobs are left:\n{}", workers[0].told());
    for user in &users {
        reckon(&servers[0], user).await;
        assert_eq!(jobs(&servers[0], user).await, jobs(&servers[1], user).await);
    }
    servers[1].books_close(None).await;
    for mut worker in workers {
        worker.stop().await;
    }
    drop(servers);
    second.stop().await;
    sweep(&place, &dev).await;
    dev.stop().await;
}
