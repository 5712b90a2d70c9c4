//! Themes on the wire, and the gallery of a character.

use app::catalog::{Named, NewTheme, Update};
use catalog::{Name, Shelf, Theme, ThemeFields};
use kernel::{CharacterId, Page, Position, ThemeId, Timestamp, UserId};
use proto::atelier::catalog::v1 as pb;

use super::variants::render_variant;
use super::{is_needed, parse_named, parse_one, render_mark};
use crate::status::Refusal;
use crate::wire::fields::{Fields, Mask, Violations};
use crate::wire::page::{Asked, Tokens};

/// What a mask may name, in the order of the domain's fields.
pub(super) const NAMES: [&str; 2] = ["name", "description"];

/// How many variants a shelf shows unless asked, and at most: a page of shelves stays small.
const NEWEST: u16 = 4;
const NEWEST_MAX: u16 = 10;

/// A page of themes.
pub type AskedThemes = Asked<Position<ThemeId>>;

pub fn parse_create(request: pb::CreateThemeRequest) -> Result<NewTheme, Violations> {
    let pb::CreateThemeRequest { user_id, character_id, details } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let character = fields.parse("character_id", &character_id);
    let details =
        fields.required("details", details, |fields, details| parse_details(fields, details, None));
    fields.finish(|| Some(NewTheme { user: user?, character: character?, fields: details? }))
}

pub fn parse_list(
    request: pb::ListThemesRequest,
    now: Timestamp,
) -> Result<(UserId, CharacterId, AskedThemes), Refusal> {
    let bound =
        pb::ListThemesRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("catalog.ListThemes", &bound);
    let pb::ListThemesRequest { user_id, character_id, page_size, page_token } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let character = fields.parse("character_id", &character_id);
    let asked = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    // What was wrong with the others has been refused with the page's.
    let whole = user.zip(character).ok_or_else(Refusal::internal)?;
    Ok((whole.0, whole.1, asked))
}

pub fn parse_get(request: pb::GetThemeRequest) -> Result<(UserId, ThemeId), Violations> {
    let pb::GetThemeRequest { user_id, theme_id } = request;
    parse_one(&user_id, ("theme_id", &theme_id))
}

pub fn parse_update(
    request: pb::UpdateThemeRequest,
) -> Result<Update<ThemeId, ThemeFields>, Violations> {
    let pb::UpdateThemeRequest { user_id, theme_id, details, update_mask, etag } = request;
    let id = ("theme_id", theme_id.as_str());
    let mask = (update_mask, &NAMES[..]);
    super::parse_update(&user_id, id, details, mask, &etag, |fields, details, mask| {
        parse_details(fields, details, Some(mask))
    })
}

pub fn parse_delete(request: pb::DeleteThemeRequest) -> Result<Named<ThemeId>, Violations> {
    let pb::DeleteThemeRequest { user_id, theme_id, etag } = request;
    parse_named(&user_id, ("theme_id", &theme_id), &etag)
}

pub fn render_page(
    asked: &AskedThemes,
    page: Page<Theme, Position<ThemeId>>,
    now: Timestamp,
) -> pb::ListThemesResponse {
    let (themes, next_page_token) = asked.fill(page, now, Theme::position, render_theme);
    pb::ListThemesResponse { themes, next_page_token }
}

pub fn parse_gallery(
    request: pb::ListGalleryRequest,
    now: Timestamp,
) -> Result<(UserId, CharacterId, u16, AskedThemes), Refusal> {
    let bound =
        pb::ListGalleryRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("catalog.ListGallery", &bound);
    let pb::ListGalleryRequest { user_id, character_id, newest_max, page_size, page_token } =
        request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let character = fields.parse("character_id", &character_id);
    let newest = match newest_max {
        0 => Ok(NEWEST),
        1.. => Ok(u16::try_from(newest_max).unwrap_or(NEWEST_MAX).min(NEWEST_MAX)),
        _ => Err("must not be negative"),
    };
    let newest = fields.check("newest_max", newest);
    let asked = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    // What was wrong with the others has been refused with the page's.
    let whole = user.zip(character).zip(newest).ok_or_else(Refusal::internal)?;
    let ((user, character), newest) = whole;
    Ok((user, character, newest, asked))
}

pub fn render_gallery(
    asked: &AskedThemes,
    page: Page<Shelf, Position<ThemeId>>,
    now: Timestamp,
) -> pb::ListGalleryResponse {
    let (shelves, next_page_token) =
        asked.fill(page, now, |shelf| shelf.theme.position(), render_shelf);
    pb::ListGalleryResponse { shelves, next_page_token }
}

pub fn render_theme(theme: Theme) -> pb::Theme {
    let Theme { user, id, character, fields, mark } = theme;
    let ThemeFields { name, description } = fields;
    let (etag, create_time, update_time) = render_mark(mark);
    pb::Theme {
        id: id.to_string(),
        user_id: user.to_string(),
        character_id: character.to_string(),
        details: Some(pb::ThemeDetails {
            name: name.to_string(),
            description: description.map(|text| text.to_string()),
        }),
        etag,
        create_time,
        update_time,
    }
}

fn render_shelf(shelf: Shelf) -> pb::Shelf {
    let Shelf { theme, variants, newest } = shelf;
    pb::Shelf {
        theme: Some(render_theme(theme)),
        variant_count: i64::try_from(variants).unwrap_or(i64::MAX),
        newest_variants: newest.into_iter().map(render_variant).collect(),
    }
}

fn parse_details(
    fields: &mut Fields,
    details: pb::ThemeDetails,
    mask: Option<&Mask>,
) -> Option<ThemeFields> {
    let pb::ThemeDetails { name, description } = details;
    let name: Option<Name> =
        if is_needed(mask, "name") { fields.parse("name", &name) } else { "-".parse().ok() };
    let description = fields.optional("description", description.as_deref());
    Some(ThemeFields { name: name?, description: description? })
}
