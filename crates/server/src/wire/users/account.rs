//! Accounts, preferences and identities on the wire.

use app::UserBatch;
use kernel::{Fields as _, Patch, UserId};
use proto::atelier::users::v1 as pb;
use users::decide::{Prefer, SetStatus};
use users::{AccountStatus, ContentFilter, Identity, Language, Preferences, Visibility};

use super::{parse_identity, render_user};
use crate::wire::catalog::maybe_choice;
use crate::wire::fields::{Fields, Violations, given};

pub fn parse_login(request: pb::RecordLoginRequest) -> Result<UserId, Violations> {
    let pb::RecordLoginRequest { user_id } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    fields.finish(|| user)
}

pub fn parse_add_identity(
    request: pb::AddIdentityRequest,
) -> Result<(UserId, Identity), Violations> {
    let pb::AddIdentityRequest { user_id, identity } = request;
    parse_user_identity(&user_id, identity)
}

pub fn parse_remove_identity(
    request: pb::RemoveIdentityRequest,
) -> Result<(UserId, Identity), Violations> {
    let pb::RemoveIdentityRequest { user_id, identity } = request;
    parse_user_identity(&user_id, identity)
}

fn parse_user_identity(
    user_id: &str,
    identity: Option<pb::Identity>,
) -> Result<(UserId, Identity), Violations> {
    let mut fields = Fields::new();
    let user = fields.parse("user_id", user_id);
    let identity = fields.required("identity", identity, parse_identity);
    fields.finish(|| Some((user?, identity?)))
}

pub fn parse_status(request: pb::SetAccountStatusRequest) -> Result<SetStatus, Violations> {
    let pb::SetAccountStatusRequest { user_id, status, reason, etag } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let status = fields.choice("status", status, status_from_proto);
    let reason = fields.optional("reason", reason.as_deref());
    let expected = fields.optional("etag", given(&etag));
    fields.finish(|| {
        let (user, status) = (user?, status?);
        Some(SetStatus { user, status, reason: reason?, expected: expected? })
    })
}

pub fn parse_preferences(request: pb::UpdatePreferencesRequest) -> Result<Prefer, Violations> {
    let pb::UpdatePreferencesRequest { user_id, preferences, update_mask, etag } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    // The names on the wire are those of the domain.
    let mask = fields.mask("update_mask", update_mask, Preferences::NAMES);
    let values = fields.required("preferences", preferences, parse_values);
    let expected = fields.optional("etag", given(&etag));
    let names = Preferences::NAMES.iter().copied().filter(|name| mask.names(name)).collect();
    fields.finish(|| {
        let patch = Patch { values: values?, names };
        Some(Prefer { user: user?, patch, expected: expected? })
    })
}

/// What is absent is as by default.
fn parse_values(fields: &mut Fields, preferences: pb::Preferences) -> Option<Preferences> {
    let pb::Preferences {
        language,
        time_zone,
        notify_email,
        notify_push,
        visibility,
        gallery_showcase,
        content_filter,
    } = preferences;
    let default = Preferences::default();
    let language = maybe_choice(fields, "language", language, language_from_proto);
    let time_zone = fields.optional("time_zone", time_zone.as_deref());
    let visibility = maybe_choice(fields, "visibility", visibility, visibility_from_proto);
    let content_filter = maybe_choice(fields, "content_filter", content_filter, filter_from_proto);
    Some(Preferences {
        language: language?.unwrap_or_default(),
        time_zone: time_zone?.unwrap_or(default.time_zone),
        notify_email: notify_email.unwrap_or(default.notify_email),
        notify_push: notify_push.unwrap_or(default.notify_push),
        visibility: visibility?.unwrap_or_default(),
        gallery_showcase: gallery_showcase.unwrap_or(default.gallery_showcase),
        content_filter: content_filter?.unwrap_or_default(),
    })
}

pub fn render_batch(batch: UserBatch) -> pb::BatchGetUsersResponse {
    let UserBatch { found, missing } = batch;
    pb::BatchGetUsersResponse {
        users: found.into_iter().map(render_user).collect(),
        missing_user_ids: missing.iter().map(ToString::to_string).collect(),
    }
}

