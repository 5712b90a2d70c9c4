//! What the products' own documents ask to be kept has a column here, of a type that holds it.
//! One line a field: whoever adds a table adds the fields that it is the home of.

use std::collections::BTreeMap;

use crate::contract::fixture::fixture;

/// What kind of value a document asks for, and the types that hold it.
#[derive(Debug, Clone, Copy)]
enum Asked {
    Id,
    Text,
    Json,
    Whole,
    Flag,
    Credits,
    Moment,
}

impl Asked {
    const fn held_by(self) -> &'static [&'static str] {
        match self {
            Self::Id => &["uuid"],
            Self::Text => &["text"],
            Self::Json => &["jsonb"],
            Self::Whole => &["bigint", "integer"],
            Self::Flag => &["boolean"],
            Self::Credits => &["numeric(12,2)"],
            Self::Moment => &["timestamp with time zone"],
        }
    }
}

/// Entity, field, what is asked for, whether it may be absent, and the column that has it.
const FIELDS: &[(&str, &str, Asked, bool, &str)] = &[
    ("User", "id", Asked::Id, false, "users.id"),
    ("User", "email", Asked::Text, true, "users.email"),
    ("User", "name", Asked::Text, true, "users.display_name"),
    ("User", "avatar", Asked::Text, true, "users.avatar_url"),
    ("User", "username", Asked::Text, true, "users.username"),
    ("User", "firstName", Asked::Text, true, "users.first_name"),
    ("User", "lastName", Asked::Text, true, "users.last_name"),
    ("User", "googleId", Asked::Text, false, "user_identities.subject"),
    ("User", "createdAt", Asked::Moment, false, "users.created_at"),
    ("User", "updatedAt", Asked::Moment, false, "users.updated_at"),
    ("User", "credits", Asked::Credits, false, "ledger_accounts.available"),
    ("User", "creditVersion", Asked::Whole, false, "ledger_accounts.version"),
    ("User", "totalCreditsEarned", Asked::Credits, false, "ledger_accounts.earned"),
    ("User", "totalCreditsSpent", Asked::Credits, false, "ledger_accounts.spent"),
    ("User", "lastCreditUpdate", Asked::Moment, false, "ledger_accounts.updated_at"),
    ("CreditTransaction", "id", Asked::Id, false, "ledger_transactions.id"),
    ("CreditTransaction", "userId", Asked::Id, false, "ledger_transactions.user_id"),
    ("CreditTransaction", "amount", Asked::Credits, false, "ledger_transactions.amount"),
    (
        "CreditTransaction",
        "balanceAfter",
        Asked::Credits,
        false,
        "ledger_transactions.balance_after",
    ),
    ("CreditTransaction", "type", Asked::Text, false, "ledger_transactions.kind"),
    ("CreditTransaction", "status", Asked::Text, false, "ledger_transactions.status"),
    ("CreditTransaction", "operationType", Asked::Text, true, "ledger_transactions.operation_type"),
    ("CreditTransaction", "modelUsed", Asked::Text, true, "ledger_transactions.model"),
    ("CreditTransaction", "operationId", Asked::Text, true, "ledger_transactions.operation_id"),
    ("CreditTransaction", "isEditCall", Asked::Flag, false, "ledger_transactions.edit_price"),
    ("CreditTransaction", "metadata", Asked::Json, true, "ledger_transactions.metadata"),
    ("CreditTransaction", "description", Asked::Text, true, "ledger_transactions.description"),
    ("CreditTransaction", "createdAt", Asked::Moment, false, "ledger_transactions.created_at"),
    ("CreditTransaction", "processedAt", Asked::Moment, true, "ledger_transactions.processed_at"),
    ("UserActivityLog", "id", Asked::Id, false, "activities.id"),
    ("UserActivityLog", "userId", Asked::Id, false, "activities.user_id"),
    ("UserActivityLog", "action", Asked::Text, false, "activities.action"),
    ("UserActivityLog", "details", Asked::Json, true, "activities.details"),
    ("UserActivityLog", "ipAddress", Asked::Text, true, "activities.address"),
    ("UserActivityLog", "userAgent", Asked::Text, true, "activities.agent"),
    ("UserActivityLog", "createdAt", Asked::Moment, false, "activities.at"),
    ("StorageObject", "id", Asked::Id, false, "assets.id"),
    ("StorageObject", "userId", Asked::Id, false, "assets.user_id"),
    ("StorageObject", "provider", Asked::Text, false, "assets.provider"),
    ("StorageObject", "url", Asked::Text, true, "assets.url"),
    ("StorageObject", "pathname", Asked::Text, true, "assets.path"),
    ("StorageObject", "name", Asked::Text, false, "assets.name"),
    ("StorageObject", "contentType", Asked::Text, true, "assets.content_type"),
    ("StorageObject", "size", Asked::Whole, true, "assets.bytes"),
    ("StorageObject", "deletedAt", Asked::Moment, true, "assets.deleted_at"),
    ("StorageObject", "createdAt", Asked::Moment, false, "assets.created_at"),
    ("StorageObject", "updatedAt", Asked::Moment, false, "assets.updated_at"),
    ("Project", "id", Asked::Id, false, "projects.id"),
    ("Project", "userId", Asked::Id, false, "projects.user_id"),
    ("Project", "name", Asked::Text, false, "projects.name"),
    ("Project", "description", Asked::Text, true, "projects.description"),
    ("Project", "isPublic", Asked::Flag, false, "projects.public"),
    ("Project", "createdAt", Asked::Moment, false, "projects.created_at"),
    ("Project", "updatedAt", Asked::Moment, false, "projects.updated_at"),
    ("ConversationHistory", "id", Asked::Id, false, "conversation_turns.conversation_id"),
    ("ConversationHistory", "type", Asked::Text, false, "conversation_turns.kind"),
    ("ConversationHistory", "userInput", Asked::Text, false, "conversation_turns.input"),
    ("ConversationHistory", "response", Asked::Text, false, "conversation_turns.response"),
    ("ConversationHistory", "metadata", Asked::Json, true, "conversation_turns.metadata"),
    ("ConversationHistory", "projectId", Asked::Id, true, "conversations.project_id"),
    ("ConversationHistory", "userId", Asked::Id, false, "conversation_turns.user_id"),
    ("ConversationHistory", "createdAt", Asked::Moment, false, "conversation_turns.created_at"),
    ("Feature", "id", Asked::Id, false, "features.id"),
    ("Feature", "workspaceId", Asked::Text, false, "features.workspace"),
    ("Feature", "name", Asked::Text, false, "features.name"),
    ("Feature", "description", Asked::Text, true, "features.description"),
    ("Feature", "createdAt", Asked::Moment, false, "features.created_at"),
    ("Feature", "updatedAt", Asked::Moment, false, "features.updated_at"),
    ("VideoConcept", "id", Asked::Id, false, "outputs.id"),
    ("VideoConcept", "userId", Asked::Id, false, "outputs.user_id"),
    ("VideoConcept", "projectId", Asked::Id, true, "outputs.project_id"),
    ("VideoConcept", "creditTransactionId", Asked::Id, true, "outputs.transaction_id"),
    ("VideoConcept", "createdAt", Asked::Moment, false, "outputs.created_at"),
    ("VideoConcept", "prompt", Asked::Text, false, "outputs.prompt"),
    ("VideoConcept", "webInfo", Asked::Text, true, "output_concepts.web_info"),
    ("VideoConcept", "title", Asked::Text, false, "output_concepts.title"),
    ("VideoConcept", "concept", Asked::Text, false, "output_concepts.concept"),
    ("VideoConcept", "tone", Asked::Text, false, "output_concepts.tone"),
    ("VideoConcept", "goal", Asked::Text, false, "output_concepts.goal"),
    ("WebResearchQuery", "prompt", Asked::Text, false, "outputs.prompt"),
    ("WebResearchQuery", "response", Asked::Text, false, "output_researches.response"),
    ("ContentSummary", "originalContent", Asked::Text, false, "output_summaries.original"),
    ("ContentSummary", "userInput", Asked::Text, false, "outputs.prompt"),
    ("ContentSummary", "summary", Asked::Text, false, "output_summaries.summary"),
    ("VideoSegmentation", "concept", Asked::Text, false, "output_segmentations.concept"),
    (
        "VideoSegmentation",
        "negativePrompt",
        Asked::Text,
        true,
        "output_segmentations.negative_prompt",
    ),
    ("VideoSegmentation", "artStyle", Asked::Text, true, "outputs.art_style"),
    ("VideoSegmentation", "model", Asked::Text, true, "outputs.model"),
    ("VideoSegmentation", "isSelected", Asked::Flag, false, "outputs.selected"),
    ("VideoSegment", "segmentId", Asked::Text, false, "output_segments.label"),
    ("VideoSegment", "visual", Asked::Text, false, "output_segments.visual"),
    ("VideoSegment", "narration", Asked::Text, false, "output_segments.narration"),
    ("VideoSegment", "animation", Asked::Text, false, "output_segments.animation"),
    ("GeneratedImage", "visualPrompt", Asked::Text, false, "outputs.prompt"),
    ("GeneratedImage", "uuid", Asked::Text, true, "outputs.run"),
    ("GeneratedImage", "success", Asked::Flag, false, "outputs.success"),
    ("GeneratedImage", "s3Key", Asked::Id, true, "output_images.image_asset_id"),
    ("GeneratedImage", "message", Asked::Text, true, "outputs.message"),
    ("GeneratedImage", "imageSizeBytes", Asked::Whole, true, "output_images.size_bytes"),
    ("GeneratedVideo", "animationPrompt", Asked::Text, false, "outputs.prompt"),
    ("GeneratedVideo", "imageS3Key", Asked::Id, false, "output_video_sources.image_asset_id"),
    ("GeneratedVideo", "totalVideos", Asked::Whole, true, "output_videos.total"),
    ("GeneratedVideoFile", "s3Key", Asked::Id, false, "output_video_files.video_asset_id"),
    ("GeneratedVoiceover", "narrationPrompt", Asked::Text, false, "outputs.prompt"),
    ("GeneratedVoiceover", "s3Key", Asked::Id, true, "output_voiceovers.audio_asset_id"),
    ("CharacterGeneration", "name", Asked::Text, true, "output_characters.name"),
    ("CharacterGeneration", "description", Asked::Text, true, "output_characters.description"),
    (
        "CharacterGeneration",
        "referenceImages",
        Asked::Id,
        false,
        "output_character_views.image_asset_id",
    ),
    (
        "CharacterGeneration",
        "spriteSheetS3Key",
        Asked::Id,
        true,
        "output_characters.sprite_sheet_asset_id",
    ),
    (
        "CharacterGeneration",
        "finalCharacterS3Key",
        Asked::Id,
        true,
        "output_characters.final_asset_id",
    ),
    ("Conversion", "type", Asked::Text, false, "outputs.kind"),
    ("Conversion", "inputText", Asked::Text, false, "outputs.prompt"),
    ("Conversion", "parameters", Asked::Json, true, "outputs.parameters"),
    ("Conversion", "errorMessage", Asked::Text, true, "outputs.message"),
    ("Conversion", "startedAt", Asked::Moment, true, "outputs.started_at"),
    ("Conversion", "completedAt", Asked::Moment, true, "outputs.completed_at"),
    ("Image", "width", Asked::Whole, true, "output_images.width"),
    ("Image", "height", Asked::Whole, true, "output_images.height"),
    ("Image", "format", Asked::Text, true, "output_images.format"),
    ("Image", "style", Asked::Text, true, "outputs.art_style"),
    ("Image", "aspectRatio", Asked::Text, true, "output_images.aspect_ratio"),
    ("Image", "thumbnailUrl", Asked::Id, true, "output_images.thumbnail_asset_id"),
    ("Video", "duration", Asked::Whole, true, "output_video_files.duration_ms"),
    ("Video", "width", Asked::Whole, true, "output_video_files.width"),
    ("Video", "height", Asked::Whole, true, "output_video_files.height"),
    ("Video", "format", Asked::Text, true, "output_video_files.format"),
    ("Video", "thumbnailUrl", Asked::Id, true, "output_video_files.thumbnail_asset_id"),
    ("ImageToVideoMapping", "imageId", Asked::Id, true, "output_video_sources.image_output_id"),
    ("ImageToVideoMapping", "sequenceOrder", Asked::Whole, false, "output_video_sources.number"),
    ("ImageToVideoMapping", "durationMs", Asked::Whole, true, "output_video_sources.duration_ms"),
    ("Generation", "characterId", Asked::Id, true, "output_characters.character_id"),
    ("Generation", "batchSize", Asked::Whole, true, "output_characters.batch_size"),
];

