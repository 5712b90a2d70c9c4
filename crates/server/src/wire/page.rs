//! Pages of lists on the wire: sizes, tokens, and where a page ends.
//!
//! A token tells where the next page starts. It is bound to its list and filters, and refused when
//! it is damaged or old. It is no secret and grants nothing: a forged one only moves the start.

mod token;

use kernel::{Page, PageSize, Timestamp};
use prost::Message;
use prost::encoding::encoded_len_varint;

pub use token::{Cursor, PageTokenError, Tokens};

use super::fields::Fields;
use crate::status::Refusal;

/// A page ends at 1 MiB, however many items were asked for: a quarter of what clients take.
const PAGE_BYTES_MAX: usize = 1024 * 1024;

/// What a request asks of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked<C> {
    pub size: PageSize,
    /// Where the page before ended; `None` for the first page.
    pub after: Option<C>,
    tokens: Tokens,
}

impl<C: Cursor> Asked<C> {
    /// Reads the two fields that every list has. `fields` holds what the others came to: their
    /// violations are refused here too, before the token is looked at.
    pub fn parse(
        mut fields: Fields,
        page_size: i32,
        page_token: &str,
        tokens: Tokens,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let size = fields.check("page_size", PageSize::parse(page_size));
        let size = fields.finish(|| size)?;
        let after = tokens.open(page_token, now)?;
        Ok(Self { size, after, tokens })
    }

    /// Renders the items that fit, at least one, and the token of the page after them.
    pub fn fill<T, M: Message>(
        &self,
        page: Page<T, C>,
        now: Timestamp,
        position: impl Fn(&T) -> C,
        render: impl Fn(T) -> M,
    ) -> (Vec<M>, String) {
        let Page { items, mut next } = page;
        let mut messages = Vec::with_capacity(items.len());
        let mut bytes = 0;
        let mut last = None;
        for item in items {
            let here = position(&item);
            let message = render(item);
            bytes += framed_len(&message);
            if bytes > PAGE_BYTES_MAX && last.is_some() {
                next = last;
                break;
            }
            messages.push(message);
            last = Some(here);
        }
        (messages, next.map(|cursor| self.tokens.seal(&cursor, now)).unwrap_or_default())
    }
}

/// Renders the items that fit into one answer, at least one, and names those that do not.
pub fn fitting<T, M: Message>(
    items: Vec<T>,
    id: impl Fn(&T) -> String,
    render: impl Fn(T) -> M,
) -> (Vec<M>, Vec<String>) {
    let mut messages = Vec::with_capacity(items.len());
    let mut unread = Vec::new();
    let mut bytes = 0;
    for item in items {
        let name = id(&item);
        let message = render(item);
        bytes += framed_len(&message);
        if messages.is_empty() || bytes <= PAGE_BYTES_MAX {
            messages.push(message);
        } else {
            unread.push(name);
        }
    }
    (messages, unread)
}

// As an item of a repeated field: a tag, the length, the message. Lists are numbered below 16, so
// that the tag is one byte.
fn framed_len(message: &impl Message) -> usize {
    let len = message.encoded_len();
    // usize is at most 64 bits everywhere.
    1 + encoded_len_varint(len as u64) + len
}

#[cfg(test)]
mod tests;
