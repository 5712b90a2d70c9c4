//! Assets on the wire: what callers see of them. Requests are read in `requests`.

mod requests;

use app::assets::{Announced, Download, Shown};
use assets::{Asset, Content, Facts, Kind, Place, Provider, State};
use kernel::{AssetId, Page, Position, Span, Timestamp};
use proto::atelier::assets::v1 as pb;

use super::json;
use super::time::{render_span, render_timestamp};

pub use requests::{
    AskedAssets, AskedDownload, parse_batch_get, parse_copy, parse_delete, parse_download,
    parse_finalize, parse_get, parse_import, parse_list, parse_purge, parse_register,
    parse_restore, parse_update, parse_upload,
};

pub fn render_announced(announced: Announced) -> pb::CreateUploadResponse {
    let Announced { asset, request, until } = announced;
    pb::CreateUploadResponse {
        asset: Some(render_asset(asset)),
        upload: Some(pb::Upload {
            method: "PUT".to_owned(),
            url: request.url,
            headers: request.headers.into_iter().collect(),
            expire_time: Some(render_timestamp(until)),
        }),
    }
}

pub fn render_download(download: Download) -> pb::CreateDownloadResponse {
    let Download { url, until } = download;
    pb::CreateDownloadResponse { url, expire_time: until.map(render_timestamp) }
}

/// The addresses of those of the assets that have one.
pub fn render_addresses(
    shown: &Shown,
    assets: impl IntoIterator<Item = AssetId>,
) -> Vec<pb::AssetAddress> {
    let address = |(id, download): (AssetId, &Download)| pb::AssetAddress {
        asset_id: id.to_string(),
        url: download.url.clone(),
        expire_time: download.until.map(render_timestamp),
    };
    shown.of(assets).map(address).collect()
}

pub fn render_batch(found: Vec<Asset>, missing: Vec<AssetId>) -> pb::BatchGetAssetsResponse {
    pb::BatchGetAssetsResponse {
        assets: found.into_iter().map(render_asset).collect(),
        missing_ids: missing.into_iter().map(|id| id.to_string()).collect(),
    }
}

pub fn render_page(
    asked: &AskedAssets,
    page: Page<Asset, Position<AssetId>>,
    now: Timestamp,
) -> pb::ListAssetsResponse {
    let (assets, next_page_token) = asked.page.fill(page, now, Asset::position, render_asset);
    pb::ListAssetsResponse { assets, next_page_token }
}

pub fn render_asset(asset: Asset) -> pb::Asset {
    let kind: pb::AssetKind = render_kind(asset.kind());
    let content_type = asset.content_type().map(str::to_owned);
    let Asset { user, id, name, metadata, place, deleted_at, etag, created_at, updated_at } = asset;
    let message = pb::Asset {
        id: id.to_string(),
        user_id: user.to_string(),
        name: name.to_string(),
        kind: kind.into(),
        content_type,
        provider: Provider::OURS.to_owned(),
        metadata: metadata.and_then(|metadata| json::render(metadata.as_str())),
        etag: etag.to_string(),
        create_time: Some(render_timestamp(created_at)),
        update_time: Some(render_timestamp(updated_at)),
        delete_time: deleted_at.map(render_timestamp),
        ..pb::Asset::default()
    };
    match place {
        Place::Ours { key, content, state } => {
            let Content { media: _, bytes, digest } = content;
            let (state, facts) = match state {
                State::Pending { until: _ } => (pb::AssetState::Pending, Facts::default()),
                State::Stored { at: _, facts } => (pb::AssetState::Stored, facts),
            };
            let Facts { size, duration_ms } = facts;
            let side = |side: u32| i32::try_from(side).unwrap_or(i32::MAX);
            pb::Asset {
                state: state.into(),
                path: key,
                size_bytes: Some(length(bytes)),
                sha256: digest.to_string(),
                width: size.map(|size| side(size.width)),
                height: size.map(|size| side(size.height)),
                duration: duration_ms.and_then(span).map(render_span),
                ..message
            }
        }
        Place::Elsewhere { provider, url, path, content_type: _, bytes } => pb::Asset {
            state: pb::AssetState::External.into(),
            provider: provider.to_string(),
            url: url.to_string(),
            path: path.map(|path| path.to_string()).unwrap_or_default(),
            size_bytes: bytes.map(length),
            ..message
        },
    }
}

fn render_kind(kind: Kind) -> pb::AssetKind {
    match kind {
        Kind::Image => pb::AssetKind::Image,
        Kind::Video => pb::AssetKind::Video,
        Kind::Audio => pb::AssetKind::Audio,
        Kind::Document => pb::AssetKind::Document,
    }
}

fn length(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

fn span(millis: u64) -> Option<Span> {
    i64::try_from(millis).ok()?.checked_mul(1_000).and_then(Span::from_micros)
}