pub(super) fn render_preferences(preferences: Preferences) -> pb::Preferences {
    let Preferences {
        language,
        time_zone,
        notify_email,
        notify_push,
        visibility,
        gallery_showcase,
        content_filter,
    } = preferences;
    let language = match language {
        Language::English => pb::Language::English,
        Language::Chinese => pb::Language::Chinese,
        Language::Japanese => pb::Language::Japanese,
        Language::Korean => pb::Language::Korean,
    };
    let visibility = match visibility {
        Visibility::Public => pb::Visibility::Public,
        Visibility::Friends => pb::Visibility::Friends,
        Visibility::Private => pb::Visibility::Private,
    };
    let content_filter = match content_filter {
        ContentFilter::Strict => pb::ContentFilter::Strict,
        ContentFilter::Moderate => pb::ContentFilter::Moderate,
        ContentFilter::Relaxed => pb::ContentFilter::Relaxed,
    };
    pb::Preferences {
        language: Some(language.into()),
        time_zone: Some(time_zone.to_string()),
        notify_email: Some(notify_email),
        notify_push: Some(notify_push),
        visibility: Some(visibility.into()),
        gallery_showcase: Some(gallery_showcase),
        content_filter: Some(content_filter.into()),
    }
}

fn language_from_proto(language: pb::Language) -> Option<Language> {
    match language {
        pb::Language::Unspecified => None,
        pb::Language::English => Some(Language::English),
        pb::Language::Chinese => Some(Language::Chinese),
        pb::Language::Japanese => Some(Language::Japanese),
        pb::Language::Korean => Some(Language::Korean),
    }
}

fn visibility_from_proto(visibility: pb::Visibility) -> Option<Visibility> {
    match visibility {
        pb::Visibility::Unspecified => None,
        pb::Visibility::Public => Some(Visibility::Public),
        pb::Visibility::Friends => Some(Visibility::Friends),
        pb::Visibility::Private => Some(Visibility::Private),
    }
}

fn filter_from_proto(filter: pb::ContentFilter) -> Option<ContentFilter> {
    match filter {
        pb::ContentFilter::Unspecified => None,
        pb::ContentFilter::Strict => Some(ContentFilter::Strict),
        pb::ContentFilter::Moderate => Some(ContentFilter::Moderate),
        pb::ContentFilter::Relaxed => Some(ContentFilter::Relaxed),
    }
}

pub(super) fn status_from_proto(status: pb::AccountStatus) -> Option<AccountStatus> {
    match status {
        pb::AccountStatus::Unspecified => None,
        pb::AccountStatus::Active => Some(AccountStatus::Active),
        pb::AccountStatus::Suspended => Some(AccountStatus::Suspended),
        pb::AccountStatus::Banned => Some(AccountStatus::Banned),
        pb::AccountStatus::Deleted => Some(AccountStatus::Deleted),
    }
}

pub(super) fn status_to_proto(status: AccountStatus) -> pb::AccountStatus {
    match status {
        AccountStatus::Active => pb::AccountStatus::Active,
        AccountStatus::Suspended => pb::AccountStatus::Suspended,
        AccountStatus::Banned => pb::AccountStatus::Banned,
        AccountStatus::Deleted => pb::AccountStatus::Deleted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(preferences: pb::Preferences, paths: &[&str]) -> Result<Prefer, Violations> {
        parse_preferences(pb::UpdatePreferencesRequest {
            user_id: "01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
            preferences: Some(preferences),
            update_mask: Some(prost_types::FieldMask {
                paths: paths.iter().map(|path| (*path).to_owned()).collect(),
            }),
            etag: String::new(),
        })
    }

    #[test]
    fn preferences_read_back_and_what_is_absent_is_the_default() {
        let full = Preferences {
            language: Language::Korean,
            time_zone: "Asia/Seoul".parse().unwrap(),
            notify_email: false,
            notify_push: true,
            visibility: Visibility::Friends,
            gallery_showcase: true,
            content_filter: ContentFilter::Strict,
        };
        let read = asked(render_preferences(full.clone()), &["language", "time_zone"]).unwrap();
        assert_eq!(read.patch.values, full);
        assert_eq!(read.patch.names, ["language", "time_zone"]);
        let none = asked(pb::Preferences::default(), &["notify_email"]).unwrap();
        assert_eq!(none.patch.apply(&full), Preferences { notify_email: true, ..full });
        let wrong = pb::Preferences { time_zone: Some("Mars".to_owned()), ..Default::default() };
        assert!(asked(wrong, &["time_zone"]).is_err());
    }

    #[test]
    fn statuses_go_there_and_back() {
        for status in AccountStatus::ALL {
            assert_eq!(status_from_proto(status_to_proto(*status)), Some(*status));
        }
    }
}
