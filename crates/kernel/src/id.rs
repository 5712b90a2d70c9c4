//! One type per kind of id, so that a user's id cannot be passed where a transaction's belongs.
//!
//! Ids are UUIDv7 when this service makes them. Callers' ids of any UUID version are accepted, for
//! products move in with theirs.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// The text is not a UUID in its usual hyphenated form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a UUID of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")]
pub struct IdError;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// One thing that happened to what a user owns.
    ActivityId;
    /// Names an API key; the secret is another thing.
    ApiKeyId;
    /// Stored bytes and what is known of them.
    AssetId;
    /// A character of one user.
    CharacterId;
    /// A named set of one user's characters.
    CollectionId;
    /// A conversation of one user.
    ConversationId;
    /// A feature of a product, in a user's registry.
    FeatureId;
    /// A job of generation.
    JobId;
    /// A lot of credits. It equals the id of the transaction that opened the lot.
    LotId;
    /// What generation made: an image, a video, a text.
    OutputId;
    /// A plan that can be subscribed to.
    PlanId;
    /// One version of a price.
    PriceVersionId;
    /// A project of one user.
    ProjectId;
    /// A scene with characters of one user.
    SceneId;
    /// A link by which anybody sees a project.
    ShareLinkId;
    /// An event of one user's subscription.
    SubscriptionEventId;
    /// A theme of one character.
    ThemeId;
    /// A transaction of one user's account.
    TransactionId;
    /// A user.
    UserId;
    /// A variant of one character, in a theme.
    VariantId;
}

// The nil id is what an unset field of many a client library looks like: refused like no id at all.
fn parse(text: &str) -> Result<Uuid, IdError> {
    if text.len() != 36 {
        return Err(IdError);
    }
    match Uuid::try_parse(text) {
        Ok(uuid) if !uuid.is_nil() => Ok(uuid),
        Ok(_) | Err(_) => Err(IdError),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_was_written() {
        let text = "01890a5d-ac96-774b-bcce-b302099a8057";
        assert_eq!(text.parse::<UserId>().map(|id| id.to_string()), Ok(text.to_owned()));
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            " ",
            "1",
            "01890a5dac96774bbcceb302099a8057",
            "{01890a5d-ac96-774b-bcce-b302099a8057}",
            "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057",
            "00000000-0000-0000-0000-000000000000",
            "01890a5d-ac96-774b-bcce-b302099a805g",
        ] {
            assert_eq!(text.parse::<UserId>(), Err(IdError), "{text:?}");
        }
    }
}
