//! Assets whose bytes do not come by an upload: made here, copied, fetched, or left where they are.

use ::assets::decide::{self, Create, Register, Uploaded};
use ::assets::{
    Asset, Content, FileName, Kind, MediaType, Metadata, Place, Rejection, Url, probe_whole, sniff,
};
use kernel::{AssetId, Digest, UserId};
use ports::{FetchError, Print, StoreError};
use sha2::{Digest as _, Sha256};
use tracing::instrument;

use users::action;
use users::activity::Action;

use super::{AssetError, Assets, media_key};

/// How much is fetched from the web: it passes through memory, unlike an upload.
const IMPORT_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// What a file is called whose address ends in nothing.
const NAMELESS: &str = "import";

/// Asks for a file of the web.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    pub user: UserId,
    pub url: Url,
    /// As the address says, if nobody says otherwise.
    pub name: Option<FileName>,
    pub metadata: Option<Metadata>,
}

impl Assets {
    /// Puts bytes into the store and answers the asset that they make, which the caller is to
    /// insert in a unit of work. Bytes whose asset is never inserted go with the next sweep.
    ///
    /// Storing again under the same id is no failure: bytes of an asset never change.
    #[instrument(skip_all, fields(user.id = %command.user, asset.id = %id))]
    pub async fn store_bytes(
        &self,
        command: Create,
        id: AssetId,
        media: MediaType,
        bytes: Vec<u8>,
    ) -> Result<Asset, AssetError> {
        self.media()?;
        let (facts, bytes) = probe_whole(bytes, media)?;
        self.store_print(command, id, Print { media, facts, bytes }).await
    }

    /// The same for a file that somebody has looked at.
    pub(crate) async fn store_print(
        &self,
        command: Create,
        id: AssetId,
        print: Print,
    ) -> Result<Asset, AssetError> {
        let store = self.media()?;
        let Print { media, facts, bytes } = print;
        check_length(media.kind(), bytes.len())?;
        let digest = Digest::from_bytes(Sha256::digest(&bytes).into());
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let content = Content { media, bytes: length, digest };
        let asset = decide::stored(command, Uploaded { content, facts }, id, self.clock.now());
        store.put(&media_key(key_of(&asset)?)?, bytes, media.as_str()).await?;
        Ok(asset)
    }

    /// Copies an asset's bytes for another asset of the same user.
    #[instrument(skip_all, fields(user.id = %user, asset.id = %id))]
    pub async fn copy(
        &self,
        user: UserId,
        id: AssetId,
        name: Option<FileName>,
    ) -> Result<Asset, AssetError> {
        let source = self.find(user, id).await?;
        let (from, uploaded) = decide::readable(&source)?;
        let command = Create {
            user,
            name: name.unwrap_or_else(|| source.name.clone()),
            metadata: source.metadata.clone(),
        };
        let copy = decide::stored(command, uploaded, self.fresh_id(), self.clock.now());
        if !self.media()?.copy(&media_key(from)?, &media_key(key_of(&copy)?)?).await? {
            let what = format!("the bytes of asset {id}, which are not there,");
            return Err(StoreError::Corrupt { what, cause: None }.into());
        }
        self.insert_or_clear(copy, action!("asset.copied")).await
    }

    /// Takes note of what others keep.
    #[instrument(skip_all, fields(user.id = %command.create.user))]
    pub async fn register(&self, command: Register) -> Result<Asset, AssetError> {
        let asset = decide::register(command, self.fresh_id(), self.clock.now());
        self.insert(&asset, action!("asset.registered")).await?;
        Ok(asset)
    }

    /// Fetches a file of the web and keeps it.
    #[instrument(skip_all, fields(user.id = %command.user))]
    pub async fn import(&self, command: Import) -> Result<Asset, AssetError> {
        let Import { user, url, name, metadata } = command;
        self.media()?;
        self.check_user(user).await?;
        let fetched = self.fetcher.fetch(url.as_str(), IMPORT_BYTES_MAX).await;
        let fetched = fetched.map_err(|error| match error {
            FetchError::TooLarge { limit } => AssetError::TooLarge { limit },
            error @ (FetchError::Forbidden(_)
            | FetchError::Status(_)
            | FetchError::TooManyRedirects
            | FetchError::TimedOut
            | FetchError::Unreachable(_)) => AssetError::Fetch(error),
        })?;
        let media = sniff(&fetched.bytes).ok_or(AssetError::Unsupported)?;
        check_length(media.kind(), fetched.bytes.len())?;
        let name = name.unwrap_or_else(|| name_in(&fetched.url));
        let command = Create { user, name, metadata };
        let asset = self.store_bytes(command, self.fresh_id(), media, fetched.bytes).await?;
        self.insert_or_clear(asset, action!("asset.imported")).await
    }

    /// Inserts an asset whose bytes are there, or deletes them: the user may be gone or barred by
    /// now.
    async fn insert_or_clear(&self, asset: Asset, done: Action) -> Result<Asset, AssetError> {
        let inserted = self.insert(&asset, done).await;
        if let Err(AssetError::UserNotFound | AssetError::Barred(_)) = &inserted {
            // A failure here leaves bytes that the sweep finds.
            if let Err(error) = self.media()?.delete(&media_key(key_of(&asset)?)?).await {
                tracing::warn!(%error, "bytes without an asset stay until the next sweep");
            }
        }
        inserted.map(|()| asset)
    }
}

fn check_length(kind: Kind, length: usize) -> Result<(), AssetError> {
    let limit = kind.bytes_max();
    let fits = u64::try_from(length).is_ok_and(|length| length <= limit);
    if fits { Ok(()) } else { Err(AssetError::TooLarge { limit }) }
}

fn key_of(asset: &Asset) -> Result<&str, Rejection> {
    match &asset.place {
        Place::Ours { key, .. } => Ok(key),
        Place::Elsewhere { .. } => Err(Rejection::External),
    }
}

/// The last part of an address's path.
fn name_in(url: &str) -> FileName {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let last = path.splitn(4, '/').nth(3).and_then(|path| path.rsplit('/').next());
    let named = last.and_then(|last| last.parse().ok());
    named.unwrap_or_else(|| NAMELESS.parse().expect("is a name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_as_its_address_ends() {
        for (url, name) in [
            ("https://example.com/a/cat.png?x=/y", "cat.png"),
            ("https://example.com/cat", "cat"),
            ("https://example.com/a/", NAMELESS),
            ("https://example.com", NAMELESS),
        ] {
            assert_eq!(name_in(url).as_str(), name, "{url}");
        }
    }
}