/// Lists that the documents ask for, and the index that each is read from.
const LISTS: &[(&str, &str, &str)] = &[
    ("users, newest first", "users", "(created_at DESC, id DESC)"),
    ("a user by email", "users", "(email_key)"),
    ("a user's files, newest first", "assets", "(user_id, created_at DESC, id DESC)"),
    ("a user's files of a provider", "assets", "(user_id, provider, created_at DESC, id DESC)"),
    ("a user's log, newest first", "activities", "(user_id, at DESC, id DESC)"),
    ("a user's projects, newest first", "projects", "(user_id, created_at DESC, id DESC)"),
    (
        "a user's features of a workspace",
        "features",
        "(user_id, workspace, created_at DESC, id DESC)",
    ),
    ("what was made in a project", "outputs", "(user_id, project_id, created_at DESC, id DESC)"),
    ("what was made of a kind", "outputs", "(user_id, kind, created_at DESC, id DESC)"),
    ("what was made for a character", "output_characters", "(user_id, character_id)"),
    ("the pictures of a video", "output_video_sources", "(user_id, output_id, number)"),
    ("a user's log of an action", "activities", "(user_id, action, at DESC, id DESC)"),
    // The ids are of the moments of creation, so their order is that of time.
    ("a user's transactions by time", "ledger_transactions", "(user_id, id)"),
];

