//! Variants on the wire.

use app::catalog::{Named, NewVariant, Update};
use catalog::{Prompt, Variant, VariantFields};
use kernel::{Page, Position, ThemeId, Timestamp, UserId, VariantId};
use proto::atelier::catalog::v1 as pb;

use super::{asset, is_needed, parse_named, parse_one, render_asset, render_mark};
use crate::status::Refusal;
use crate::wire::fields::{Fields, Mask, Violations};
use crate::wire::json;
use crate::wire::page::{Asked, Tokens};

/// What a mask may name, in the order of the domain's fields.
pub(super) const NAMES: [&str; 4] = ["prompt", "image_asset_id", "thumbnail_asset_id", "metadata"];

/// A page of variants.
pub type AskedVariants = Asked<Position<VariantId>>;

pub fn parse_create(request: pb::CreateVariantRequest) -> Result<NewVariant, Violations> {
    let pb::CreateVariantRequest { user_id, theme_id, details } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let theme = fields.parse("theme_id", &theme_id);
    let details =
        fields.required("details", details, |fields, details| parse_details(fields, details, None));
    fields.finish(|| Some(NewVariant { user: user?, theme: theme?, fields: details? }))
}

pub fn parse_list(
    request: pb::ListVariantsRequest,
    now: Timestamp,
) -> Result<(UserId, ThemeId, AskedVariants), Refusal> {
    let bound =
        pb::ListVariantsRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("catalog.ListVariants", &bound);
    let pb::ListVariantsRequest { user_id, theme_id, page_size, page_token } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let theme = fields.parse("theme_id", &theme_id);
    let asked = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    // What was wrong with the others has been refused with the page's.
    let whole = user.zip(theme).ok_or_else(Refusal::internal)?;
    Ok((whole.0, whole.1, asked))
}

pub fn parse_get(request: pb::GetVariantRequest) -> Result<(UserId, VariantId), Violations> {
    let pb::GetVariantRequest { user_id, variant_id } = request;
    parse_one(&user_id, ("variant_id", &variant_id))
}

pub fn parse_update(
    request: pb::UpdateVariantRequest,
) -> Result<Update<VariantId, VariantFields>, Violations> {
    let pb::UpdateVariantRequest { user_id, variant_id, details, update_mask, etag } = request;
    let id = ("variant_id", variant_id.as_str());
    let mask = (update_mask, &NAMES[..]);
    super::parse_update(&user_id, id, details, mask, &etag, |fields, details, mask| {
        parse_details(fields, details, Some(mask))
    })
}

pub fn parse_delete(request: pb::DeleteVariantRequest) -> Result<Named<VariantId>, Violations> {
    let pb::DeleteVariantRequest { user_id, variant_id, etag } = request;
    parse_named(&user_id, ("variant_id", &variant_id), &etag)
}

pub fn render_page(
    asked: &AskedVariants,
    page: Page<Variant, Position<VariantId>>,
    now: Timestamp,
) -> pb::ListVariantsResponse {
    let (variants, next_page_token) = asked.fill(page, now, Variant::position, render_variant);
    pb::ListVariantsResponse { variants, next_page_token }
}

pub fn render_variant(variant: Variant) -> pb::Variant {
    let Variant { user, id, character, theme, number, fields, mark } = variant;
    let VariantFields { prompt, image, thumbnail, metadata } = fields;
    let (etag, create_time, update_time) = render_mark(mark);
    pb::Variant {
        id: id.to_string(),
        user_id: user.to_string(),
        character_id: character.to_string(),
        theme_id: theme.to_string(),
        number,
        details: Some(pb::VariantDetails {
            prompt: prompt.to_string(),
            image_asset_id: render_asset(image),
            thumbnail_asset_id: render_asset(thumbnail),
            metadata: metadata.and_then(|object| json::render(object.as_str())),
        }),
        etag,
        create_time,
        update_time,
    }
}

fn parse_details(
    fields: &mut Fields,
    details: pb::VariantDetails,
    mask: Option<&Mask>,
) -> Option<VariantFields> {
    let pb::VariantDetails { prompt, image_asset_id, thumbnail_asset_id, metadata } = details;
    let prompt: Option<Prompt> =
        if is_needed(mask, "prompt") { fields.parse("prompt", &prompt) } else { "-".parse().ok() };
    let image = asset(fields, "image_asset_id", image_asset_id.as_deref());
    let thumbnail = asset(fields, "thumbnail_asset_id", thumbnail_asset_id.as_deref());
    let metadata = json::optional(fields, "metadata", metadata);
    Some(VariantFields {
        prompt: prompt?,
        image: image?,
        thumbnail: thumbnail?,
        metadata: metadata?,
    })
}
