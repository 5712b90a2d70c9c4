//! Who takes which jobs on.

use std::collections::BTreeSet;

use generation::decide::{accepted, cancel, made, release, start};
use generation::{Gauge, Job, JobState, Lease, Priority};
use kernel::{JobId, Span};
use ports::{Claim, JobQueue, JobReads, Store};

use super::{image, insert, moment, operation, prepare, rules, update};
use crate::fixtures::{job, job_id, user_id};

pub(super) fn claim(lease: u128, at: u32, limit: usize) -> Claim {
    let now = moment(at);
    let until = now.saturating_add(Span::from_secs(60));
    Claim { now, lease: Lease(lease), until, patient_until: until, running_max: 8, limit }
}

fn ids(jobs: &[Job]) -> Vec<JobId> {
    jobs.iter().map(|job| job.id).collect()
}

pub(super) async fn take(store: &impl JobQueue, claim: &Claim) -> Vec<Job> {
    store.claim(claim).await.unwrap()
}

pub async fn a_job_is_taken_on_by_one_worker_until_its_lease_ends(
    store: &(impl Store + JobQueue + JobReads),
) {
    prepare(store).await;
    let queued = job(1, user_id(1), image(), moment(1));
    insert(store, &queued).await.unwrap();
    let taken = take(store, &claim(1, 2, 9)).await;
    let [taken] = taken.as_slice() else { panic!("{taken:?}") };
    assert_eq!((taken.work.lease, taken.work.generation), (Some(Lease(1)), 1));
    assert_eq!((taken.work.crashes, taken.work.due_at), (0, moment(62)));
    assert_eq!(taken.steps, queued.steps);
    assert_eq!(take(store, &claim(2, 3, 9)).await, []);
    let again = take(store, &claim(3, 62, 9)).await;
    assert_eq!((again[0].work.generation, again[0].work.crashes), (2, 1));

    let running = accepted(
        start(again[0].clone(), moment(63)).unwrap(),
        operation(),
        &rules(),
        0,
        moment(63),
    );
    let running = running.unwrap();
    update(store, &running).await;
    assert_eq!(take(store, &claim(4, 64, 9)).await, []);
    let due = take(store, &claim(5, 65, 9)).await;
    assert_eq!((due[0].work.lease, due[0].work.generation), (Some(Lease(5)), 3));
    assert_eq!((due[0].work.crashes, &due[0].steps), (0, &running.steps));
    assert_eq!(take(store, &claim(6, 66, 9)).await, []);
    let lost = take(store, &claim(7, 125, 9)).await;
    assert_eq!((lost[0].work.crashes, lost[0].work.generation), (1, 4));

    let done = cancel(release(lost[0].clone(), moment(126)), moment(126)).unwrap();
    let done = generation::decide::cancelled(done, None, moment(126)).unwrap();
    update(store, &done).await;
    assert_eq!(take(store, &claim(8, 999, 9)).await, []);
    assert_eq!(take(store, &claim(8, 999, 9)).await, []);
}

pub async fn whoever_was_served_longest_ago_is_served_next(store: &(impl Store + JobQueue)) {
    prepare(store).await;
    for number in 1..=4 {
        insert(store, &job(number, user_id(1), image(), moment(1))).await.unwrap();
    }
    assert_eq!(ids(&take(store, &claim(1, 2, 9)).await), [job_id(1)], "one of each user");
    for (number, user) in [(11, 2), (12, 2), (21, 3)] {
        insert(store, &job(number, user_id(user), image(), moment(3))).await.unwrap();
    }
    let mut fresh = ids(&take(store, &claim(2, 4, 2)).await);
    fresh.sort_unstable();
    assert_eq!(fresh, [job_id(11), job_id(21)], "before one who has had a turn");
    assert_eq!(ids(&take(store, &claim(3, 5, 1)).await), [job_id(2)]);
    assert_eq!(ids(&take(store, &claim(4, 6, 1)).await), [job_id(12)]);
    // Whoever is alone has every turn.
    assert_eq!(ids(&take(store, &claim(5, 7, 9)).await), [job_id(3)]);
    assert_eq!(ids(&take(store, &claim(6, 8, 9)).await), [job_id(4)]);
    assert_eq!(take(store, &claim(7, 9, 9)).await, []);
}

