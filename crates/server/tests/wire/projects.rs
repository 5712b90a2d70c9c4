//! The rows of `ProjectService`, `ConversationService` and `FeatureService`.

use serde_json::{Value, json};

use super::cases::{check, is_barred};
use super::row::{Row, Step, Twice};

const PROJECT_GONE: &str = "PROJECT_NOT_FOUND";
const LINK_GONE: &str = "SHARE_LINK_NOT_FOUND";
const CONVERSATION_GONE: &str = "CONVERSATION_NOT_FOUND";
const FEATURE_GONE: &str = "FEATURE_NOT_FOUND";

pub(crate) const PROJECT: Step = Step::Call(
    "projects.v1.ProjectService/CreateProject",
    r#"{"user_id": "$user", "name": "Comics", "public": true}"#,
    &[("project", "project.id"), ("etag", "project.etag")],
);
pub(crate) const PROJECT_DELETED: Step = Step::Call(
    "projects.v1.ProjectService/DeleteProject",
    r#"{"user_id": "$user", "project_id": "$project"}"#,
    &[],
);
const PROJECT_RESTORED: Step = Step::Call(
    "projects.v1.ProjectService/RestoreProject",
    r#"{"user_id": "$user", "project_id": "$project"}"#,
    &[],
);
const LINK: Step = Step::Call(
    "projects.v1.ProjectService/CreateShareLink",
    r#"{"user_id": "$user", "project_id": "$project"}"#,
    &[("link", "share_link.id"), ("token", "token")],
);
const LINK_REVOKED: Step = Step::Call(
    "projects.v1.ProjectService/RevokeShareLink",
    r#"{"user_id": "$user", "share_link_id": "$link"}"#,
    &[],
);
pub(crate) const CONVERSATION: Step = Step::Call(
    "projects.v1.ConversationService/CreateConversation",
    r#"{"user_id": "$user", "project_id": "$project", "title": "Talk"}"#,
    &[("conversation", "conversation.id"), ("etag", "conversation.etag")],
);
const CONVERSATION_DELETED: Step = Step::Call(
    "projects.v1.ConversationService/DeleteConversation",
    r#"{"user_id": "$user", "conversation_id": "$conversation"}"#,
    &[],
);
const CONVERSATION_RESTORED: Step = Step::Call(
    "projects.v1.ConversationService/RestoreConversation",
    r#"{"user_id": "$user", "conversation_id": "$conversation"}"#,
    &[],
);
const FEATURE: Step = Step::Call(
    "projects.v1.FeatureService/CreateFeature",
    r#"{"user_id": "$user", "workspace": "w", "name": "Login"}"#,
    &[("feature", "feature.id"), ("etag", "feature.etag")],
);

/// Of a record of a user, with what may be wrong with its names.
pub(crate) fn named(row: Row, steps: &[Step], id: &'static str, gone: &'static str) -> Row {
    // Whoever changes something looks at the account first.
    let nobody = if is_barred(row.method) { "USER_NOT_FOUND" } else { gone };
    row.with(steps)
        .bad("user_id", "7")
        .bad(id, "7")
        .missing(id, gone)
        .others(gone)
        .nobody(Some(nobody))
}

fn of_user(method: &'static str, more: Value) -> Row {
    let mut good = json!({"user_id": "$user"});
    for (name, value) in more.as_object().expect("fields") {
        good[name] = value.clone();
    }
    Row::read(method, good).bad("user_id", "7").nobody(None)
}

fn project(method: &'static str, twice: Twice, steps: &[Step]) -> Row {
    let good = json!({"user_id": "$user", "project_id": "$project"});
    named(Row::write(method, good, twice), steps, "project_id", PROJECT_GONE)
}

fn conversation(method: &'static str, twice: Twice, steps: &[Step]) -> Row {
    let good = json!({"user_id": "$user", "conversation_id": "$conversation"});
    let row = Row::write(method, good, twice).with(&[PROJECT, CONVERSATION]);
    named(row, steps, "conversation_id", CONVERSATION_GONE)
}

