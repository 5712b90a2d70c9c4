//! Rows of profiles. Links and badges are JSON.

use diesel::data_types::PgTimestamp;
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::{Timestamp, UserId};
use ports::StoreError;
use serde_json::{Map, Value, json};
use users::{Badge, Profile, ProfileFields, SocialLinks};
use uuid::Uuid;

use crate::schema::user_profiles;
use crate::types::{corrupt, count, etag, from_labels, from_pg, labels, optional, parsed, to_pg};

#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(
    table_name = user_profiles,
    primary_key(user_id),
    treat_none_as_null = true,
    check_for_backend(diesel::pg::Pg)
)]
pub(crate) struct ProfileRow {
    user_id: Uuid,
    bio: Option<String>,
    website_url: Option<String>,
    social_links: Value,
    profession: Option<String>,
    company: Option<String>,
    industry: Option<String>,
    experience: Option<String>,
    use_cases: Vec<Option<String>>,
    favourite_styles: Vec<Option<String>>,
    badges: Value,
    likes: i64,
    downloads: i64,
    revision: i64,
    updated_at: PgTimestamp,
}

impl From<&Profile> for ProfileRow {
    fn from(profile: &Profile) -> Self {
        let Profile { user, fields, badges, likes, downloads, etag, updated_at } = profile;
        let links = fields.social_links.iter();
        let links: Map<String, Value> =
            links.map(|(network, name)| (network.to_owned(), name.into())).collect();
        let badges = badges.iter().map(|Badge { kind, earned_at }| {
            json!({ "kind": kind.as_str(), "earned_at": earned_at.as_micros() })
        });
        Self {
            user_id: *user.as_uuid(),
            bio: fields.bio.as_ref().map(ToString::to_string),
            website_url: fields.website_url.as_ref().map(ToString::to_string),
            social_links: Value::Object(links),
            profession: fields.profession.as_ref().map(ToString::to_string),
            company: fields.company.as_ref().map(ToString::to_string),
            industry: fields.industry.as_ref().map(ToString::to_string),
            experience: fields.experience.map(|experience| experience.to_string()),
            use_cases: from_labels(&fields.use_cases),
            favourite_styles: from_labels(&fields.favourite_styles),
            badges: badges.collect(),
            likes: i64::try_from(*likes).unwrap_or(i64::MAX),
            downloads: i64::try_from(*downloads).unwrap_or(i64::MAX),
            revision: etag.revision(),
            updated_at: to_pg(*updated_at),
        }
    }
}

impl TryFrom<ProfileRow> for Profile {
    type Error = StoreError;

    fn try_from(row: ProfileRow) -> Result<Self, StoreError> {
        Ok(Self {
            user: UserId::from_uuid(row.user_id),
            fields: ProfileFields {
                bio: optional("a biography", row.bio)?,
                website_url: optional("a website's address", row.website_url)?,
                social_links: links(&row.social_links)?,
                profession: optional("a profession", row.profession)?,
                company: optional("a company", row.company)?,
                industry: optional("an industry", row.industry)?,
                experience: optional("an experience", row.experience)?,
                use_cases: labels(row.use_cases)?,
                favourite_styles: labels(row.favourite_styles)?,
            },
            badges: badges(&row.badges)?,
            likes: count(row.likes)?,
            downloads: count(row.downloads)?,
            etag: etag(row.revision)?,
            updated_at: from_pg(row.updated_at)?,
        })
    }
}

fn links(stored: &Value) -> Result<SocialLinks, StoreError> {
    let broken = || corrupt("a profile's links");
    let links = stored.as_object().ok_or_else(broken)?.iter();
    let links = links.map(|(network, name)| Some((network.clone(), name.as_str()?.to_owned())));
    let links: Vec<_> = links.collect::<Option<_>>().ok_or_else(broken)?;
    SocialLinks::parse(links).map_err(|problem| corrupt(format!("a profile's links ({problem})")))
}

fn badges(stored: &Value) -> Result<Vec<Badge>, StoreError> {
    let broken = || corrupt("a profile's badges");
    let badges = stored.as_array().ok_or_else(broken)?.iter().map(|badge| {
        let kind = badge.get("kind").and_then(Value::as_str).ok_or_else(broken)?;
        let earned_at = badge.get("earned_at").and_then(Value::as_i64);
        let earned_at = earned_at.and_then(Timestamp::from_micros).ok_or_else(broken)?;
        Ok(Badge { kind: parsed("a badge", kind)?, earned_at })
    });
    badges.collect()
}