pub async fn among_the_jobs_of_a_user_rank_decides(store: &(impl Store + JobQueue)) {
    prepare(store).await;
    // A batch job gives way for an hour, and has its turn then all the same.
    for (number, priority, at) in [
        (1, Priority::Batch, 0),
        (2, Priority::Normal, 1),
        (3, Priority::Interactive, 2),
        (4, Priority::Interactive, 3_700),
    ] {
        let job = Job { priority, ..job(number, user_id(1), image(), moment(at)) };
        insert(store, &job).await.unwrap();
    }
    for (turn, expected) in (0_u32..).zip([3, 2, 1, 4]) {
        let taken = take(store, &claim(u128::from(turn), 4_000 + turn, 9)).await;
        assert_eq!(ids(&taken), [job_id(expected)]);
    }
}

pub async fn a_user_has_so_many_jobs_running_and_the_next_begins_when_one_ends(
    store: &(impl Store + JobQueue),
) {
    prepare(store).await;
    for number in 1..=3 {
        insert(store, &job(number, user_id(1), image(), moment(1))).await.unwrap();
    }
    insert(store, &job(9, user_id(2), image(), moment(1))).await.unwrap();
    let alone = |lease, at, limit| Claim { running_max: 1, ..claim(lease, at, limit) };
    let first = take(store, &alone(1, 2, 1)).await.remove(0);
    let others = take(store, &alone(2, 3, 9)).await;
    assert_eq!(others.len(), 1, "the other user");
    assert_ne!(others[0].user, first.user);
    let begun = start(first, moment(4)).unwrap();
    update(store, &begun).await;
    assert_eq!(take(store, &alone(3, 5, 9)).await, []);
    let mut lost = take(store, &alone(3, 500, 9)).await;
    lost.sort_by_key(|job| job.user);
    assert_eq!(ids(&lost), [begun.id, others[0].id], "of lost leases, and no other");
    let made = made(begun, vec![super::piece(1)], moment(501)).unwrap();
    let done = generation::decide::stored(made, vec![super::piece(1)], moment(501)).unwrap();
    assert_eq!(done.state, JobState::Succeeded);
    update(store, &done).await;
    assert_eq!(take(store, &alone(4, 502, 9)).await.len(), 1);
    assert_eq!(take(store, &alone(5, 503, 9)).await, []);
}

pub async fn a_job_is_not_begun_before_its_time_nor_at_a_closed_provider(
    store: &(impl Store + JobQueue),
) {
    prepare(store).await;
    let mut later = job(1, user_id(1), image(), moment(1));
    later.not_before = moment(100);
    later.work.due_at = moment(100);
    insert(store, &later).await.unwrap();
    assert_eq!(take(store, &claim(1, 99, 9)).await, []);
    let mut tx = store.begin().await.unwrap();
    let provider = "studio".parse().unwrap();
    let gauge = tx.lock_gauge(&provider, moment(100)).await.unwrap();
    tx.put_gauge(&Gauge { closed_until: Some(moment(200)), ..gauge }).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(take(store, &claim(1, 150, 9)).await, [], "it opens soon");
    assert_eq!(ids(&take(store, &claim(2, 200, 9)).await), [job_id(1)]);
    let mut tx = store.begin().await.unwrap();
    let gauge = tx.lock_gauge(&provider, moment(200)).await.unwrap();
    tx.put_gauge(&Gauge { closed_until: Some(moment(9_000)), ..gauge }).await.unwrap();
    tx.commit().await.unwrap();
    insert(store, &job(2, user_id(2), image(), moment(210))).await.unwrap();
    assert_eq!(ids(&take(store, &claim(3, 210, 9)).await), [job_id(2)], "it may go elsewhere");
    let mut alone = job(3, user_id(3), image(), moment(210));
    alone.routes.truncate(1);
    insert(store, &alone).await.unwrap();
    assert_eq!(take(store, &claim(4, 211, 9)).await, []);
}

