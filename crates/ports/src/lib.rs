//! What the use cases need from the world, as small traits, and how it can fail them.
//!
//! Nothing here thinks: a trait states a contract, an adapter keeps it, and the contract suites of
//! `testkit` hold every adapter and the in-memory fake to it.

mod activity;
mod api_keys;
mod assets;
mod authenticator;
mod billing;
pub mod caller;
mod catalog;
pub mod clock;
mod darkroom;
pub mod deadline;
mod fetcher;
mod jobs;
mod ledger;
mod library;
mod media;
mod profiles;
mod projects;
mod provider;
mod store;
mod users;

pub use activity::{
    ACTIVITIES_USER_FKEY, ActivityFilter, ActivityKeeping, ActivityReads, ActivityTx,
};
#[cfg(feature = "mock")]
pub use activity::{MockActivityKeeping, MockActivityReads, MockActivityTx};
pub use api_keys::{ApiKeyReads, ApiKeyTx};
#[cfg(feature = "mock")]
pub use api_keys::{MockApiKeyReads, MockApiKeyTx};
pub use assets::{ASSETS_USER_FKEY, AssetFilter, AssetKeeping, AssetReads, AssetTx, MadeFor};
#[cfg(feature = "mock")]
pub use assets::{MockAssetKeeping, MockAssetReads, MockAssetTx};
pub use authenticator::Authenticator;
pub use billing::{
    History, OPERATION_TYPES_PKEY, PLAN_EXTERNAL_IDS_UNIQUE, PlanPlace, PlanReads, PlanTx,
    PriceReads, PriceTx, QuotaReads, QuotaTx, SubscriptionReads, SubscriptionTx,
};
pub use catalog::{
    COLLECTION_ENTRIES_PKEY, CharacterReads, CharacterTx, CollectionReads, CollectionTx,
    EntryPosition, SCENE_IMAGES_PKEY, SceneReads, SceneTx, THEMES_NAME_UNIQUE, ThemeReads, ThemeTx,
    VariantTx,
};
#[cfg(feature = "mock")]
pub use catalog::{
    MockCharacterReads, MockCharacterTx, MockCollectionReads, MockCollectionTx, MockSceneReads,
    MockSceneTx, MockThemeReads, MockThemeTx, MockVariantTx,
};
pub use clock::{Clock, Ids};
#[cfg(feature = "mock")]
pub use darkroom::MockDarkroom;
pub use darkroom::{Darkroom, DarkroomError, Developed, Print, SHEET_VIEWS, Thumbnail};
#[cfg(feature = "mock")]
pub use fetcher::MockFetcher;
pub use fetcher::{FetchError, Fetched, Fetcher};
pub use jobs::{
    Claim, EventFilter, EventReads, EventTx, GaugeTx, JOBS_CONVERSATION_FKEY, JOBS_PROJECT_FKEY,
    JOBS_REQUEST_UNIQUE, JobFilter, JobQueue, JobReads, JobTx, ModelReads, ModelTx,
};
#[cfg(feature = "mock")]
pub use jobs::{
    MockEventReads, MockEventTx, MockGaugeTx, MockJobQueue, MockJobReads, MockJobTx,
    MockModelReads, MockModelTx,
};
pub use ledger::{
    Audit, EntrySum, LedgerReads, LedgerTx, Standing, TransactionFilter, Usage, UsageBy, Wanted,
};
#[cfg(feature = "mock")]
pub use library::{MockOutputReads, MockOutputTx};
pub use library::{OUTPUTS_USER_FKEY, OutputFilter, OutputReads, OutputTx};
pub use media::{
    ListedObject, Listing, MediaError, MediaKey, MediaKeyError, MediaObject, MediaStore,
    PresignedPut, UploadTerms,
};
#[cfg(feature = "mock")]
pub use profiles::{MockProfileReads, MockProfileTx};
pub use profiles::{ProfileReads, ProfileTx};
pub use projects::{
    CONVERSATIONS_USER_FKEY, ConversationFilter, ConversationReads, ConversationTx,
    FEATURES_NAME_UNIQUE, FEATURES_USER_FKEY, FeatureFilter, FeatureReads, FeatureTx,
    PROJECTS_USER_FKEY, ProjectFilter, ProjectReads, ProjectTx, TurnFilter,
};
#[cfg(feature = "mock")]
pub use projects::{
    MockConversationReads, MockConversationTx, MockFeatureReads, MockFeatureTx, MockProjectReads,
    MockProjectTx,
};
#[cfg(feature = "mock")]
pub use provider::MockProvider;
pub use provider::Provider;
pub use store::{AsStoreError, Cause, Store, StoreError, Tx, finish, retry};

#[cfg(feature = "mock")]
pub use ledger::{MockLedgerReads, MockLedgerTx};
#[cfg(feature = "mock")]
pub use media::MockMediaStore;
#[cfg(feature = "mock")]
pub use users::{MockUserReads, MockUserTx};
pub use users::{
    USER_IDENTITIES_PKEY, USERS_EMAIL_UNIQUE, USERS_USERNAME_UNIQUE, UserFilter, UserReads, UserTx,
};
