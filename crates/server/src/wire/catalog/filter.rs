//! What lists of characters are narrowed to.

use catalog::{CharacterFilter, Tags};
use proto::atelier::catalog::v1 as pb;

use super::characters::status_from_proto;
use super::{maybe_choice, style_from_proto};
use crate::wire::fields::{Fields, given};

pub(super) fn parse(fields: &mut Fields, filter: pb::CharacterFilter) -> Option<CharacterFilter> {
    let pb::CharacterFilter {
        tags_all,
        tags_any,
        style,
        status,
        public,
        favourite,
        in_library,
        showcased,
        text,
    } = filter;
    let tags_all = fields.check("tags_all", Tags::parse(tags_all));
    let tags_any = fields.check("tags_any", Tags::parse(tags_any));
    let style = maybe_choice(fields, "style", style, style_from_proto);
    let status = maybe_choice(fields, "status", status, status_from_proto);
    let text = fields.optional("text", given(&text));
    Some(CharacterFilter {
        tags_all: tags_all?,
        tags_any: tags_any?,
        style: style?,
        status: status?,
        public,
        favourite,
        in_library,
        showcased,
        text: text?,
        deleted: false,
    })
}

/// The same of the public gallery, which is not narrowed by what is the owner's own business.
pub(super) fn parse_public(
    fields: &mut Fields,
    filter: pb::CharacterFilter,
) -> Option<CharacterFilter> {
    let asked = [
        ("public", filter.public),
        ("favourite", filter.favourite),
        ("in_library", filter.in_library),
    ];
    for (field, _) in asked.into_iter().filter(|(_, asked)| asked.is_some()) {
        fields.note(field, "is the owner's own business");
    }
    parse(fields, filter)
}
