//! Requests about assets.

use app::assets::Import;
use assets::decide::{Create, Register, Target, Update};
use assets::{AssetPatch, Content, FileName, Kind, MediaType, Metadata, Provider};
use kernel::{AssetId, Change, Digest, Position, Span, Timestamp, UserId};
use ports::AssetFilter;
use prost_types::Struct;
use proto::atelier::assets::v1 as pb;

use crate::status::Refusal;
use crate::wire::fields::{Fields, Violations, given};
use crate::wire::json;
use crate::wire::page::{Asked, Tokens};
use crate::wire::time::parse_span;

/// What a mask of `UpdateAssetRequest` may name.
const PATCH_FIELDS: [&str; 2] = ["name", "metadata"];

/// How many assets are read by one request.
const BATCH_MAX: usize = 100;

/// How long an address of bytes may be good: S3 signs for a week at most.
const LIFETIME_MIN: Span = Span::from_secs(60);
const LIFETIME_MAX: Span = Span::from_secs(7 * 24 * 60 * 60);

/// What it is good for if nobody says: long enough to show a page, too short to be passed around.
const LIFETIME_DEFAULT: Span = Span::from_secs(15 * 60);

/// A page of a user's assets.
pub struct AskedAssets {
    pub user: UserId,
    pub filter: AssetFilter,
    pub page: Asked<Position<AssetId>>,
}

/// An address of an asset's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedDownload {
    pub user: UserId,
    pub asset: AssetId,
    pub lifetime: Span,
    pub attachment: bool,
}

pub fn parse_upload(request: pb::CreateUploadRequest) -> Result<(Create, Content), Violations> {
    let pb::CreateUploadRequest { user_id, name, content_type, size_bytes, sha256, metadata } =
        request;
    let mut fields = Fields::new();
    let create = read_create(&mut fields, &user_id, &name, metadata);
    let media = fields.parse::<MediaType>("content_type", &content_type);
    let limit = media.map_or(u64::MAX, |media| media.kind().bytes_max());
    let bytes = u64::try_from(size_bytes).ok().filter(|bytes| (1..=limit).contains(bytes));
    let problem = || match media {
        Some(_) => format!("must be 1 to {limit}"),
        None => "must be 1 or more".to_owned(),
    };
    let bytes = fields.check("size_bytes", bytes.ok_or_else(problem));
    let digest = fields.check("sha256", parse_digest(&sha256));
    fields.finish(|| Some((create?, Content { media: media?, bytes: bytes?, digest: digest? })))
}

pub fn parse_finalize(request: pb::FinalizeUploadRequest) -> Result<(UserId, AssetId), Violations> {
    let pb::FinalizeUploadRequest { user_id, asset_id } = request;
    parse_names(&user_id, &asset_id)
}

pub fn parse_get(request: pb::GetAssetRequest) -> Result<(UserId, AssetId), Violations> {
    let pb::GetAssetRequest { user_id, asset_id } = request;
    parse_names(&user_id, &asset_id)
}

pub fn parse_download(request: pb::CreateDownloadRequest) -> Result<AskedDownload, Violations> {
    let pb::CreateDownloadRequest { user_id, asset_id, lifetime, attachment } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let asset = fields.parse("asset_id", &asset_id);
    let lifetime = match lifetime {
        None => Some(LIFETIME_DEFAULT),
        Some(span) => fields.check("lifetime", parse_span(span, LIFETIME_MIN, LIFETIME_MAX)),
    };
    fields.finish(|| {
        Some(AskedDownload { user: user?, asset: asset?, lifetime: lifetime?, attachment })
    })
}

pub fn parse_batch_get(
    request: pb::BatchGetAssetsRequest,
) -> Result<(UserId, Vec<AssetId>), Violations> {
    let pb::BatchGetAssetsRequest { user_id, asset_ids } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let ids = if (1..=BATCH_MAX).contains(&asset_ids.len()) {
        let read = asset_ids.iter().enumerate();
        let read: Vec<Option<AssetId>> =
            read.map(|(index, id)| fields.parse(&format!("asset_ids[{index}]"), id)).collect();
        read.into_iter().collect()
    } else {
        fields.check("asset_ids", Err(format!("must be 1 to {BATCH_MAX} ids")))
    };
    fields.finish(|| Some((user?, ids?)))
}

pub fn parse_list(request: pb::ListAssetsRequest, now: Timestamp) -> Result<AskedAssets, Refusal> {
    let filters =
        pb::ListAssetsRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("assets.ListAssets", &filters);
    let pb::ListAssetsRequest {
        user_id,
        page_size,
        page_token,
        kinds,
        provider,
        show_deleted,
        show_pending,
    } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let read = kinds.into_iter().enumerate();
    let kinds: Vec<Option<Kind>> = read
        .map(|(index, kind)| fields.choice(&format!("kinds[{index}]"), kind, parse_kind))
        .collect();
    let provider = fields.optional("provider", provider.as_deref());
    let page = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    // Every field is there: what is missing was refused with the page.
    let whole = || {
        Some(AskedAssets {
            user: user?,
            filter: AssetFilter {
                kinds: kinds.into_iter().collect::<Option<_>>()?,
                provider: provider?,
                with_deleted: show_deleted,
                with_pending: show_pending,
            },
            page,
        })
    };
    whole().ok_or_else(Refusal::internal)
}