fn feature(method: &'static str, twice: Twice) -> Row {
    let good = json!({"user_id": "$user", "feature_id": "$feature"});
    named(Row::write(method, good, twice), &[FEATURE], "feature_id", FEATURE_GONE)
}

pub(crate) fn rows() -> Vec<Row> {
    [projects(), links(), conversations(), features()].into_iter().flatten().collect()
}

fn projects() -> Vec<Row> {
    let deleted = &[PROJECT, PROJECT_DELETED];
    vec![
        Row::write(
            "projects.v1.ProjectService/CreateProject",
            json!({"user_id": "$user", "name": "Comics", "description": "Drawn\nby hand"}),
            Twice::Both,
        )
        .bad("user_id", "7")
        .bad("name", "")
        .bad("name", "two\nlines")
        .bad("description", " "),
        project("projects.v1.ProjectService/GetProject", Twice::Both, &[PROJECT]),
        of_user(
            "projects.v1.ProjectService/BatchGetProjects",
            json!({"project_ids": ["$project", "$nobody"]}),
        )
        .with(&[PROJECT])
        .bad("project_ids[1]", "7")
        .bad("project_ids", json!([])),
        of_user("projects.v1.ProjectService/ListProjects", json!({"show_deleted": true}))
            .with(&[PROJECT]),
        named(
            Row::write(
                "projects.v1.ProjectService/UpdateProject",
                json!({
                    "user_id": "$user", "project_id": "$project", "etag": "$etag",
                    "update_mask": "name,description,public",
                    "project": {"name": "Films", "description": "Shot", "public": false},
                }),
                Twice::Once("ETAG_MISMATCH"),
            ),
            &[PROJECT],
            "project_id",
            PROJECT_GONE,
        )
        .bad("project.name", "")
        .bad("project.description", " ")
        .bad("etag", "7")
        .bad_at("update_mask.paths[0]", "update_mask", "id")
        .bad_at("update_mask", "update_mask", "")
        .after(PROJECT_DELETED, "ETAG_MISMATCH"),
        project("projects.v1.ProjectService/DeleteProject", Twice::Both, &[PROJECT])
            .bad("etag", "7"),
        project("projects.v1.ProjectService/RestoreProject", Twice::Both, deleted).bad("etag", "7"),
        project("projects.v1.ProjectService/PurgeProject", Twice::Once(PROJECT_GONE), deleted)
            .bad("etag", "7")
            .after(PROJECT_RESTORED, "RECORD_NOT_DELETED"),
        project("projects.v1.ProjectService/ListProjectContents", Twice::Both, &[PROJECT]),
    ]
}

fn links() -> Vec<Row> {
    let link = json!({"user_id": "$user", "share_link_id": "$link"});
    vec![
        named(
            Row::write(
                "projects.v1.ProjectService/CreateShareLink",
                json!({
                    "user_id": "$user", "project_id": "$project", "expire_time": "$in_an_hour",
                }),
                Twice::Both,
            ),
            &[PROJECT],
            "project_id",
            PROJECT_GONE,
        )
        .bad("expire_time", "2020-01-01T00:00:00Z")
        .after(PROJECT_DELETED, "PROJECT_DELETED"),
        project("projects.v1.ProjectService/ListShareLinks", Twice::Both, &[PROJECT, LINK]),
        named(
            Row::write("projects.v1.ProjectService/RevokeShareLink", link, Twice::Both),
            &[PROJECT, LINK],
            "share_link_id",
            LINK_GONE,
        ),
        Row::read("projects.v1.ProjectService/GetSharedProject", json!({"token": "$token"}))
            .with(&[PROJECT, LINK])
            .bad("token", "7")
            .bad("token", "")
            .after(LINK_REVOKED, LINK_GONE)
            .after(PROJECT_DELETED, LINK_GONE),
        Row::read("projects.v1.ProjectService/ListPublicProjects", json!({})).with(&[PROJECT]),
    ]
}

