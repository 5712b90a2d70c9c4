//! Looking at a file that was made, and putting it into the store with its thumbnail.

use ::assets::decide::Create;
use ::assets::{Asset, Kind};
use generation::{Class, Delivered, Failure, Job, Part, Request};
use kernel::AssetId;
use ports::{Developed, Print, Thumbnail};
use tokio::time::sleep;

use super::super::{JobError, derived, unfit};
use super::WorkError;
use super::held::Held;
use crate::assets::AssetError;

/// How often bytes that only we have are offered to the store: they cannot be fetched again.
const PUTS_MAX: u16 = 6;

/// A piece that is in the store, and the assets that are to be inserted with it.
pub(super) struct Kept {
    pub(super) piece: Delivered,
    pub(super) assets: Vec<Asset>,
}

impl Held<'_> {
    /// Decodes a file. What is broken, or is not what was asked for, is lost.
    pub(super) async fn develop(&self, job: &Job, bytes: Vec<u8>) -> Result<Developed, Failure> {
        let lost = |what: String| Failure::new(Class::OutputLost, what);
        let developed = self.jobs.darkroom.develop(bytes).await.map_err(|error| {
            let what = error.to_string();
            let error: &dyn std::error::Error = &error;
            tracing::info!(error, "what a provider made is of no use");
            lost(what)
        })?;
        let media = developed.file.media;
        if media.kind() == wanted(job) {
            Ok(developed)
        } else {
            Err(lost(format!("the file is {media}, which was not asked for")))
        }
    }

    /// Puts a file into the store that nobody else has.
    pub(super) async fn put_again_and_again(
        &self,
        job: &Job,
        place: usize,
        developed: &Developed,
    ) -> Result<Result<Kept, Failure>, WorkError> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.put(job, place, developed).await? {
                Err(failure) if failure.class == Class::Transient && tries < PUTS_MAX => {
                    tracing::warn!(%failure, "bytes could not be stored");
                    let pause = self.jobs.rules.back_off(tries, self.draw());
                    sleep(pause.into()).await;
                }
                outcome => return Ok(outcome),
            }
        }
    }

    /// Puts a file and its thumbnail into the store.
    pub(super) async fn put(
        &self,
        job: &Job,
        place: usize,
        developed: &Developed,
    ) -> Result<Result<Kept, Failure>, WorkError> {
        let Developed { file, thumbnail } = developed;
        let step = job.active().map_or(0, |(step, _)| step);
        let (id, number) = (derived::piece_id(job, step, place), place.saturating_add(1));
        let small = match thumbnail {
            Thumbnail::Made(print) if has_thumbnail(job) => {
                let name = format!("{}-{number}-thumbnail", job.kind());
                match self
                    .put_one(job, derived::thumbnail_id(job, step, place), &name, print)
                    .await?
                {
                    Ok(asset) => Some(asset),
                    Err(failure) => return Ok(Err(failure)),
                }
            }
            Thumbnail::Made(_) | Thumbnail::Itself | Thumbnail::None => None,
        };
        let shown = match thumbnail {
            Thumbnail::Itself if has_thumbnail(job) => Some(id),
            Thumbnail::Made(_) | Thumbnail::Itself | Thumbnail::None => {
                small.as_ref().map(|small| small.id)
            }
        };
        let name = format!("{}-{number}", job.kind());
        Ok(self.put_one(job, id, &name, file).await?.map(|asset| Kept {
            piece: Delivered::Stored { asset: asset.id, thumbnail: shown },
            assets: std::iter::once(asset).chain(small).collect(),
        }))
    }

    /// Puts one file into the store. Its row is still to be inserted.
    pub(super) async fn put_one(
        &self,
        job: &Job,
        id: AssetId,
        name: &str,
        print: &Print,
    ) -> Result<Result<Asset, Failure>, WorkError> {
        let lost = |what: String| Ok(Err(Failure::new(Class::OutputLost, what)));
        let name = format!("{name}.{}", print.media.extension());
        let name = name.parse().map_err(|_| JobError::from(unfit("a file's name")))?;
        let create = Create { user: job.user, name, metadata: None };
        match self.jobs.assets.store_print(create, id, print.clone()).await {
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
        Request::Video(_) => Kind::Video,
        Request::Voiceover(_) => Kind::Audio,
        Request::Chat(_)
        | Request::Concept(_)
        | Request::Research(_)
        | Request::Summary(_)
        | Request::Segmentation(_)
        | Request::Image(_)
        | Request::ImageEdit(_)
        | Request::Character(_)
        | Request::Variant(_)
        | Request::Scene(_) => Kind::Image,
    }
}

/// Whether anything will show the thumbnail of what the step makes: nobody is to have files that
/// nothing refers to.
fn has_thumbnail(job: &Job) -> bool {
    let Some((_, step)) = job.active() else { return false };
    match (step.part, &job.request) {
        (Part::Whole, _) => true,
        (Part::Final, Request::Character(asked)) => asked.character.is_some(),
        (Part::Final | Part::View(_), _) => false,
    }
}
