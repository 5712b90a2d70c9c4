//! The decisions on assets, one function for each command.

use kernel::{AssetId, Etag, Span, Timestamp, UserId};

use crate::{
    Asset, AssetPatch, Content, ContentType, Facts, FileName, Metadata, ObjectPath, Place,
    Provider, Rejection, State, Url, storage_key,
};

/// How long an upload may take, from the announcement to its end.
// 1 h: a gigabyte over a line of 2.5 Mbit/s.
pub const UPLOAD_SPAN: Span = Span::from_secs(60 * 60);

/// Announces bytes, or says what was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Create {
    pub user: UserId,
    pub name: FileName,
    pub metadata: Option<Metadata>,
}

/// Takes note of an object that others keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    pub create: Create,
    pub provider: Provider,
    pub url: Url,
    pub path: Option<ObjectPath>,
    pub content_type: Option<ContentType>,
    pub bytes: Option<u64>,
}

/// Asks for a change of an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    pub user: UserId,
    pub asset: AssetId,
    pub patch: AssetPatch,
    pub expected: Option<Etag>,
}

/// Names an asset, and the revision that the caller decided on if it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    pub user: UserId,
    pub asset: AssetId,
    pub expected: Option<Etag>,
}

/// What a change comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    Changed(Asset),
    /// The asset is as asked already: the revision stays.
    Unchanged(Asset),
}

/// What is in the store under the key of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uploaded {
    pub content: Content,
    pub facts: Facts,
}

/// Bytes that are to come.
pub fn announce(command: Create, content: Content, id: AssetId, now: Timestamp) -> Asset {
    let until = now.saturating_add(UPLOAD_SPAN);
    ours(command, content, State::Pending { until }, id, now)
}

/// Bytes that are in the store.
pub fn stored(command: Create, uploaded: Uploaded, id: AssetId, now: Timestamp) -> Asset {
    let state = State::Stored { at: now, facts: uploaded.facts };
    ours(command, uploaded.content, state, id, now)
}

/// An object that others keep.
pub fn register(command: Register, id: AssetId, now: Timestamp) -> Asset {
    let Register { create, provider, url, path, content_type, bytes } = command;
    fresh(create, Place::Elsewhere { provider, url, path, content_type, bytes }, id, now)
}

/// Ends an upload with what was found. An asset that is stored already stays as it is.
pub fn finalize(asset: Asset, found: &Uploaded, now: Timestamp) -> Result<Edit, Rejection> {
    check_live(&asset)?;
    let Place::Ours { key, content, state } = asset.place.clone() else {
        return Err(Rejection::External);
    };
    if let State::Stored { .. } = state {
        return Ok(Edit::Unchanged(asset));
    }
    check_same(&content, &found.content)?;
    let state = State::Stored { at: now, facts: found.facts };
    let place = Place::Ours { key, content, state };
    Ok(Edit::Changed(changed(Asset { place, ..asset }, now)))
}

/// Whether what was uploaded is what was announced.
pub fn check_same(announced: &Content, found: &Content) -> Result<(), Rejection> {
    let differs = |what, expected: String, found: String| {
        Err(Rejection::UploadDiffers { what, expected, found })
    };
    if announced.bytes != found.bytes {
        differs("size", announced.bytes.to_string(), found.bytes.to_string())
    } else if announced.digest != found.digest {
        differs("checksum", announced.digest.to_string(), found.digest.to_string())
    } else {
        Ok(())
    }
}

pub fn update(asset: Asset, command: &Update, now: Timestamp) -> Result<Edit, Rejection> {
    check_etag(&asset, command.expected)?;
    check_live(&asset)?;
    let AssetPatch { name, metadata } = &command.patch;
    let name = name.clone().unwrap_or_else(|| asset.name.clone());
    let metadata = metadata.apply(&asset.metadata);
    if name == asset.name && metadata == asset.metadata {
        return Ok(Edit::Unchanged(asset));
    }
    Ok(Edit::Changed(changed(Asset { name, metadata, ..asset }, now)))
}

/// Deleting what is deleted changes nothing.
pub fn delete(asset: Asset, command: &Target, now: Timestamp) -> Result<Edit, Rejection> {
    check_etag(&asset, command.expected)?;
    if asset.deleted_at.is_some() {
        return Ok(Edit::Unchanged(asset));
    }
    Ok(Edit::Changed(changed(Asset { deleted_at: Some(now), ..asset }, now)))
}

/// Restoring what is not deleted changes nothing.
pub fn restore(asset: Asset, command: &Target, now: Timestamp) -> Result<Edit, Rejection> {
    check_etag(&asset, command.expected)?;
    if asset.deleted_at.is_none() {
        return Ok(Edit::Unchanged(asset));
    }
    Ok(Edit::Changed(changed(Asset { deleted_at: None, ..asset }, now)))
}

/// Lets the asset and its bytes go for good, which only a deleted one does.
pub fn purge(asset: &Asset, command: &Target) -> Result<(), Rejection> {
    check_etag(asset, command.expected)?;
    if asset.deleted_at.is_some() { Ok(()) } else { Err(Rejection::NotDeleted) }
}

/// The bytes of an asset that can be read or copied: where they are and what they are.
pub fn readable(asset: &Asset) -> Result<(&str, Uploaded), Rejection> {
    check_live(asset)?;
    match &asset.place {
        Place::Ours { key, content, state: State::Stored { facts, .. } } => {
            Ok((key, Uploaded { content: *content, facts: *facts }))
        }
        Place::Ours { state: State::Pending { .. }, .. } => Err(Rejection::NotStored),
        Place::Elsewhere { .. } => Err(Rejection::External),
    }
}

/// Refuses deleted ones.
pub fn check_live(asset: &Asset) -> Result<(), Rejection> {
    if asset.deleted_at.is_some() { Err(Rejection::Deleted) } else { Ok(()) }
}

fn ours(command: Create, content: Content, state: State, id: AssetId, now: Timestamp) -> Asset {
    let key = storage_key(id, content.media);
    fresh(command, Place::Ours { key, content, state }, id, now)
}

fn fresh(command: Create, place: Place, id: AssetId, now: Timestamp) -> Asset {
    let Create { user, name, metadata } = command;
    Asset {
        user,
        id,
        name,
        metadata,
        place,
        deleted_at: None,
        etag: Etag::FIRST,
        created_at: now,
        updated_at: now,
    }
}

fn changed(asset: Asset, now: Timestamp) -> Asset {
    // A clock that was set back must not take the last change back.
    Asset { etag: asset.etag.next(), updated_at: now.max(asset.updated_at), ..asset }
}

fn check_etag(asset: &Asset, expected: Option<Etag>) -> Result<(), Rejection> {
    match expected {
        Some(expected) if expected != asset.etag => {
            Err(Rejection::EtagMismatch { expected, current: asset.etag })
        }
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
