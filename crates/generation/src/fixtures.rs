//! Jobs for the tests of this crate.

use kernel::{Credits, Digest, JobId, PriceVersionId, Span, Timestamp, TransactionId, UserId};
use uuid::Uuid;

use crate::decide::{Acceptance, accept};
use crate::{
    Aspect, CharacterRequest, HoldState, ImageRequest, Job, Lease, Places, Priority, Request, Route,
};

pub(crate) fn at(seconds: u32) -> Timestamp {
    let base = Timestamp::from_micros(1_767_225_600_000_000).unwrap();
    base.saturating_add(Span::from_secs(seconds))
}

pub(crate) fn image(count: u32) -> Request {
    Request::Image(ImageRequest {
        prompt: "a lighthouse".parse().unwrap(),
        negative_prompt: None,
        art_style: None,
        aspect: Aspect::SQUARE,
        size: None,
        count,
        seed: None,
    })
}

pub(crate) fn character() -> Request {
    Request::Character(CharacterRequest {
        character: None,
        name: None,
        description: None,
        prompt: "a knight".parse().unwrap(),
        art_style: None,
        reference: None,
        seed: None,
    })
}

pub(crate) fn route(provider: &str) -> Route {
    Route { provider: provider.parse().unwrap(), model: "m".parse().unwrap() }
}

/// What is asked for seven credits, of two providers.
pub(crate) fn acceptance(request: Request) -> Acceptance {
    Acceptance {
        user: UserId::from_uuid(Uuid::from_u128(1)),
        id: JobId::from_uuid(Uuid::from_u128(2)),
        request_id: "r".parse().unwrap(),
        digest: Digest::ZERO,
        request,
        model: "flux".parse().unwrap(),
        routes: vec![route("fal"), route("replicate")],
        places: Places::default(),
        metadata: None,
        priority: Priority::Normal,
        not_before: None,
        operation_type: "IMAGE_GENERATION".parse().unwrap(),
        price: PriceVersionId::from_uuid(Uuid::from_u128(3)),
        total: credits("7"),
        resumes: None,
    }
}

pub(crate) fn credits(text: &str) -> Credits {
    text.parse().unwrap()
}

/// An accepted job whose credits are set aside, taken on by the worker of the lease 1.
pub(crate) fn job(request: Request) -> Job {
    claimed(reserved(accept(acceptance(request), at(0))))
}

pub(crate) fn reserved(mut job: Job) -> Job {
    job.money.transaction = Some(TransactionId::from_uuid(Uuid::from_u128(4)));
    job.money.hold = HoldState::Reserved;
    job.money.quota_taken = true;
    job
}

pub(crate) fn claimed(mut job: Job) -> Job {
    job.work.crashes += u16::from(job.work.lease.is_some());
    job.work.lease = Some(Lease(1));
    job.work.generation += 1;
    job
}