fn conversations() -> Vec<Row> {
    let turn = json!({
        "user_id": "$user", "conversation_id": "$conversation",
        "kind": "TURN_KIND_IMAGE_GENERATION", "input": "A cat?", "response": "A cat.",
        "metadata": {"model": "studio"},
    });
    let named = |row: Row| {
        let row = row.with(&[PROJECT, CONVERSATION]);
        named(row, &[], "conversation_id", CONVERSATION_GONE)
    };
    vec![
        Row::write(
            "projects.v1.ConversationService/CreateConversation",
            json!({"user_id": "$user", "project_id": "$project", "title": "Talk"}),
            Twice::Both,
        )
        .with(&[PROJECT])
        .bad("user_id", "7")
        .bad("project_id", "7")
        .bad("title", "")
        .missing("project_id", PROJECT_GONE)
        .others(PROJECT_GONE)
        .after(PROJECT_DELETED, "PROJECT_DELETED"),
        conversation("projects.v1.ConversationService/GetConversation", Twice::Both, &[]),
        of_user(
            "projects.v1.ConversationService/ListConversations",
            json!({"project_id": "$project"}),
        )
        .with(&[PROJECT, CONVERSATION])
        .bad("project_id", "7"),
        named(Row::write(
            "projects.v1.ConversationService/RenameConversation",
            json!({
                "user_id": "$user", "conversation_id": "$conversation", "title": "Chat",
                "etag": "$etag",
            }),
            Twice::Once("ETAG_MISMATCH"),
        ))
        .bad("title", "")
        .bad("etag", "7"),
        named(Row::write("projects.v1.ConversationService/AppendTurn", turn, Twice::Both))
            .bad("kind", "TURN_KIND_UNSPECIFIED")
            .bad("input", "")
            .bad("response", " ")
            .after(CONVERSATION_DELETED, "RECORD_DELETED"),
        conversation("projects.v1.ConversationService/ListTurns", Twice::Both, &[]),
        conversation("projects.v1.ConversationService/DeleteConversation", Twice::Both, &[])
            .bad("etag", "7"),
        conversation(
            "projects.v1.ConversationService/RestoreConversation",
            Twice::Both,
            &[CONVERSATION_DELETED],
        )
        .bad("etag", "7"),
        conversation(
            "projects.v1.ConversationService/PurgeConversation",
            Twice::Once(CONVERSATION_GONE),
            &[CONVERSATION_DELETED],
        )
        .bad("etag", "7")
        .after(CONVERSATION_RESTORED, "RECORD_NOT_DELETED"),
    ]
}

fn features() -> Vec<Row> {
    vec![
        Row::write(
            "projects.v1.FeatureService/CreateFeature",
            json!({
                "user_id": "$user", "workspace": "w", "name": "Login", "description": "By mail",
                "tags": ["b", "a", "b"],
            }),
            Twice::Once("FEATURE_NAME_TAKEN"),
        )
        .bad("user_id", "7")
        .bad("workspace", "")
        .bad("name", " ")
        .bad("description", "")
        .bad("tags[1]", ""),
        feature("projects.v1.FeatureService/GetFeature", Twice::Both),
        of_user(
            "projects.v1.FeatureService/ListFeatures",
            json!({"workspace": "w", "name": "LOGIN", "tag": "a"}),
        )
        .with(&[FEATURE])
        .bad("workspace", "")
        .bad("name", "")
        .bad("tag", ""),
        named(
            Row::write(
                "projects.v1.FeatureService/UpdateFeature",
                json!({
                    "user_id": "$user", "feature_id": "$feature", "etag": "$etag",
                    "update_mask": "name,description,tags",
                    "feature": {"name": "Sign in", "description": "By mail", "tags": ["a"]},
                }),
                Twice::Once("ETAG_MISMATCH"),
            ),
            &[FEATURE],
            "feature_id",
            FEATURE_GONE,
        )
        .bad("feature.name", "")
        .bad("feature.tags[0]", "")
        .bad("etag", "7")
        .bad_at("update_mask.paths[0]", "update_mask", "workspace"),
        feature("projects.v1.FeatureService/DeleteFeature", Twice::Once(FEATURE_GONE))
            .bad("etag", "7"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_of_projects_keeps_its_promises() {
    check([projects(), links()].into_iter().flatten().collect()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_of_conversations_and_features_keeps_its_promises() {
    check([conversations(), features()].into_iter().flatten().collect()).await;
}
