//! Conversations: what a user said and what came back, turn by turn. Turns are numbered without
//! gaps and never change.

use kernel::{ConversationId, Json, Life, Line, Position, ProjectId, Prose, Timestamp, UserId};

/// Also CHECK `conversations_title_valid`.
pub type ConversationTitle = Line<200>;

/// What was said, by either side. Also CHECKs `conversation_turns_input_valid` and `_response_valid`:
/// twice the longest answer that models give.
pub type TurnText = Prose<100_000>;

/// More about a turn.
pub type TurnMetadata = Json<16_384>;

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    pub id: ConversationId,
    pub user: UserId,
    pub project: Option<ProjectId>,
    pub title: Option<ConversationTitle>,
    /// How many turns it has, which is the number of the last.
    pub turns: u32,
    pub life: Life,
}

/// What a turn is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TurnKind {
    ConceptGeneration,
    WebResearch,
    ContentSummary,
    VideoSegmentation,
    ImageGeneration,
    VideoGeneration,
    VoiceoverGeneration,
    CharacterGeneration,
    GeneralChat,
}

/// One turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    pub user: UserId,
    pub conversation: ConversationId,
    /// 1, 2, 3, …
    pub number: u32,
    pub kind: TurnKind,
    pub input: TurnText,
    pub response: TurnText,
    pub metadata: Option<TurnMetadata>,
    pub created_at: Timestamp,
}

impl Conversation {
    /// Where the conversation stands in lists.
    pub fn position(&self) -> Position<ConversationId> {
        Position { created_at: self.life.created_at, id: self.id }
    }
}

impl TurnKind {
    pub const ALL: [Self; 9] = [
        Self::ConceptGeneration,
        Self::WebResearch,
        Self::ContentSummary,
        Self::VideoSegmentation,
        Self::ImageGeneration,
        Self::VideoGeneration,
        Self::VoiceoverGeneration,
        Self::CharacterGeneration,
        Self::GeneralChat,
    ];

    /// The name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConceptGeneration => "concept_generation",
            Self::WebResearch => "web_research",
            Self::ContentSummary => "content_summary",
            Self::VideoSegmentation => "video_segmentation",
            Self::ImageGeneration => "image_generation",
            Self::VideoGeneration => "video_generation",
            Self::VoiceoverGeneration => "voiceover_generation",
            Self::CharacterGeneration => "character_generation",
            Self::GeneralChat => "general_chat",
        }
    }
}
