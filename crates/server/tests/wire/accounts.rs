//! The rows of accounts, preferences and identities, and of `ProfileService`.

use serde_json::json;

use super::cases::check;
use super::row::{Row, Step, Twice};

const TWO_IDENTITIES: Step = Step::Call(
    "users.v1.UserService/AddIdentity",
    r#"{"user_id": "$user", "identity": {"issuer": "test", "subject": "$salt-second"}}"#,
    &[],
);
const READ: Step = Step::Call(
    "users.v1.UserService/GetUser",
    r#"{"user_id": "$user"}"#,
    &[("user_etag", "user.etag")],
);
const READ_PROFILE: Step = Step::Call(
    "users.v1.ProfileService/GetProfile",
    r#"{"user_id": "$user"}"#,
    &[("profile_etag", "profile.etag")],
);
const AWARDED: Step = Step::Call(
    "users.v1.ProfileService/AwardBadge",
    r#"{"user_id": "$user", "kind": "early_adopter"}"#,
    &[],
);
const SUSPENDED: Step = Step::Call(
    "users.v1.UserService/SetAccountStatus",
    r#"{"user_id": "$user", "status": "ACCOUNT_STATUS_SUSPENDED"}"#,
    &[],
);
const BANNED: Step = Step::Call(
    "users.v1.UserService/SetAccountStatus",
    r#"{"user_id": "$user", "status": "ACCOUNT_STATUS_BANNED"}"#,
    &[],
);

const PREFERENCES: &str = "language,timeZone,notifyEmail,notifyPush,visibility,galleryShowcase,\
    contentFilter";
const PROFILE: &str = "bio,websiteUrl,socialLinks,profession,company,industry,experience,useCases,\
    favouriteStyles";

pub(crate) fn rows() -> Vec<Row> {
    [users(), profiles()].concat()
}

fn users() -> Vec<Row> {
    let patch = json!({"email": "up-$salt@example.com", "display_name": "Up"});
    let identity = json!({"issuer": "test", "subject": "$salt-second"});
    let preferences = json!({
        "language": "LANGUAGE_KOREAN", "time_zone": "Asia/Seoul", "notify_email": false,
        "notify_push": true, "visibility": "VISIBILITY_PUBLIC", "gallery_showcase": true,
        "content_filter": "CONTENT_FILTER_STRICT",
    });
    let with_identity = |method, twice| {
        let good = json!({"user_id": "$user", "identity": identity});
        Row::write(method, good, twice)
            .bad("user_id", "7")
            .bad("identity.issuer", "")
            .bad("identity.subject", "a b")
            .after(SUSPENDED, "ACCOUNT_SUSPENDED")
    };
    vec![
        Row::write(
            "users.v1.UserService/UpsertUser",
            json!({
                "identity": {"issuer": "test", "subject": "up-$salt"}, "user": patch,
                "update_mask": "email,displayName,emailVerifiedTime",
            }),
            Twice::Both,
        )
        .bad("identity.issuer", "")
        .bad("user.email", "nobody")
        .bad_at("update_mask.paths[0]", "update_mask", "id"),
        Row::read("users.v1.UserService/BatchGetUsers", json!({"user_ids": ["$user", "$nobody"]}))
            .bad("user_ids", json!([]))
            .bad("user_ids[1]", "7"),
        Row::write("users.v1.UserService/RecordLogin", json!({"user_id": "$user"}), Twice::Both)
            .bad("user_id", "7")
            .after(BANNED, "ACCOUNT_BANNED"),
        with_identity("users.v1.UserService/AddIdentity", Twice::Both),
        with_identity("users.v1.UserService/RemoveIdentity", Twice::Once("IDENTITY_NOT_FOUND"))
            .with(&[TWO_IDENTITIES])
            .missing("identity.subject", "IDENTITY_NOT_FOUND"),
        Row::write(
            "users.v1.UserService/UpdatePreferences",
            json!({
                "user_id": "$user", "preferences": preferences, "update_mask": PREFERENCES,
                "etag": "$user_etag",
            }),
            Twice::Once("ETAG_MISMATCH"),
        )
        .with(&[READ])
        .bad("user_id", "7")
        .bad("preferences.language", 0)
        .bad("preferences.time_zone", "Mars/Olympus")
        .bad("preferences.visibility", 0)
        .bad("preferences.content_filter", 0)
        .bad("preferences", json!(null))
        .bad_at("update_mask.paths[0]", "update_mask", "email")
        .bad("etag", "7"),
        Row::write(
            "users.v1.UserService/SetAccountStatus",
            json!({
                "user_id": "$user", "status": "ACCOUNT_STATUS_SUSPENDED", "reason": "spam",
                "etag": "$user_etag",
            }),
            Twice::Once("ETAG_MISMATCH"),
        )
        .with(&[READ])
        .bad("user_id", "7")
        .bad("status", 0)
        .bad("reason", "x".repeat(501))
        .bad("etag", "7"),
    ]
}

fn profiles() -> Vec<Row> {
    let details = json!({
        "bio": "First.", "website_url": "https://example.com/", "social_links": {"twitter": "ada"},
        "profession": "Author", "company": "Engines", "industry": "Computing",
        "experience": "EXPERIENCE_ADVANCED", "use_cases": ["gaming"], "favourite_styles": ["anime"],
    });
    let badge = json!({"user_id": "$user", "kind": "early_adopter"});
    vec![
        Row::read("users.v1.ProfileService/GetProfile", json!({"user_id": "$user"}))
            .bad("user_id", "7"),
        Row::write(
            "users.v1.ProfileService/UpdateProfile",
            json!({
                "user_id": "$user", "details": details, "update_mask": PROFILE,
                "etag": "$profile_etag",
            }),
            Twice::Once("ETAG_MISMATCH"),
        )
        .with(&[READ_PROFILE])
        .bad("user_id", "7")
        .bad("details.bio", "x".repeat(2_001))
        .bad("details.website_url", "ftp://example.com")
        .bad("details.social_links", json!({"Twitter": "ada"}))
        .bad("details.profession", "")
        .bad("details.company", "x".repeat(201))
        .bad("details.industry", " ")
        .bad("details.experience", 0)
        .bad("details.use_cases", json!([""]))
        .bad("details.favourite_styles", json!(["x".repeat(65)]))
        .bad("details", json!(null))
        .bad_at("update_mask.paths[0]", "update_mask", "badges")
        .bad("etag", "7")
        .after(SUSPENDED, "ACCOUNT_SUSPENDED"),
        Row::write("users.v1.ProfileService/AwardBadge", badge.clone(), Twice::Both)
            .bad("user_id", "7")
            .bad("kind", ""),
        Row::write("users.v1.ProfileService/RevokeBadge", badge, Twice::Both)
            .with(&[AWARDED])
            .bad("user_id", "7")
            .bad("kind", "x".repeat(65)),
        Row::write(
            "users.v1.ProfileService/CountEngagement",
            json!({"user_id": "$user", "likes": 3, "downloads": -1}),
            Twice::Both,
        )
        .bad("user_id", "7"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_of_accounts_and_profiles_keeps_its_promises() {
    check(rows()).await;
}
