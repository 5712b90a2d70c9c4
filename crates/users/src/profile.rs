//! What a user tells about themselves, and what the product counts and awards.

use std::collections::BTreeMap;

use kernel::{Etag, Labels, Line, Prose, Timestamp, UserId};

use crate::{AvatarUrl, Rejection};

/// What the user writes about themselves.
pub type Bio = Prose<2_000>;
/// A profession, a company, an industry.
pub type Calling = Line<200>;
/// Use cases and styles by name.
pub type Interests = Labels<64, 32>;
/// What a badge is called, such as `early_adopter`.
pub type BadgeKind = Line<64>;

/// How many badges a user may have.
const BADGES_MAX: usize = 100;

/// How many networks a user may be on.
const SOCIAL_LINKS_MAX: usize = 20;

/// The longest name of a network, also CHECK `user_profiles_social_links_valid`.
const NETWORK_BYTES_MAX: usize = 32;

kernel::named_enums! {
    /// How experienced the user is at creating.
    Experience {
        #[default]
        Beginner = "beginner",
        Intermediate = "intermediate",
        Advanced = "advanced",
        Professional = "professional",
    }
}

/// The user's name on each network: `twitter` to `ada`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SocialLinks(BTreeMap<String, Line<200>>);

/// Why links are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SocialLinksError {
    #[error("must be at most {SOCIAL_LINKS_MAX} networks")]
    TooMany,
    #[error("must name networks by 1 to {NETWORK_BYTES_MAX} of a to z, 0 to 9 and underscore")]
    Network,
    #[error("must give each network a name of 1 to 200 characters")]
    Name,
}

kernel::fields! {
    /// The fields of a profile that callers set.
    ProfileFields {
        bio: Option<Bio>,
        website_url: Option<AvatarUrl>,
        social_links: SocialLinks,
        profession: Option<Calling>,
        company: Option<Calling>,
        industry: Option<Calling>,
        experience: Option<Experience>,
        use_cases: Interests,
        favourite_styles: Interests,
    }
}

/// An award; one of a kind for each user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    pub kind: BadgeKind,
    pub earned_at: Timestamp,
}

/// A user's profile. One that was never written is [`Profile::empty`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub user: UserId,
    pub fields: ProfileFields,
    /// In the order in which they were awarded.
    pub badges: Vec<Badge>,
    pub likes: u64,
    pub downloads: u64,
    /// Grows by one with each change of the fields and the badges; counting is no change.
    pub etag: Etag,
    pub updated_at: Timestamp,
}

impl SocialLinks {
    pub fn parse(
        links: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, SocialLinksError> {
        let mut known = BTreeMap::new();
        for (network, name) in links {
            let fits = (1..=NETWORK_BYTES_MAX).contains(&network.len())
                && network.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
            if !fits {
                return Err(SocialLinksError::Network);
            }
            known.insert(network, name.parse().map_err(|_wrong| SocialLinksError::Name)?);
        }
        if known.len() > SOCIAL_LINKS_MAX {
            Err(SocialLinksError::TooMany)
        } else {
            Ok(Self(known))
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(network, name)| (network.as_str(), name.as_str()))
    }
}

impl Profile {
    /// The profile of a user who has told nothing so far.
    pub fn empty(user: UserId, created_at: Timestamp) -> Self {
        Self {
            user,
            fields: ProfileFields {
                bio: None,
                website_url: None,
                social_links: SocialLinks::default(),
                profession: None,
                company: None,
                industry: None,
                experience: None,
                use_cases: Interests::default(),
                favourite_styles: Interests::default(),
            },
            badges: Vec::new(),
            likes: 0,
            downloads: 0,
            etag: Etag::FIRST,
            updated_at: created_at,
        }
    }

    /// The profile with other fields, or `None` if they are the same.
    pub fn with_fields(&self, fields: ProfileFields, now: Timestamp) -> Option<Self> {
        (fields != self.fields).then(|| Self { fields, ..self.changed(now) })
    }

    /// The profile with a badge more, or `None` if it has one of the kind.
    pub fn with_badge(&self, badge: Badge, now: Timestamp) -> Result<Option<Self>, Rejection> {
        if self.badges.iter().any(|has| has.kind == badge.kind) {
            return Ok(None);
        }
        if self.badges.len() >= BADGES_MAX {
            return Err(Rejection::TooManyBadges);
        }
        let mut next = self.changed(now);
        next.badges.push(badge);
        Ok(Some(next))
    }

    /// The profile without the badge, or `None` if it has none of the kind.
    pub fn without_badge(&self, kind: &BadgeKind, now: Timestamp) -> Option<Self> {
        let mut next = self.changed(now);
        next.badges.retain(|badge| badge.kind != *kind);
        (next.badges.len() < self.badges.len()).then_some(next)
    }

    /// The profile with its counters moved, never below zero.
    #[must_use]
    pub fn counting(&self, likes: i32, downloads: i32) -> Self {
        let moved = |count: u64, by: i32| count.saturating_add_signed(i64::from(by));
        Self {
            likes: moved(self.likes, likes),
            downloads: moved(self.downloads, downloads),
            ..self.clone()
        }
    }

    fn changed(&self, now: Timestamp) -> Self {
        Self { etag: self.etag.next(), updated_at: now.max(self.updated_at), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn links(pairs: &[(&str, &str)]) -> Result<SocialLinks, SocialLinksError> {
        SocialLinks::parse(pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())))
    }

    #[test]
    fn links_are_names_on_known_looking_networks() {
        let parsed = links(&[("twitter", "ada"), ("instagram", "@ada")]).unwrap();
        assert_eq!(parsed.iter().collect::<Vec<_>>(), [("instagram", "@ada"), ("twitter", "ada")]);
        assert_eq!(links(&[("Twitter", "ada")]), Err(SocialLinksError::Network));
        assert_eq!(links(&[("twitter", " ")]), Err(SocialLinksError::Name));
        let many: Vec<_> = (0..21).map(|n| (format!("n{n}"), "ada".to_owned())).collect();
        assert_eq!(SocialLinks::parse(many), Err(SocialLinksError::TooMany));
    }

    #[test]
    fn badges_are_one_of_a_kind_and_counters_never_negative() {
        let at = Timestamp::from_micros(10).unwrap();
        let empty = Profile::empty(UserId::from_uuid(Uuid::from_u128(1)), at);
        let badge = Badge { kind: "early_adopter".parse().unwrap(), earned_at: at };
        let one = empty.with_badge(badge.clone(), at).unwrap().unwrap();
        assert_eq!(one.badges, std::slice::from_ref(&badge));
        assert_eq!(one.with_badge(badge.clone(), at), Ok(None));
        assert_eq!(one.without_badge(&badge.kind, at).map(|profile| profile.badges), Some(vec![]));
        assert_eq!(empty.without_badge(&badge.kind, at), None);

        let counted = empty.counting(3, 1).counting(-1, -5);
        assert_eq!((counted.likes, counted.downloads, counted.etag), (2, 0, empty.etag));
        assert_eq!(empty.with_fields(empty.fields.clone(), at), None);
    }
}
