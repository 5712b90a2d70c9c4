//! Numbers and lists with bounds, as specs of jobs have them.

use std::fmt::Display;
use std::str::FromStr;

use crate::wire::fields::Fields;

/// Pictures that others are made from: as many as the vendors take.
const SOURCES_MAX: usize = 16;

/// The ids of pictures that something is made from.
pub(super) fn several<T>(
    fields: &mut Fields,
    field: &str,
    ids: &[String],
    min: usize,
) -> Option<Vec<T>>
where
    T: FromStr<Err: Display>,
{
    if !(min..=SOURCES_MAX).contains(&ids.len()) {
        fields.note(field, format!("must be {min} to {SOURCES_MAX} ids"));
        return None;
    }
    let read = ids.iter().enumerate();
    let read = read.map(|(index, id)| fields.parse(&format!("{field}[{index}]"), id));
    // All are read before any is missed: each has its violations to note.
    read.collect::<Vec<_>>().into_iter().collect()
}

/// A number within bounds, both included.
pub(super) fn within<T: TryFrom<i32>>(
    fields: &mut Fields,
    field: &str,
    number: i32,
    (min, max): (i32, i32),
) -> Option<T> {
    let fits = (min..=max).contains(&number).then(|| T::try_from(number).ok()).flatten();
    fields.check(field, fits.ok_or_else(|| format!("must be {min} to {max}")))
}

/// The same, where 0 stands for the usual.
pub(super) fn or_default<T: TryFrom<i32>>(
    fields: &mut Fields,
    field: &str,
    number: i32,
    bounds: (i32, i32),
    default: T,
) -> Option<T> {
    if number == 0 { Some(default) } else { within(fields, field, number, bounds) }
}