#[tokio::test]
async fn every_field_of_the_documents_has_a_column_that_holds_it() {
    let store = fixture().await;
    let client = store.database.client().await;
    let columns = client
        .query(
            "SELECT r.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod), \
             NOT a.attnotnull FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid \
             WHERE r.relnamespace = 'public'::regnamespace AND r.relkind IN ('r', 'p') \
             AND a.attnum > 0 AND NOT a.attisdropped",
            &[],
        )
        .await
        .unwrap();
    let columns: BTreeMap<String, (String, bool)> =
        columns.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect();
    for (entity, field, asked, may_be_absent, home) in FIELDS {
        let found = columns.get(*home);
        let (kind, nullable) = found.unwrap_or_else(|| panic!("{entity}.{field}: no {home}"));
        let held = asked.held_by().contains(&kind.as_str());
        assert!(held, "{entity}.{field} asks for {asked:?}, {home} is {kind}");
        assert_eq!(nullable, may_be_absent, "{entity}.{field}: whether {home} may be null");
    }
}

#[tokio::test]
async fn every_list_of_the_documents_has_an_index_in_its_order() {
    let store = fixture().await;
    let client = store.database.client().await;
    for (list, table, index) in LISTS {
        let rows = client
            .query("SELECT indexdef FROM pg_indexes WHERE tablename = $1", &[table])
            .await
            .unwrap();
        let indexes: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        assert!(indexes.iter().any(|found| found.contains(index)), "{list}: {indexes:#?}");
    }
}
