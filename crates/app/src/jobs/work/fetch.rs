//! Keeping what was made: bytes are fetched, looked at and stored under an id that follows from the
//! job, so that doing it twice leaves one object.

use std::time::Duration;

use ::assets::decide::Create;
use ::assets::{Asset, Kind, sniff};
use generation::decide;
use generation::{Class, Delivered, Failure, Job, Made, MadeFile, Piece, RemoteFile};
use kernel::AssetId;
use sha2::{Digest as _, Sha256};
use tokio::time::sleep;
use uuid::Uuid;

use super::super::texts::storable;
use super::super::{JobError, unfit};
use super::held::Held;
use super::{SagaStep, WorkError};
use crate::assets::AssetError;

/// The largest file that is fetched: it passes through memory.
const BYTES_MAX: u64 = 256 * 1024 * 1024;

/// How often bytes that only we have are offered to the store: they cannot be fetched again.
const PUTS_MAX: u16 = 6;

impl Held<'_> {
    /// Notes what was made and keeps it. What came as bytes is in the store before it is noted.
    pub(super) async fn keep(&self, job: &Job, made: Made) -> Result<Job, WorkError> {
        let asked = job.active().map_or(0, |(_, step)| usize::from(step.asked));
        let (mut pieces, mut new, mut lost) = (Vec::new(), Vec::new(), 0_usize);
        for (place, piece) in made.pieces.into_iter().take(asked).enumerate() {
            match piece {
                Piece::File(MadeFile::Bytes(bytes)) => {
                    match self.put_again_and_again(job, place, bytes).await? {
                        Ok(asset) => {
                            pieces.push(Delivered::Stored { asset: asset.id, thumbnail: None });
                            new.push(asset);
                        }
                        Err(failure) => {
                            tracing::warn!(%failure, "what was made is of no use");
                            lost += 1;
                        }
                    }
                }
                Piece::File(MadeFile::Remote(file)) => pieces.push(Delivered::Remote(file)),
                Piece::Text(text) => pieces.push(Delivered::Text(storable(text))),
                Piece::Concept(concept) => pieces.push(Delivered::Concept(clean_concept(concept))),
                Piece::Research { answer, sources } => {
                    let sources = sources.into_iter().map(clean_source).collect();
                    pieces.push(Delivered::Research { answer: storable(answer), sources });
                }
                Piece::Segments(segments) => {
                    let segments = segments.into_iter().map(clean_segment).collect();
                    pieces.push(Delivered::Segments(segments));
                }
            }
        }
        if lost > 0 || pieces.is_empty() {
            tracing::warn!(lost, kept = pieces.len(), asked, "not all that was asked for was made");
        }
        if !new.is_empty() {
            self.saga.reached(SagaStep::BytesStored, job).await?;
        }
        let remote = pieces.iter().any(Delivered::is_remote);
        let job = self
            .change_with(job, &new, |job, now| {
                let noted = decide::made(job, pieces.clone(), now)?;
                if remote { Ok(noted) } else { decide::stored(noted, pieces.clone(), now) }
            })
            .await?;
        let reached = if remote { SagaStep::MadeNoted } else { SagaStep::Settled };
        self.saga.reached(reached, &job).await?;
        Ok(job)
    }

    /// Fetches what is still with the provider, and notes what is ours in the end.
    pub(super) async fn fetch(&self, job: &Job) -> Result<Job, WorkError> {
        let Some((_, step)) = job.active() else { return Ok(job.clone()) };
        let (mut pieces, mut new) = (Vec::new(), Vec::new());
        let (mut gone, mut again) = (None, None);
        for (place, piece) in step.pieces.iter().enumerate() {
            let Delivered::Remote(file) = piece else {
                pieces.push(piece.clone());
                continue;
            };
            match self.fetch_one(job, place, file).await? {
                Ok(asset) => {
                    pieces.push(Delivered::Stored { asset: asset.id, thumbnail: None });
                    new.push(asset);
                }
                Err(failure) if failure.class == Class::OutputLost => {
                    gone = Some(failure);
                    pieces.push(piece.clone());
                }
                Err(failure) => {
                    again = Some(failure);
                    pieces.push(piece.clone());
                }
            }
        }
        if !new.is_empty() {
            self.saga.reached(SagaStep::BytesStored, job).await?;
        }
        let (rules, draw) = (&self.jobs.rules, self.draw());
        let tries_left = step.misses.saturating_add(1) < rules.fetches_max;
        // Something may still come, or nothing has: everything is tried again. Else what is there
        // is what there is.
        let failure = match (again, gone) {
            (Some(failure), _) if tries_left => Some(failure),
            (_, Some(failure)) if new.is_empty() && tries_left => Some(failure),
            (_, _) => None,
        };
        if let Some(failure) = failure {
            tracing::info!(%failure, "a file could not be fetched");
            return self
                .change(job, |job, now| decide::fetch_failed(job, &failure, rules, draw, now))
                .await;
        }
        let job = self
            .change_with(job, &new, |job, now| decide::stored(job, pieces.clone(), now))
            .await?;
        self.saga.reached(SagaStep::Settled, &job).await?;
        Ok(job)
    }

    async fn fetch_one(
        &self,
        job: &Job,
        place: usize,
        file: &RemoteFile,
    ) -> Result<Result<Asset, Failure>, WorkError> {
        let set_up = match self.set_up(job) {
            Ok(set_up) => set_up,
            Err(failure) => return Ok(Err(Failure { class: Class::Transient, ..failure })),
        };
        match set_up.provider.fetch(file, BYTES_MAX).await {
            Ok(bytes) => self.put(job, place, bytes).await,
            Err(failure) => Ok(Err(failure)),
        }
    }

    /// Puts bytes into the store that nobody else has.
    async fn put_again_and_again(
        &self,
        job: &Job,
        place: usize,
        bytes: Vec<u8>,
    ) -> Result<Result<Asset, Failure>, WorkError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let outcome = self.put(job, place, bytes.clone()).await?;
            match outcome {
                Err(failure) if failure.class == Class::Transient && tries < PUTS_MAX => {
                    tracing::warn!(%failure, "bytes could not be stored");
                    let pause = self.jobs.rules.back_off(tries, self.draw());
                    let pause = u64::try_from(pause.as_micros()).unwrap_or_default();
                    sleep(Duration::from_micros(pause)).await;
                }
                outcome => return Ok(outcome),
            }
        }
    }

    /// Looks at the bytes and puts them into the store. What is not what was asked for is lost.
    async fn put(
        &self,
        job: &Job,
        place: usize,
        bytes: Vec<u8>,
    ) -> Result<Result<Asset, Failure>, WorkError> {
        let lost = |what: String| Ok(Err(Failure::new(Class::OutputLost, what)));
        let Some(media) = sniff(&bytes) else {
            return lost("the file is of no type that is known".to_owned());
        };
        if media.kind() != wanted(job) {
            return lost(format!("the file is {media}, which was not asked for"));
        }
        let step = job.active().map_or(0, |(step, _)| step);
        let id = asset_id(job, step, place);
        let name = format!("{}-{}.{}", job.kind(), place.saturating_add(1), media.extension());
        let name = name.parse().map_err(|_| JobError::from(unfit("a file's name")))?;
        let create = Create { user: job.user, name, metadata: None };
        match self.jobs.assets.store_bytes(create, id, media, bytes).await {
            Ok(asset) => Ok(Ok(asset)),
            Err(AssetError::Rejected(why)) => lost(why.to_string()),
            Err(AssetError::TooLarge { limit }) => lost(format!("it has more than {limit} bytes")),
            Err(AssetError::Store(error)) => Err(JobError::from(error).into()),
            Err(
                error @ (AssetError::UserNotFound
                | AssetError::NotFound { .. }
                | AssetError::Barred(_)
                | AssetError::Unsupported
                | AssetError::NoMediaStore
                | AssetError::Fetch(_)
                | AssetError::Media(_)),
            ) => Ok(Err(Failure::new(Class::Transient, error.to_string()))),
        }
    }
}

