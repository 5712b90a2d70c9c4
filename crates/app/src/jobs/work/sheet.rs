//! The sprite sheet of a character: made by us, of its views, as soon as all of them are there.

use ::assets::Asset;
use generation::{Delivered, Job, Part, View};
use kernel::AssetId;

use super::super::{JobError, derived};
use super::WorkError;
use super::held::Held;

impl Held<'_> {
    /// The sheet, in the store, once the step under way leaves these pieces. `None` where there is
    /// nothing to be made of, or it is there already. A sheet that cannot be made costs nobody what
    /// the provider made: it is tried again with the next step, and then left out.
    pub(super) async fn sheet(
        &self,
        job: &Job,
        pieces: &[Delivered],
        new: &[Asset],
    ) -> Result<Option<Asset>, WorkError> {
        let Some(views) = views(job, pieces) else { return Ok(None) };
        let id = derived::sheet_id(job);
        let wanted: Vec<AssetId> = views.iter().copied().chain([id]).collect();
        let mut known =
            self.jobs.reads.find_assets(job.user, &wanted).await.map_err(JobError::from)?;
        if known.iter().any(|asset| asset.id == id) {
            return Ok(None);
        }
        known.extend(new.iter().cloned());
        let mut files = Vec::with_capacity(views.len());
        for view in views {
            let Some(asset) = known.iter().find(|asset| asset.id == view) else { return Ok(None) };
            match self.jobs.assets.bytes_of(asset).await {
                Ok(Some((bytes, _))) => files.push(bytes),
                // Deleted in the meantime: there are no six views any more.
                Ok(None) => return Ok(None),
                Err(error) => return Ok(without(&error)),
            }
        }
        let print = match self.jobs.darkroom.sheet(files).await {
            Ok(print) => print,
            Err(error) => return Ok(without(&error)),
        };
        match self.put_one(job, id, "sprite-sheet", &print).await? {
            Ok(asset) => Ok(Some(asset)),
            Err(failure) => {
                tracing::warn!(%failure, "a sprite sheet could not be stored");
                Ok(None)
            }
        }
    }
}

fn without(error: &(dyn std::error::Error + 'static)) -> Option<Asset> {
    tracing::warn!(error, "a sprite sheet could not be made");
    None
}

/// The six views in their order, with what the step under way leaves. `None` if one is missing.
fn views(job: &Job, pieces: &[Delivered]) -> Option<Vec<AssetId>> {
    let active = job.active().map(|(_, step)| step.part);
    let of = |view: View| {
        let part = Part::View(view);
        if active == Some(part) {
            return pieces.iter().find_map(Delivered::asset);
        }
        job.steps.iter().find(|step| step.part == part)?.asset()
    };
    View::ALL.iter().copied().map(of).collect()
}
