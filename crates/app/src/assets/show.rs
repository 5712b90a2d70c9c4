//! Addresses of what is shown to others: the pictures of public and shared things.

use std::collections::BTreeMap;

use ::assets::decide::readable;
use ::assets::{Asset, Place};
use kernel::{AssetId, Span, UserId};
use tracing::instrument;

use super::{AssetError, Assets, Download, media_key};

/// How long such an address is good: for looking at a page, and not for passing it on.
const SHOWN_FOR: Span = Span::from_secs(15 * 60);

/// The addresses of some assets. What is deleted, not uploaded yet or without a store has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown(BTreeMap<AssetId, Download>);

impl Shown {
    /// The address of each of the assets that has one, in their order.
    pub fn of(
        &self,
        assets: impl IntoIterator<Item = AssetId>,
    ) -> impl Iterator<Item = (AssetId, &Download)> {
        assets.into_iter().filter_map(|id| Some((id, self.0.get(&id)?)))
    }
}

impl Assets {
    /// Addresses of assets that somebody may see who need not be their owner: the caller has made
    /// sure of that. They say nothing of the owners.
    #[instrument(skip_all, fields(assets = wanted.len()))]
    pub async fn show(&self, wanted: &[(UserId, AssetId)]) -> Result<Shown, AssetError> {
        if wanted.is_empty() {
            return Ok(Shown::default());
        }
        let mut shown = BTreeMap::new();
        for asset in self.reads.find_assets_of(wanted).await? {
            if let Some(download) = self.address(&asset).await? {
                shown.insert(asset.id, download);
            }
        }
        Ok(Shown(shown))
    }

    async fn address(&self, asset: &Asset) -> Result<Option<Download>, AssetError> {
        if asset.deleted_at.is_some() {
            return Ok(None);
        }
        if let Place::Elsewhere { url, .. } = &asset.place {
            return Ok(Some(Download { url: url.to_string(), until: None }));
        }
        let (Some(media), Ok((key, _))) = (&self.media, readable(asset)) else { return Ok(None) };
        let until = self.clock.now().saturating_add(SHOWN_FOR);
        let valid = SHOWN_FOR.into();
        let url = media.presign_get(&media_key(key)?, valid, None).await?;
        Ok(Some(Download { url, until: Some(until) }))
    }
}