/// What a file of the job must be.
fn wanted(job: &Job) -> Kind {
    match job.request {
        generation::Request::Video(_) => Kind::Video,
        generation::Request::Voiceover(_) => Kind::Audio,
        generation::Request::Chat(_)
        | generation::Request::Concept(_)
        | generation::Request::Research(_)
        | generation::Request::Summary(_)
        | generation::Request::Segmentation(_)
        | generation::Request::Image(_)
        | generation::Request::ImageEdit(_)
        | generation::Request::Character(_)
        | generation::Request::Variant(_)
        | generation::Request::Scene(_) => Kind::Image,
    }
}

/// The asset of a piece: the same however often it is stored, and nobody else's.
fn asset_id(job: &Job, step: usize, place: usize) -> AssetId {
    let text = format!("{}/{step}/{place}", job.id);
    let hash = Sha256::digest(text.as_bytes());
    let mut bytes = [0; 16];
    // The time of the job, so that it sorts with what was made then; the rest by chance.
    let (time, chance) = bytes.split_at_mut(6);
    time.copy_from_slice(job.id.as_uuid().as_bytes().get(..6).unwrap_or(&[0; 6]));
    chance.copy_from_slice(hash.get(..10).unwrap_or(&[0; 10]));
    let uuid = uuid::Builder::from_bytes(bytes)
        .with_variant(uuid::Variant::RFC4122)
        .with_version(uuid::Version::SortRand)
        .into_uuid();
    AssetId::from_uuid(Uuid::from_bytes(*uuid.as_bytes()))
}

fn clean_concept(concept: generation::Concept) -> generation::Concept {
    let generation::Concept { title, concept, tone, goal } = concept;
    let (title, concept) = (storable(title), storable(concept));
    generation::Concept { title, concept, tone: storable(tone), goal: storable(goal) }
}

fn clean_source(source: generation::Source) -> generation::Source {
    let generation::Source { url, title, excerpt } = source;
    let (title, excerpt) = (title.map(storable), excerpt.map(storable));
    generation::Source { url: storable(url), title, excerpt }
}

fn clean_segment(segment: generation::Segment) -> generation::Segment {
    let generation::Segment { label, visual, narration, animation } = segment;
    let (label, visual) = (storable(label), storable(visual));
    generation::Segment {
        label,
        visual,
        narration: storable(narration),
        animation: storable(animation),
    }
}
