//! What is still there of all that a job refers to: what has gone since is left out.

use generation::Job;
use kernel::{AssetId, CharacterId};
use library::Body;
use ports::{StoreError, Tx};

use super::super::write::Shelf;

/// What of the shelf, and of what the job was made from, is still there; it is kept from being
/// purged. The user is shared already.
pub(super) async fn present(
    tx: &mut dyn Tx,
    job: &Job,
    shelf: &Shelf,
) -> Result<Shelf, StoreError> {
    let ids: Vec<AssetId> = shelf.keys().copied().collect();
    if ids.is_empty() {
        return Ok(Shelf::new());
    }
    let there = tx.share_assets(job.user, &ids).await?;
    let kept = shelf.iter().filter(|(id, _)| there.contains(id));
    Ok(kept.map(|(id, asset)| (*id, asset.clone())).collect())
}

/// Takes out of a body what has gone since the job was asked for.
pub(super) async fn keep_known(
    tx: &mut dyn Tx,
    job: &Job,
    body: &mut Body,
    character: Option<CharacterId>,
) -> Result<(), StoreError> {
    match body {
        Body::Character(body) => body.character = character,
        Body::Video(video) => {
            let mut sources = std::mem::take(&mut video.sources).into_vec();
            let ids: Vec<AssetId> = sources.iter().map(|source| source.asset).collect();
            let there =
                if ids.is_empty() { Vec::new() } else { tx.share_assets(job.user, &ids).await? };
            sources.retain(|source| there.contains(&source.asset));
            for source in &mut sources {
                if let Some(image) = source.image
                    && tx.lock_output(job.user, image).await?.is_none()
                {
                    source.image = None;
                }
            }
            video.sources = library::Several::new(sources).unwrap_or_default();
        }
        Body::Concept(_)
        | Body::Research(_)
        | Body::Summary(_)
        | Body::Segmentation(_)
        | Body::Image(_)
        | Body::Voiceover(_) => {}
    }
    Ok(())
}