pub async fn what_is_renewed_is_kept_and_what_is_lost_is_told(store: &(impl Store + JobQueue)) {
    prepare(store).await;
    for number in [1, 2] {
        insert(store, &job(number, user_id(number), image(), moment(1))).await.unwrap();
    }
    let first = take(store, &claim(1, 2, 1)).await;
    let second = take(store, &claim(2, 2, 1)).await;
    let kept = store.renew(&[Lease(1), Lease(2)], moment(100)).await.unwrap();
    assert_eq!(kept.len(), 2);
    assert_eq!(take(store, &claim(3, 90, 9)).await, []);
    assert_eq!(take(store, &claim(4, 100, 9)).await.len(), 2);
    assert_eq!(store.renew(&[Lease(1), Lease(2)], moment(200)).await.unwrap(), []);
    assert_eq!(store.renew(&[], moment(200)).await.unwrap(), []);
    assert_ne!(ids(&first), ids(&second));
}

pub async fn who_has_nothing_to_do_takes_nobody_s_turn(store: &(impl Store + JobQueue)) {
    prepare(store).await;
    insert(store, &job(1, user_id(3), image(), moment(1))).await.unwrap();
    let mut done = take(store, &claim(1, 2, 9)).await.remove(0);
    done.work.lease = None;
    update(store, &cancel(done, moment(3)).unwrap()).await;
    // Woken for nothing, and not served for longer than the one who has a job.
    let mut tx = store.begin().await.unwrap();
    for number in [1, 2] {
        tx.wake_lane(user_id(number), moment(3)).await.unwrap();
    }
    tx.commit().await.unwrap();
    insert(store, &job(2, user_id(3), image(), moment(4))).await.unwrap();
    assert_eq!(ids(&take(store, &claim(2, 5, 1)).await), [job_id(2)]);
}

pub async fn many_workers_never_take_on_the_same_job(store: &(impl Store + JobQueue)) {
    prepare(store).await;
    for number in 1..=12 {
        insert(store, &job(number, user_id(number % 3 + 1), image(), moment(1))).await.unwrap();
    }
    let mut taken = Vec::new();
    // Eight by eight, until there is nothing left.
    for round in 0..12_u32 {
        let claims =
            [0, 1, 2, 3].map(|worker| claim(worker + u128::from(round) * 10, 2 + round, 2));
        let (a, b, c, d) = tokio::join!(
            take(store, &claims[0]),
            take(store, &claims[1]),
            take(store, &claims[2]),
            take(store, &claims[3]),
        );
        taken.extend([a, b, c, d].into_iter().flatten().map(|job| job.id));
    }
    assert_eq!(taken.len(), 12);
    assert_eq!(taken.into_iter().collect::<BTreeSet<_>>().len(), 12);
}

pub async fn a_gauge_reads_back_and_counts_who_is_there(store: &(impl Store + JobQueue)) {
    prepare(store).await;
    for number in 1..=3 {
        insert(store, &job(number, user_id(number), image(), moment(1))).await.unwrap();
    }
    for job in take(store, &claim(1, 2, 2)).await {
        update(store, &start(job, moment(3)).unwrap()).await;
    }
    let provider = "studio".parse().unwrap();
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.find_gauge(&provider).await.unwrap(), None);
    assert_eq!(tx.count_at_provider(&provider).await.unwrap(), 2);
    let fresh = tx.lock_gauge(&provider, moment(1)).await.unwrap();
    assert_eq!(fresh, Gauge::new(provider.clone(), moment(1)));
    let gauge = Gauge {
        closed_until: Some(moment(9)),
        failures: 4,
        minute: moment(60),
        starts: 7,
        ..fresh
    };
    tx.put_gauge(&gauge).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.lock_gauge(&provider, moment(99)).await.unwrap(), gauge);
    assert_eq!(tx.find_gauge(&provider).await.unwrap(), Some(gauge));
    tx.rollback().await.unwrap();
}
