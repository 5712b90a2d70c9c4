//! Whether what a job names is there and is the user's, before anything is locked.

use generation::{Places, Request};
use kernel::AssetId;

use super::super::{JobError, Jobs};
use super::NewJob;

impl Jobs {
    pub(super) async fn check_places(&self, new: &NewJob) -> Result<(), JobError> {
        let Places { project, conversation } = new.places;
        if let Some(project) = project {
            let found = self.reads.find_projects(new.user, &[project]).await?;
            let open = found.iter().any(|project| !project.life.is_deleted());
            open.then_some(()).ok_or(JobError::ProjectNotFound)?;
        }
        if let Some(id) = conversation {
            let found = self.reads.find_conversation(new.user, id).await?;
            let open = found.is_some_and(|conversation| !conversation.life.is_deleted());
            open.then_some(()).ok_or(JobError::ConversationNotFound)?;
        }
        Ok(())
    }

    /// Everything that it is to be made from must be there, and be the user's.
    pub(super) async fn check_sources(&self, new: &NewJob) -> Result<(), JobError> {
        let user = new.user;
        let there = match &new.request {
            Request::Variant(variant) => {
                self.reads.find_theme(user, variant.theme).await?.is_some()
            }
            Request::Scene(scene) => self.reads.find_scene(user, scene.scene).await?.is_some(),
            Request::Character(character) => match character.character {
                Some(id) => {
                    let found = self.reads.find_character(user, id).await?;
                    found.is_some_and(|character| !character.is_deleted())
                }
                None => true,
            },
            Request::Chat(_)
            | Request::Concept(_)
            | Request::Research(_)
            | Request::Summary(_)
            | Request::Segmentation(_)
            | Request::Image(_)
            | Request::ImageEdit(_)
            | Request::Video(_)
            | Request::Voiceover(_) => true,
        };
        there.then_some(()).ok_or(JobError::SubjectNotFound)?;
        let mut sources: Vec<AssetId> = Vec::new();
        for (part, _) in new.request.steps() {
            sources.extend(generation::sources(&new.request, part, None));
        }
        sources.sort_unstable();
        sources.dedup();
        if sources.is_empty() {
            return Ok(());
        }
        let found = self.reads.find_assets(user, &sources).await?;
        let readable = |id: &AssetId| {
            found.iter().any(|asset| asset.id == *id && ::assets::decide::readable(asset).is_ok())
        };
        let missing = sources.into_iter().find(|id| !readable(id));
        missing.map_or(Ok(()), |id| Err(JobError::SourceNotFound(id)))
    }
}