pub fn parse_update(request: pb::UpdateAssetRequest) -> Result<Update, Violations> {
    let pb::UpdateAssetRequest { user_id, asset_id, asset, update_mask, etag } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let id = fields.parse("asset_id", &asset_id);
    let mask = fields.mask("update_mask", update_mask, &PATCH_FIELDS);
    let patch = fields.required("asset", asset, |fields, patch| {
        let pb::AssetPatch { name, metadata } = patch;
        let name = mask.names("name").then(|| fields.parse::<FileName>("name", &name));
        let metadata = if mask.names("metadata") {
            let metadata = json::optional(fields, "metadata", metadata);
            metadata.map(|metadata| metadata.map_or(Change::Clear, Change::Set))
        } else {
            Some(Change::Keep)
        };
        let name = match name {
            None => None,
            Some(name) => Some(name?),
        };
        Some(AssetPatch { name, metadata: metadata? })
    });
    let expected = fields.optional("etag", given(&etag));
    fields.finish(|| Some(Update { user: user?, asset: id?, patch: patch?, expected: expected? }))
}

pub fn parse_delete(request: pb::DeleteAssetRequest) -> Result<Target, Violations> {
    let pb::DeleteAssetRequest { user_id, asset_id, etag } = request;
    parse_target(&user_id, &asset_id, &etag)
}

pub fn parse_restore(request: pb::RestoreAssetRequest) -> Result<Target, Violations> {
    let pb::RestoreAssetRequest { user_id, asset_id, etag } = request;
    parse_target(&user_id, &asset_id, &etag)
}

pub fn parse_purge(request: pb::PurgeAssetRequest) -> Result<Target, Violations> {
    let pb::PurgeAssetRequest { user_id, asset_id, etag } = request;
    parse_target(&user_id, &asset_id, &etag)
}

pub fn parse_copy(
    request: pb::CopyAssetRequest,
) -> Result<(UserId, AssetId, Option<FileName>), Violations> {
    let pb::CopyAssetRequest { user_id, asset_id, name } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let id = fields.parse("asset_id", &asset_id);
    let name = fields.optional("name", given(&name));
    fields.finish(|| Some((user?, id?, name?)))
}

pub fn parse_register(request: pb::RegisterExternalRequest) -> Result<Register, Violations> {
    let pb::RegisterExternalRequest {
        user_id,
        provider,
        url,
        path,
        name,
        content_type,
        size_bytes,
        metadata,
    } = request;
    let mut fields = Fields::new();
    let provider = fields.parse::<Provider>("provider", &provider);
    if provider.as_ref().is_some_and(Provider::is_ours) {
        fields.note("provider", "must be another provider than this service");
    }
    let url = fields.parse("url", &url);
    let path = fields.optional("path", path.as_deref());
    let content_type = fields.optional("content_type", content_type.as_deref());
    let bytes = size_bytes.map(u64::try_from).transpose().map_err(|_| "must not be negative");
    let bytes = fields.check("size_bytes", bytes);
    let create = read_create(&mut fields, &user_id, &name, metadata);
    fields.finish(|| {
        Some(Register {
            create: create?,
            provider: provider?,
            url: url?,
            path: path?,
            content_type: content_type?,
            bytes: bytes?,
        })
    })
}

pub fn parse_import(request: pb::ImportFromUrlRequest) -> Result<Import, Violations> {
    let pb::ImportFromUrlRequest { user_id, url, name, metadata } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let url = fields.parse("url", &url);
    let name = fields.optional("name", given(&name));
    let metadata = json::optional(&mut fields, "metadata", metadata);
    fields.finish(|| Some(Import { user: user?, url: url?, name: name?, metadata: metadata? }))
}

fn read_create(
    fields: &mut Fields,
    user_id: &str,
    name: &str,
    metadata: Option<Struct>,
) -> Option<Create> {
    let user = fields.parse("user_id", user_id);
    let name = fields.parse("name", name);
    let metadata: Option<Option<Metadata>> = json::optional(fields, "metadata", metadata);
    Some(Create { user: user?, name: name?, metadata: metadata? })
}

fn parse_names(user_id: &str, asset_id: &str) -> Result<(UserId, AssetId), Violations> {
    let mut fields = Fields::new();
    let user = fields.parse("user_id", user_id);
    let asset = fields.parse("asset_id", asset_id);
    fields.finish(|| Some((user?, asset?)))
}

fn parse_target(user_id: &str, asset_id: &str, etag: &str) -> Result<Target, Violations> {
    let mut fields = Fields::new();
    let user = fields.parse("user_id", user_id);
    let asset = fields.parse("asset_id", asset_id);
    let expected = fields.optional("etag", given(etag));
    fields.finish(|| Some(Target { user: user?, asset: asset?, expected: expected? }))
}

fn parse_digest(text: &str) -> Result<Digest, &'static str> {
    let problem = "must be 64 hexadecimal digits in lower case";
    let plain = !text.bytes().any(|byte| byte.is_ascii_uppercase());
    let bytes = hex::decode(text).ok().filter(|_| plain).ok_or(problem)?;
    bytes.try_into().map(Digest::from_bytes).map_err(|_| problem)
}

fn parse_kind(kind: pb::AssetKind) -> Option<Kind> {
    match kind {
        pb::AssetKind::Unspecified => None,
        pb::AssetKind::Image => Some(Kind::Image),
        pb::AssetKind::Video => Some(Kind::Video),
        pb::AssetKind::Audio => Some(Kind::Audio),
        pb::AssetKind::Document => Some(Kind::Document),
    }
}
