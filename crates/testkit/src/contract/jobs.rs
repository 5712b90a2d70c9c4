//! What every store of jobs promises. What becomes of a job is decided by the rules of `generation`
//! itself, so that what is written is what the product writes.

mod models;
mod queue;

use generation::decide::{accepted, failed, made, start, stored};
use generation::{
    Class, Concept, Delivered, Failure, Job, JobState, Operation, RemoteFile, Request, Rules,
    Segment, Source,
};
use kernel::{AssetId, Json, PageSize, RequestId, Span, Timestamp};
use ports::{JOBS_REQUEST_UNIQUE, JobFilter, JobReads, Store, StoreError, finish};
use uuid::Uuid;

pub use models::*;
pub use queue::*;

use crate::fixtures::{image_request, job, job_id, requests, user, user_id};

/// Makes a test of each case: `jobs_contract!(fixture)`, as `contract_tests!` has it.
#[macro_export]
macro_rules! jobs_contract {
    ($fixture:ident) => {
        $crate::contract_tests! {
            $fixture,
            jobs,
            [
                a_job_of_every_kind_reads_back_as_it_was_stored,
                every_turn_of_a_job_reads_back,
                a_request_id_has_one_job,
                jobs_are_listed_newest_first_by_every_filter,
                jobs_of_several_users_are_found_together,
                jobs_go_with_their_user,
                what_nobody_knows_the_outcome_of_is_listed_as_stuck,
                a_model_is_stored_once_and_reads_back,
                a_changed_model_reads_back_with_its_routes,
                whoever_changes_the_catalogue_does_so_alone,
                a_provider_is_asked_no_faster_than_it_may_be_by_all_together,
                a_job_is_taken_on_by_one_worker_until_its_lease_ends,
                whoever_was_served_longest_ago_is_served_next,
                among_the_jobs_of_a_user_rank_decides,
                a_user_has_so_many_jobs_running_and_the_next_begins_when_one_ends,
                a_job_is_not_begun_before_its_time_nor_at_a_closed_provider,
                what_is_renewed_is_kept_and_what_is_lost_is_told,
                who_has_nothing_to_do_takes_nobody_s_turn,
                many_workers_never_take_on_the_same_job,
                a_gauge_reads_back_and_counts_who_is_there,
            ]
        }
    };
}

pub(super) fn moment(seconds: u32) -> Timestamp {
    let base = Timestamp::from_micros(1_767_225_600_123_456).expect("is in range");
    base.saturating_add(Span::from_secs(seconds))
}

pub(super) fn rules() -> Rules {
    Rules::default()
}

pub(super) fn image() -> Request {
    Request::Image(image_request(1))
}

pub(super) fn operation() -> Operation {
    Operation(Json::of_texts(&[("id", "op-1")]).expect("is short"))
}

fn piece(number: u128) -> Delivered {
    let asset = AssetId::from_uuid(Uuid::from_u128(number));
    Delivered::Stored { asset, thumbnail: Some(asset) }
}

pub(super) async fn prepare(store: &impl Store) {
    let mut tx = store.begin().await.unwrap();
    for number in 1..=3 {
        tx.insert_user(&user(number, moment(0))).await.unwrap();
    }
    tx.commit().await.unwrap();
}

pub(super) async fn insert(store: &impl Store, job: &Job) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    let outcome = async {
        tx.insert_job(job).await?;
        tx.wake_lane(job.user, job.not_before).await
    };
    let outcome = outcome.await;
    finish(tx, outcome).await
}

