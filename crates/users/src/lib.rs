//! Users: who a product's credits, projects and characters belong to.
//!
//! Values that cannot be wrong, and pure decisions on them. Whether an email address or a username
//! is taken is not decided here: the store's unique keys decide, for only they see every user.

mod account;
pub mod activity;
pub mod decide;
mod email;
mod identity;
mod names;
mod preferences;
mod profile;
mod rejection;
mod user;

pub use account::{Ability, Account, AccountStatus, Standing, StatusReason};
pub use email::{Email, EmailError};
pub use identity::{Identity, IdentityError, Issuer, Subject};
pub use names::{
    AvatarUrl, AvatarUrlError, DisplayName, FirstName, LastName, NameError, Username, UsernameError,
};
pub use preferences::{ContentFilter, Language, Preferences, TimeZone, TimeZoneError, Visibility};
pub use profile::{
    Badge, BadgeKind, Bio, Calling, Experience, Interests, Profile, ProfileFields, SocialLinks,
    SocialLinksError,
};
pub use rejection::Rejection;
pub use user::{User, UserFields, UserPatch};
