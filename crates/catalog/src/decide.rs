//! The decisions on the catalogue. What is there, and whether the account may change anything, the
//! use cases have found out before.

use kernel::{Etag, Fields, Patch, Timestamp};

use crate::{Character, CharacterFields, Edit, Mark, PLACE_STEP, Places, Rejection};

/// Changes the fields that the patch names. `None` where they are as asked already.
pub fn update<F: Fields>(
    (fields, mark): (&F, Mark),
    patch: &Patch<F>,
    expected: Option<Etag>,
    now: Timestamp,
) -> Result<Option<(F, Mark)>, Rejection> {
    mark.check(expected)?;
    let next = patch.apply(fields);
    Ok((next != *fields).then(|| (next, mark.next(now))))
}

/// Deletes the character softly.
pub fn delete(
    character: Character,
    expected: Option<Etag>,
    now: Timestamp,
) -> Result<Character, Rejection> {
    character.mark.check(expected)?;
    present(&character)?;
    let mark = character.mark.next(now);
    Ok(Character { mark, deleted_at: Some(mark.updated_at), ..character })
}

/// Takes a deletion back.
pub fn restore(
    character: Character,
    expected: Option<Etag>,
    now: Timestamp,
) -> Result<Character, Rejection> {
    character.mark.check(expected)?;
    gone(&character)?;
    Ok(Character { mark: character.mark.next(now), deleted_at: None, ..character })
}

/// Lets a deleted character go for good.
pub fn purge(character: &Character, expected: Option<Etag>) -> Result<(), Rejection> {
    character.mark.check(expected)?;
    gone(character)
}

/// Changes the fields of a character that is not deleted.
pub fn update_character(
    character: Character,
    patch: &Patch<CharacterFields>,
    expected: Option<Etag>,
    now: Timestamp,
) -> Result<Edit<Character>, Rejection> {
    present(&character)?;
    let changed = update((&character.fields, character.mark), patch, expected, now)?;
    Ok(match changed {
        Some((fields, mark)) => Edit::Changed(Character { fields, mark, ..character }),
        None => Edit::Unchanged(character),
    })
}

/// Refuses a character that is deleted, for nothing is to be hung on it.
pub fn present(character: &Character) -> Result<(), Rejection> {
    if character.is_deleted() { Err(Rejection::CharacterDeleted) } else { Ok(()) }
}

/// Whether there is room for one more.
pub fn room(count: u64, max: usize) -> Result<(), Rejection> {
    let fits = usize::try_from(count).is_ok_and(|count| count < max);
    if fits { Ok(()) } else { Err(Rejection::Full { max }) }
}

/// Where a new entry goes. `None` where its neighbours leave no room: number them anew first.
pub fn place(places: Places) -> Option<i64> {
    match (places.after, places.before) {
        (None, None) => Some(0),
        (Some(after), None) => after.checked_add(PLACE_STEP),
        (None, Some(before)) => before.checked_sub(PLACE_STEP),
        (Some(after), Some(before)) => {
            let middle = after.midpoint(before);
            (after < middle && middle < before).then_some(middle)
        }
    }
}

fn gone(character: &Character) -> Result<(), Rejection> {
    if character.is_deleted() { Ok(()) } else { Err(Rejection::CharacterNotDeleted) }
}

#[cfg(test)]
mod tests;
