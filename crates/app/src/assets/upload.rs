//! Uploads: announced, done by the caller, and ended with what is found in the store.

use ::assets::decide::{self, Create, Edit, UPLOAD_SPAN, Uploaded};
use ::assets::{Asset, Content, Place, Rejection, State};
use kernel::{AssetId, Timestamp, UserId};
use ports::{MediaObject, PresignedPut, StoreError, Tx, UploadTerms, finish, retry};
use tracing::instrument;
use users::activity::Action;
use users::{Ability, action};

use super::{AssetError, Assets, media_key};
use crate::activity::{self, Deed};
use crate::standing::may;

/// An upload that may begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    pub asset: Asset,
    pub request: PresignedPut,
    /// When the request's address ends.
    pub until: Timestamp,
}

impl Assets {
    /// Announces bytes and answers how to upload them.
    #[instrument(skip_all, fields(user.id = %command.user))]
    pub async fn announce(
        &self,
        command: Create,
        content: Content,
    ) -> Result<Announced, AssetError> {
        let media = self.media()?;
        let now = self.clock.now();
        let asset = decide::announce(command, content, self.fresh_id(), now);
        let Place::Ours { key, .. } = &asset.place else { return Err(Rejection::External.into()) };
        let terms = UploadTerms {
            bytes: content.bytes,
            content_type: content.media.as_str(),
            digest: content.digest,
        };
        let valid = UPLOAD_SPAN.into();
        let request = media.presign_put(&media_key(key)?, terms, valid).await?;
        self.insert(&asset, action!("asset.announced")).await?;
        Ok(Announced { asset, request, until: now.saturating_add(UPLOAD_SPAN) })
    }

    /// Ends an upload. Once this returns, the bytes are those that were announced.
    #[instrument(skip_all, fields(user.id = %user, asset.id = %id))]
    pub async fn finalize(&self, user: UserId, id: AssetId) -> Result<Asset, AssetError> {
        let asset = self.find(user, id).await?;
        decide::check_live(&asset)?;
        let (key, announced) = match &asset.place {
            Place::Ours { state: State::Stored { .. }, .. } => return Ok(asset),
            Place::Ours { key, content, state: State::Pending { .. } } => {
                (media_key(key)?, *content)
            }
            Place::Elsewhere { .. } => return Err(Rejection::External.into()),
        };
        let media = self.media()?;
        let object = media.head(&key).await?.ok_or(Rejection::UploadMissing)?;
        let MediaObject { bytes, content_type, digest } = object;
        // Before anything is read: what is much larger than announced need not be.
        decide::check_same(&announced, &Content { bytes, ..announced })?;
        if content_type != announced.media.as_str() {
            let expected = announced.media.to_string();
            let what = "content type";
            return Err(Rejection::UploadDiffers { what, expected, found: content_type }.into());
        }
        let digest = match digest {
            Some(digest) => digest,
            None => self.digest(&key, bytes).await?,
        };
        let content = Content { bytes, digest, ..announced };
        decide::check_same(&announced, &content)?;
        let facts = self.probe(&key, &content).await?;
        let found = Uploaded { content, facts };
        retry(|| self.try_finalize(user, id, &found)).await
    }

    async fn try_finalize(
        &self,
        user: UserId,
        id: AssetId,
        found: &Uploaded,
    ) -> Result<Asset, AssetError> {
        let change = |asset| decide::finalize(asset, found, self.clock.now());
        self.edit(user, id, action!("asset.stored"), change).await
    }

    /// Changes a locked asset as it is decided.
    pub(super) async fn edit(
        &self,
        user: UserId,
        id: AssetId,
        done: Action,
        decide: impl FnOnce(Asset) -> Result<Edit, Rejection> + Send,
    ) -> Result<Asset, AssetError> {
        let mut tx = self.store.begin().await?;
        let outcome = async {
            may(&mut *tx, user, Ability::Change).await?;
            let asset = tx.lock_asset(user, id).await?.ok_or(AssetError::NotFound { id })?;
            match decide(asset)? {
                Edit::Changed(asset) => {
                    tx.update_asset(&asset).await?;
                    self.record(&mut *tx, &asset, done).await?;
                    Ok(asset)
                }
                Edit::Unchanged(asset) => Ok(asset),
            }
        };
        let outcome = outcome.await;
        finish(tx, outcome).await
    }

    /// Logs what was done to an asset, in the unit of work that does it.
    pub(super) async fn record(
        &self,
        tx: &mut dyn Tx,
        asset: &Asset,
        done: Action,
    ) -> Result<(), StoreError> {
        let deed = Deed::on(asset.user, done, asset.id.as_uuid(), asset.etag.revision());
        activity::record(tx, &*self.ids, self.clock.now(), deed).await
    }

    /// Stores a new asset in a unit of work of its own.
    pub(super) async fn insert(&self, asset: &Asset, done: Action) -> Result<(), AssetError> {
        retry(|| async {
            let mut tx = self.store.begin().await?;
            let outcome = async {
                may(&mut *tx, asset.user, Ability::Change).await?;
                tx.insert_asset(asset).await?;
                Ok(self.record(&mut *tx, asset, done.clone()).await?)
            };
            let outcome = outcome.await;
            finish(tx, outcome).await
        })
        .await
    }
}
