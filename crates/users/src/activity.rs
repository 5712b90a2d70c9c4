//! The activity log: what was done to what a user owns, by whom, from where. Entries are written
//! once and never changed. The ledger's movements are not among them: its journal is their log.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use kernel::{ActivityId, ApiKeyId, Json, Position, RequestId, Timestamp, UserId};

/// The twin of CHECK `activities_action_valid`: room for a few words, and not for a story.
const SLUG_BYTES_MAX: usize = 64;

/// The twin of CHECK `activities_subject_id_valid`.
const SUBJECT_ID_BYTES_MAX: usize = 128;

/// The twin of CHECK `activities_agent_valid`: browsers stay well below.
const AGENT_CHARS_MAX: usize = 512;

/// More to tell of an action: a JSON object of at most 4 KiB.
pub type Details = Json<4096>;

/// What was done, such as `character.created`: words of lower-case letters, digits and underscore
/// with points between them, each beginning with a letter; at most 64 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Action(Cow<'static, str>);

/// The text is no action, or no kind of subject.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be words such as \"character.created\": lower-case letters, digits and underscores, \
     at most {SLUG_BYTES_MAX} characters"
)]
pub struct ActionError;

/// What it was done to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActivitySubject {
    /// Written as an action is, such as `character`.
    pub kind: Action,
    pub id: SubjectId,
}

/// The id of a subject in its owner's words: 1 to 128 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubjectId(String);

/// The text is no id of a subject.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to {SUBJECT_ID_BYTES_MAX} visible ASCII characters without spaces")]
pub struct SubjectIdError;

/// The program that somebody used, as it calls itself. At most 512 characters, none of control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent(String);

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A service of the product.
    ApiKey(ApiKeyId),
    /// A user in person.
    EndUser(UserId),
    /// Background work, for nobody in particular.
    System,
}

/// One entry of a user's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    pub id: ActivityId,
    pub user: UserId,
    pub at: Timestamp,
    pub action: Action,
    pub subject: Option<ActivitySubject>,
    pub details: Option<Details>,
    pub actor: Actor,
    /// Where it was asked from.
    pub address: Option<IpAddr>,
    pub agent: Option<Agent>,
    /// The id of the call, as in the server's own log.
    pub request: Option<RequestId>,
}

impl Activity {
    /// Where the entry stands in lists.
    pub fn position(&self) -> Position<ActivityId> {
        Position { created_at: self.at, id: self.id }
    }
}

impl Action {
    /// An action that the program itself names; see [`crate::action`].
    ///
    /// # Panics
    ///
    /// If it is none.
    pub const fn literal(text: &'static str) -> Self {
        assert!(is_slug(text.as_bytes()), "the text is no action");
        Self(Cow::Borrowed(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first word, which names the kind of thing that the action is done to.
    pub fn kind(&self) -> Self {
        let first = self.0.split('.').next().unwrap_or_default();
        Self(Cow::Owned(first.to_owned()))
    }

    /// Whether this is `of`, or `of` with more words after it.
    pub fn is_under(&self, of: &Self) -> bool {
        let rest = self.0.strip_prefix(&*of.0);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

/// An action that is checked when the program is compiled: `action!("character.created")`.
#[macro_export]
macro_rules! action {
    ($text:literal) => {
        const { $crate::activity::Action::literal($text) }
    };
}

const fn is_slug(text: &[u8]) -> bool {
    let mut index = 0;
    let mut begins = true;
    while index < text.len() {
        let byte = text[index];
        let letter = byte.is_ascii_lowercase();
        let inside = letter || byte.is_ascii_digit() || byte == b'_';
        if (begins && !letter) || (!inside && byte != b'.') {
            return false;
        }
        begins = byte == b'.';
        index += 1;
    }
    // An empty text and one that ends in a point both wait for a word.
    !begins && text.len() <= SLUG_BYTES_MAX
}

impl FromStr for Action {
    type Err = ActionError;

    fn from_str(text: &str) -> Result<Self, ActionError> {
        if is_slug(text.as_bytes()) {
            Ok(Self(Cow::Owned(text.to_owned())))
        } else {
            Err(ActionError)
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl SubjectId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SubjectId {
    type Err = SubjectIdError;

    fn from_str(text: &str) -> Result<Self, SubjectIdError> {
        let fits = (1..=SUBJECT_ID_BYTES_MAX).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(text.to_owned())) } else { Err(SubjectIdError) }
    }
}

impl Agent {
    /// What can be kept of a header: nobody is refused for what their browser calls itself.
    pub fn from_header(bytes: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(bytes);
        let kept: String = text.chars().filter(|c| !c.is_control()).take(AGENT_CHARS_MAX).collect();
        (!kept.trim().is_empty()).then_some(Self(kept))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests;
