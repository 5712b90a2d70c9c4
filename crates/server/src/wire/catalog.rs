//! The catalogue on the wire, a file for each service. What they share is here.

pub mod characters;
pub mod collections;
mod filter;
pub mod scenes;
pub mod themes;
pub mod variants;

use std::fmt::Display;
use std::str::FromStr;

use app::catalog::{Named, Update};
use catalog::{Mark, Style};
use kernel::{AssetId, Fields as Maskable, Patch, UserId};
use proto::atelier::catalog::v1 as pb;

use super::fields::{Fields, Mask, Violations, given};

/// How many things a batch may name.
const BATCH_MAX: usize = 100;

/// One thing of a user.
pub(super) fn parse_one<I>(
    user_id: &str,
    (field, id): (&str, &str),
) -> Result<(UserId, I), Violations>
where
    I: FromStr<Err: Display>,
{
    let mut fields = Fields::new();
    let user = fields.parse("user_id", user_id);
    let id = fields.parse(field, id);
    fields.finish(|| Some((user?, id?)))
}

/// One thing of a user, at a revision if that matters.
pub(super) fn parse_named<I>(
    user_id: &str,
    (field, id): (&str, &str),
    etag: &str,
) -> Result<Named<I>, Violations>
where
    I: FromStr<Err: Display>,
{
    let mut fields = Fields::new();
    let user = fields.parse("user_id", user_id);
    let id = fields.parse(field, id);
    let expected = fields.optional("etag", given(etag));
    fields.finish(|| Some(Named { user: user?, id: id?, expected: expected? }))
}

/// A change of one thing of a user: its ids, the details by `parse`, which is told the mask, and
/// the revision. `names` are those of the details, in the order of the domain's.
pub(super) fn parse_update<I, F, M>(
    user_id: &str,
    (field, id): (&str, &str),
    details: Option<M>,
    (mask, names): (Option<prost_types::FieldMask>, &[&'static str]),
    etag: &str,
    parse: impl FnOnce(&mut Fields, M, &Mask) -> Option<F>,
) -> Result<Update<I, F>, Violations>
where
    I: FromStr<Err: Display>,
    F: Maskable,
{
    let mut fields = Fields::new();
    let user = fields.parse("user_id", user_id);
    let id = fields.parse(field, id);
    let mask = fields.mask("update_mask", mask, names);
    let values =
        fields.required("details", details, |fields, details| parse(fields, details, &mask));
    let expected = fields.optional("etag", given(etag));
    let names = names.iter().zip(F::NAMES).filter(|(name, _)| mask.names(name));
    let names = names.map(|(_, name)| *name).collect();
    fields.finish(|| {
        let patch = Patch { values: values?, names };
        Some(Update { user: user?, id: id?, patch, expected: expected? })
    })
}

/// Several ids, each once.
pub(crate) fn parse_ids<I>(fields: &mut Fields, field: &str, ids: &[String]) -> Option<Vec<I>>
where
    I: FromStr<Err: Display> + PartialEq,
{
    if ids.is_empty() || ids.len() > BATCH_MAX {
        fields.note(field, format!("must be 1 to {BATCH_MAX} ids"));
        return None;
    }
    let mut known: Vec<I> = Vec::with_capacity(ids.len());
    let mut fine = true;
    for (index, id) in ids.iter().enumerate() {
        let place = format!("{field}[{index}]");
        match fields.parse::<I>(&place, id) {
            Some(id) if known.contains(&id) => {
                fields.note(&place, "is named twice");
                fine = false;
            }
            Some(id) => known.push(id),
            None => fine = false,
        }
    }
    fine.then_some(known)
}

/// A field that must be there if the mask names it, or, without a mask, in any case.
pub(super) fn is_needed(mask: Option<&Mask>, field: &str) -> bool {
    mask.is_none_or(|mask| mask.names(field))
}

pub(super) fn asset(fields: &mut Fields, field: &str, id: Option<&str>) -> Option<Option<AssetId>> {
    fields.optional(field, id)
}

pub(super) fn render_asset(id: Option<AssetId>) -> Option<String> {
    id.map(|id| id.to_string())
}

/// An enum that may be absent. `Some(None)` says that it is.
pub(crate) fn maybe_choice<E, T>(
    fields: &mut Fields,
    field: &str,
    number: Option<i32>,
    known: impl FnOnce(E) -> Option<T>,
) -> Option<Option<T>>
where
    E: TryFrom<i32>,
{
    number.map_or(Some(None), |number| fields.choice(field, number, known).map(Some))
}

pub(super) fn style_from_proto(style: pb::Style) -> Option<Style> {
    match style {
        pb::Style::Unspecified => None,
        pb::Style::Realistic => Some(Style::Realistic),
        pb::Style::Anime => Some(Style::Anime),
        pb::Style::Cartoon => Some(Style::Cartoon),
        pb::Style::Fantasy => Some(Style::Fantasy),
        pb::Style::Cyberpunk => Some(Style::Cyberpunk),
        pb::Style::Vintage => Some(Style::Vintage),
        pb::Style::Minimalist => Some(Style::Minimalist),
    }
}

pub(super) fn style_to_proto(style: Style) -> pb::Style {
    match style {
        Style::Realistic => pb::Style::Realistic,
        Style::Anime => pb::Style::Anime,
        Style::Cartoon => pb::Style::Cartoon,
        Style::Fantasy => pb::Style::Fantasy,
        Style::Cyberpunk => pb::Style::Cyberpunk,
        Style::Vintage => pb::Style::Vintage,
        Style::Minimalist => pb::Style::Minimalist,
    }
}

/// The etag and the times of a thing, as its message has them.
pub(super) fn render_mark(
    mark: Mark,
) -> (String, Option<prost_types::Timestamp>, Option<prost_types::Timestamp>) {
    let Mark { etag, created_at, updated_at } = mark;
    let time = |at| Some(super::time::render_timestamp(at));
    (etag.to_string(), time(created_at), time(updated_at))
}

#[cfg(test)]
mod tests;
