//! Ids of assets that follow from the job that makes them: the same however often they are stored,
//! and nobody else's.

use generation::Job;
use kernel::AssetId;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The asset of a piece.
pub(super) fn piece_id(job: &Job, step: usize, place: usize) -> AssetId {
    derived(job, &format!("{step}/{place}"))
}

/// The asset of a piece's thumbnail, where that is a file of its own.
pub(super) fn thumbnail_id(job: &Job, step: usize, place: usize) -> AssetId {
    derived(job, &format!("{step}/{place}/thumbnail"))
}

/// The asset of the sheet of a character's views.
pub(super) fn sheet_id(job: &Job) -> AssetId {
    derived(job, "sheet")
}

fn derived(job: &Job, what: &str) -> AssetId {
    let hash = Sha256::digest(format!("{}/{what}", job.id).as_bytes());
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