pub(super) async fn update(store: &impl Store, job: &Job) {
    let mut tx = store.begin().await.unwrap();
    assert!(tx.lock_job(job.user, job.id).await.unwrap().is_some());
    tx.update_job(job).await.unwrap();
    if job.state.is_terminal() {
        tx.wake_waiting(job.user, job.updated_at).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn found(store: &impl JobReads, number: u64) -> Job {
    let found = store.find_jobs(user_id(1), &[job_id(number)]).await.unwrap();
    found.into_iter().next().expect("the job is there")
}

pub async fn a_job_of_every_kind_reads_back_as_it_was_stored(store: &(impl Store + JobReads)) {
    prepare(store).await;
    for (number, request) in (1..).zip(requests()) {
        let job = job(number, user_id(1), request, moment(1));
        insert(store, &job).await.unwrap();
        assert_eq!(found(store, number).await, job);
        let mut tx = store.begin().await.unwrap();
        assert_eq!(tx.lock_job(user_id(1), job.id).await.unwrap().as_ref(), Some(&job));
        assert_eq!(tx.lock_job(user_id(2), job.id).await.unwrap(), None);
        tx.rollback().await.unwrap();
    }
}

pub async fn every_turn_of_a_job_reads_back(store: &(impl Store + JobReads)) {
    prepare(store).await;
    let character = requests().into_iter().find(|one| one.steps().len() > 1).unwrap();
    let mut job = job(1, user_id(1), character, moment(1));
    insert(store, &job).await.unwrap();
    let text = |text: &str| text.to_owned();
    let remote = Delivered::Remote(RemoteFile { url: text("https://example.com/1") });
    let pieces = [
        Delivered::Text(text("Words\nand \"more\"")),
        Delivered::Concept(Concept {
            title: text("T"),
            concept: text("C"),
            tone: text("warm"),
            goal: text("joy"),
        }),
        Delivered::Research {
            answer: text("A"),
            sources: vec![Source { url: text("https://x.org"), title: None, excerpt: None }],
        },
        Delivered::Segments(vec![Segment {
            label: text("1"),
            visual: text("v"),
            narration: text("n"),
            animation: text("a"),
        }]),
        piece(1),
    ];
    for piece in pieces {
        let limited = Failure::new(Class::RateLimited { retry_after: None }, "slow \"down\"");
        let now = moment(2);
        let turns: [&dyn Fn(Job) -> Job; 6] = [
            &|job| start(job, now).unwrap(),
            &|job| failed(job, &limited, &rules(), 0, now).unwrap(),
            &|job| start(job, now).unwrap(),
            &|job| accepted(job, operation(), &rules(), 0, now).unwrap(),
            &|job| made(job, vec![remote.clone()], now).unwrap(),
            &|job| stored(job, vec![piece.clone()], now).unwrap(),
        ];
        for turn in turns {
            job = turn(job);
            update(store, &job).await;
            assert_eq!(found(store, 1).await, job);
        }
    }
    job = start(job, moment(3)).unwrap();
    let refused = Failure::new(Class::InvalidArgument, "not like this");
    job = failed(job, &refused, &rules(), 0, moment(4)).unwrap();
    assert_eq!(job.state, JobState::Failed);
    update(store, &job).await;
    assert_eq!(found(store, 1).await, job);
}

pub async fn a_request_id_has_one_job(store: &(impl Store + JobReads)) {
    prepare(store).await;
    let first = job(1, user_id(1), image(), moment(1));
    insert(store, &first).await.unwrap();
    let again = Job { id: job_id(2), ..first.clone() };
    match insert(store, &again).await {
        Err(StoreError::Conflict { constraint }) => assert_eq!(constraint, JOBS_REQUEST_UNIQUE),
        outcome => panic!("{outcome:?}"),
    }
    insert(store, &Job { user: user_id(2), ..again }).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let request: RequestId = "job-1".parse().unwrap();
    assert_eq!(tx.find_job_by_request(user_id(1), &request).await.unwrap(), Some(first));
    assert_eq!(tx.find_job_by_request(user_id(3), &request).await.unwrap(), None);
    tx.rollback().await.unwrap();
}

pub async fn jobs_are_listed_newest_first_by_every_filter(store: &(impl Store + JobReads)) {
    prepare(store).await;
    for (number, request) in (1..).zip(requests().into_iter().take(3)) {
        let at = moment(u32::try_from(number).unwrap());
        insert(store, &job(number, user_id(1), request, at)).await.unwrap();
    }
    let begun = start(found(store, 2).await, moment(9)).unwrap();
    update(store, &begun).await;
    insert(store, &job(4, user_id(2), image(), moment(4))).await.unwrap();
    let all = JobFilter::default;
    let listed = async |filter: JobFilter, size, after| {
        let size = PageSize::parse(size).unwrap();
        let page = store.list_jobs(user_id(1), &filter, size, after).await.unwrap();
        (page.items.iter().map(|job| job.id).collect::<Vec<_>>(), page.next)
    };
    let ids = |numbers: &[u64]| numbers.iter().map(|n| job_id(*n)).collect::<Vec<_>>();
    let (first, next) = listed(all(), 2, None).await;
    assert_eq!(first, ids(&[3, 2]));
    assert_eq!(listed(all(), 2, next).await, (ids(&[1]), None));
    let kind = |number: usize| vec![requests()[number].kind()];
    for (filter, expected) in [
        (JobFilter { kinds: kind(0), ..all() }, &[1][..]),
        (JobFilter { states: vec![JobState::Running], ..all() }, &[2]),
        (JobFilter { states: vec![JobState::Queued], ..all() }, &[3, 1]),
        (JobFilter { model: Some("flux".parse().unwrap()), ..all() }, &[]),
        (JobFilter { from: Some(moment(2)), until: Some(moment(3)), ..all() }, &[2]),
    ] {
        assert_eq!(listed(filter.clone(), 0, None).await.0, ids(expected), "{filter:?}");
    }
}

pub async fn jobs_of_several_users_are_found_together(store: &(impl Store + JobReads)) {
    prepare(store).await;
    let mine = job(1, user_id(1), image(), moment(0));
    let theirs = job(2, user_id(2), image(), moment(0));
    insert(store, &mine).await.unwrap();
    insert(store, &theirs).await.unwrap();
    let keys = [(user_id(1), mine.id), (user_id(2), theirs.id), (user_id(1), theirs.id)];
    let mut found = store.find_jobs_of(&keys).await.unwrap();
    found.sort_by_key(|job| job.id);
    assert_eq!(found, [mine, theirs]);
    assert_eq!(store.find_jobs_of(&[]).await.unwrap(), []);
}

pub async fn jobs_go_with_their_user(store: &(impl Store + JobReads)) {
    prepare(store).await;
    insert(store, &job(1, user_id(1), image(), moment(1))).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.lock_user(user_id(1)).await.unwrap();
    tx.delete_user(user_id(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.find_jobs(user_id(1), &[job_id(1)]).await.unwrap(), []);
}

pub async fn what_nobody_knows_the_outcome_of_is_listed_as_stuck(store: &(impl Store + JobReads)) {
    prepare(store).await;
    for number in [1, 2, 3] {
        let begun = start(job(number, user_id(1), image(), moment(1)), moment(2)).unwrap();
        insert(store, &begun).await.unwrap();
        if number < 3 {
            let lost = Failure::new(Class::Ambiguous, "the line went dead");
            let at = moment(10 - u32::try_from(number).unwrap());
            update(store, &failed(begun, &lost, &rules(), 0, at).unwrap()).await;
        }
    }
    let stuck = store.list_stuck(9).await.unwrap();
    assert_eq!(stuck.iter().map(|job| job.id).collect::<Vec<_>>(), [job_id(2), job_id(1)]);
    assert_eq!(store.list_stuck(1).await.unwrap().len(), 1);
}
