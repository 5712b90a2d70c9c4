//! What there is to know of bytes in the store: read in pieces, never as a whole.

use ::assets::{
    Asset, Content, Facts, MediaType, Parts, Rejection, Stop, Unreadable, decide, probe,
};
use kernel::Digest;
use ports::MediaKey;
use sha2::{Digest as _, Sha256};

use super::{AssetError, Assets, media_key};

/// How often a piece is read to look at one file. The oddest of real files need five.
const PIECES_MAX: usize = 40;

/// How much is read at once to compute a digest.
const DIGEST_PIECE: u64 = 8 * 1024 * 1024;

impl Assets {
    /// The facts of a file, from a few pieces of it.
    pub(super) async fn probe(
        &self,
        key: &MediaKey,
        content: &Content,
    ) -> Result<Facts, AssetError> {
        let media = self.media()?;
        let mut file = Parts::unread(content.bytes);
        for _ in 0..PIECES_MAX {
            match probe(&file, content.media) {
                Ok(facts) => return Ok(facts),
                Err(Stop::Unreadable(problem)) => return Err(problem.into()),
                Err(Stop::Need { offset, length }) => {
                    let piece = media.get_range(key, offset, length).await?;
                    file.add(offset, piece.ok_or(Rejection::UploadMissing)?);
                }
            }
        }
        Err(Unreadable("is in too many pieces").into())
    }

    /// The bytes of an asset that was read, and what they are. `None` if it cannot be read, or not
    /// any more.
    pub(crate) async fn bytes_of(
        &self,
        asset: &Asset,
    ) -> Result<Option<(Vec<u8>, MediaType)>, AssetError> {
        let Ok((key, uploaded)) = decide::readable(asset) else { return Ok(None) };
        let Content { media, bytes: length, .. } = uploaded.content;
        let found = self.media()?.get(&media_key(key)?, length).await?;
        Ok(found.map(|bytes| (bytes, media)))
    }

    /// The SHA-256 of a file, for stores that did not note it.
    pub(super) async fn digest(&self, key: &MediaKey, length: u64) -> Result<Digest, AssetError> {
        let media = self.media()?;
        let mut hasher = Sha256::new();
        let mut at = 0;
        while at < length {
            let piece = media.get_range(key, at, DIGEST_PIECE.min(length - at)).await?;
            let piece = piece.filter(|piece| !piece.is_empty());
            let piece = piece.ok_or(Rejection::UploadMissing)?;
            at += u64::try_from(piece.len()).unwrap_or(u64::MAX);
            hasher.update(&piece);
        }
        Ok(Digest::from_bytes(hasher.finalize().into()))
    }
}
