//! Addresses at which bytes can be read for a while.

use ::assets::{Place, decide};
use kernel::{AssetId, Span, Timestamp, UserId};
use tracing::instrument;

use super::{AssetError, Assets, media_key};

/// An address of an asset's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    pub url: String,
    /// `None` for what others keep: the address is theirs.
    pub until: Option<Timestamp>,
}

impl Assets {
    /// An address that is good for so long, to save the file under its name or to show it.
    #[instrument(skip_all, fields(user.id = %user, asset.id = %id))]
    pub async fn download(
        &self,
        user: UserId,
        id: AssetId,
        lifetime: Span,
        attachment: bool,
    ) -> Result<Download, AssetError> {
        let asset = self.find(user, id).await?;
        if let Place::Elsewhere { url, .. } = &asset.place {
            decide::check_live(&asset)?;
            return Ok(Download { url: url.to_string(), until: None });
        }
        let (key, _) = decide::readable(&asset)?;
        let name = attachment.then(|| asset.name.to_string());
        let until = self.clock.now().saturating_add(lifetime);
        let valid = lifetime.into();
        let url = self.media()?.presign_get(&media_key(key)?, valid, name).await?;
        Ok(Download { url, until: Some(until) })
    }
}
