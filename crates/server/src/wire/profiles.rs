//! Profiles on the wire.

use kernel::{Etag, Fields as _, Patch, Timestamp, UserId};
use proto::atelier::users::v1 as pb;
use users::{Badge, BadgeKind, Experience, Interests, Profile, ProfileFields, SocialLinks};

use super::catalog::maybe_choice;
use super::fields::{Fields, Violations, given};
use super::time::{optional_moment, render_timestamp};

/// A change of a profile.
pub type Change = (UserId, Patch<ProfileFields>, Option<Etag>);

pub fn parse_get(request: pb::GetProfileRequest) -> Result<UserId, Violations> {
    let pb::GetProfileRequest { user_id } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    fields.finish(|| user)
}

pub fn parse_update(request: pb::UpdateProfileRequest) -> Result<Change, Violations> {
    let pb::UpdateProfileRequest { user_id, details, update_mask, etag } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    // The names on the wire are those of the domain.
    let mask = fields.mask("update_mask", update_mask, ProfileFields::NAMES);
    let values = fields.required("details", details, parse_details);
    let expected = fields.optional("etag", given(&etag));
    let names = ProfileFields::NAMES.iter().copied().filter(|name| mask.names(name)).collect();
    fields.finish(|| Some((user?, Patch { values: values?, names }, expected?)))
}

pub fn parse_award(
    request: pb::AwardBadgeRequest,
    now: Timestamp,
) -> Result<(UserId, Badge), Violations> {
    let pb::AwardBadgeRequest { user_id, kind, earn_time } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let kind = fields.parse("kind", &kind);
    let earned_at = optional_moment(&mut fields, "earn_time", earn_time);
    fields.finish(|| Some((user?, Badge { kind: kind?, earned_at: earned_at?.unwrap_or(now) })))
}

pub fn parse_revoke(request: pb::RevokeBadgeRequest) -> Result<(UserId, BadgeKind), Violations> {
    let pb::RevokeBadgeRequest { user_id, kind } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let kind = fields.parse("kind", &kind);
    fields.finish(|| Some((user?, kind?)))
}

pub fn parse_count(request: pb::CountEngagementRequest) -> Result<(UserId, i32, i32), Violations> {
    let pb::CountEngagementRequest { user_id, likes, downloads } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    fields.finish(|| Some((user?, likes, downloads)))
}

pub fn render_profile(profile: Profile) -> pb::Profile {
    let Profile { user, fields, badges, likes, downloads, etag, updated_at } = profile;
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let badges = badges.into_iter().map(|Badge { kind, earned_at }| pb::Badge {
        kind: kind.to_string(),
        earn_time: Some(render_timestamp(earned_at)),
    });
    pb::Profile {
        user_id: user.to_string(),
        details: Some(render_details(fields)),
        badges: badges.collect(),
        likes_received: number(likes),
        downloads: number(downloads),
        etag: etag.to_string(),
        update_time: Some(render_timestamp(updated_at)),
    }
}

fn render_details(fields: ProfileFields) -> pb::ProfileDetails {
    let ProfileFields {
        bio,
        website_url,
        social_links,
        profession,
        company,
        industry,
        experience,
        use_cases,
        favourite_styles,
    } = fields;
    let links = social_links.iter().map(|(network, name)| (network.to_owned(), name.to_owned()));
    pb::ProfileDetails {
        bio: bio.map(|text| text.to_string()),
        website_url: website_url.map(|text| text.to_string()),
        social_links: links.collect(),
        profession: profession.map(|text| text.to_string()),
        company: company.map(|text| text.to_string()),
        industry: industry.map(|text| text.to_string()),
        experience: experience.map(|experience| experience_to_proto(experience).into()),
        use_cases: use_cases.iter().map(str::to_owned).collect(),
        favourite_styles: favourite_styles.iter().map(str::to_owned).collect(),
    }
}

fn parse_details(fields: &mut Fields, details: pb::ProfileDetails) -> Option<ProfileFields> {
    let pb::ProfileDetails {
        bio,
        website_url,
        social_links,
        profession,
        company,
        industry,
        experience,
        use_cases,
        favourite_styles,
    } = details;
    let bio = fields.optional("bio", bio.as_deref());
    let website_url = fields.optional("website_url", website_url.as_deref());
    let social_links = fields.check("social_links", SocialLinks::parse(social_links));
    let profession = fields.optional("profession", profession.as_deref());
    let company = fields.optional("company", company.as_deref());
    let industry = fields.optional("industry", industry.as_deref());
    let experience = maybe_choice(fields, "experience", experience, experience_from_proto);
    let use_cases = fields.check("use_cases", Interests::parse(use_cases));
    let favourite_styles = fields.check("favourite_styles", Interests::parse(favourite_styles));
    Some(ProfileFields {
        bio: bio?,
        website_url: website_url?,
        social_links: social_links?,
        profession: profession?,
        company: company?,
        industry: industry?,
        experience: experience?,
        use_cases: use_cases?,
        favourite_styles: favourite_styles?,
    })
}

fn experience_from_proto(experience: pb::Experience) -> Option<Experience> {
    match experience {
        pb::Experience::Unspecified => None,
        pb::Experience::Beginner => Some(Experience::Beginner),
        pb::Experience::Intermediate => Some(Experience::Intermediate),
        pb::Experience::Advanced => Some(Experience::Advanced),
        pb::Experience::Professional => Some(Experience::Professional),
    }
}

fn experience_to_proto(experience: Experience) -> pb::Experience {
    match experience {
        Experience::Beginner => pb::Experience::Beginner,
        Experience::Intermediate => pb::Experience::Intermediate,
        Experience::Advanced => pb::Experience::Advanced,
        Experience::Professional => pb::Experience::Professional,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_reads_back_as_it_was_rendered() {
        let links = [("twitter".to_owned(), "@ada".to_owned())];
        let fields = ProfileFields {
            bio: Some("First\nprogrammer".parse().unwrap()),
            website_url: Some("https://example.com/ada".parse().unwrap()),
            social_links: SocialLinks::parse(links).unwrap(),
            profession: Some("Mathematician".parse().unwrap()),
            company: None,
            industry: Some("Computing".parse().unwrap()),
            experience: Some(Experience::Advanced),
            use_cases: Interests::parse(["gaming"]).unwrap(),
            favourite_styles: Interests::parse(["anime"]).unwrap(),
        };
        let mut read = Fields::new();
        assert_eq!(parse_details(&mut read, render_details(fields.clone())), Some(fields));
        for experience in Experience::ALL {
            let wire = experience_to_proto(*experience);
            assert_eq!(experience_from_proto(wire), Some(*experience));
        }
    }
}
