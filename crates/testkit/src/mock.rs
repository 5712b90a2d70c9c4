//! Mocks of a whole store and a whole unit of work, for tests of the protocol between a use case
//! and its ports: the order of calls, commit or rollback, how often something is tried again.
//!
//! What a use case does to data is tested on the fake, never here.

use access::ApiKey;
use assets::Asset;
use async_trait::async_trait;
use billing::{
    AllowanceRow, Delivery, Event, Label, OperationType, OperationTypeId, Plan, PriceKey,
    PriceVersion, QuotaSettings, Slug, Take,
};
use catalog::{Character, Collection, Entry, Places, Scene, SceneImage, Theme, Variant};
use generation::{Gauge, Job, Model, ProviderName};
use kernel::{
    ApiKeyId, AssetId, CharacterId, CollectionId, ConversationId, Digest, Event as Happening,
    FeatureId, JobId, OutputId, PlanId, ProjectId, RequestId, SceneId, ShareLinkId,
    SubscriptionEventId, ThemeId, Timestamp, UserId, VariantId,
};
use ledger::{Account, Book, Changes};
use library::Output;
use mockall::mock;
use ports::{
    ActivityTx, ApiKeyTx, AssetTx, CharacterTx, CollectionTx, ConversationTx, EventTx, FeatureTx,
    GaugeTx, History, JobTx, LedgerTx, MadeFor, ModelTx, OutputTx, PlanTx, PriceTx, ProfileTx,
    ProjectTx, QuotaTx, SceneTx, Store, StoreError, SubscriptionTx, ThemeTx, Tx, UserTx, VariantTx,
    Wanted,
};
use projects::{Conversation, Feature, Project, ShareLink, Turn};
use users::activity::Activity;
use users::{AccountStatus, Identity, Profile, Standing, User};

mock! {
    pub Store {}

    #[async_trait]
    impl Store for Store {
        async fn begin(&self) -> Result<Box<dyn Tx>, StoreError>;
    }
}

mock! {
    pub Tx {}

    #[async_trait]
    impl Tx for Tx {
        async fn commit(self: Box<Self>) -> Result<(), StoreError>;
        async fn rollback(self: Box<Self>) -> Result<(), StoreError>;
    }

    #[async_trait]
    impl ActivityTx for Tx {
        async fn append_activity(&mut self, activity: &Activity) -> Result<(), StoreError>;
    }

    #[async_trait]
    impl ApiKeyTx for Tx {
        async fn insert_api_key(&mut self, key: &ApiKey) -> Result<(), StoreError>;
        async fn lock_api_key(&mut self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError>;
        async fn end_api_key(&mut self, key: &ApiKey) -> Result<(), StoreError>;
    }

    #[async_trait]
    impl AssetTx for Tx {
        async fn insert_asset(&mut self, asset: &Asset) -> Result<(), StoreError>;
        async fn lock_asset(
            &mut self,
            user: UserId,
            id: AssetId,
        ) -> Result<Option<Asset>, StoreError>;
        async fn update_asset(&mut self, asset: &Asset) -> Result<(), StoreError>;
        async fn share_assets(
            &mut self,
            user: UserId,
            ids: &[AssetId],
        ) -> Result<Vec<AssetId>, StoreError>;
        async fn delete_asset(&mut self, user: UserId, id: AssetId) -> Result<(), StoreError>;
        async fn find_made(&mut self, user: UserId, by: MadeFor) -> Result<Vec<AssetId>, StoreError>;
        async fn delete_unused(&mut self, user: UserId, ids: &[AssetId]) -> Result<(), StoreError>;
    }

    #[async_trait]
    impl ConversationTx for Tx {
        async fn insert_conversation(&mut self, conversation: &Conversation) -> Result<(), StoreError>;
        async fn lock_conversation(
            &mut self,
            user: UserId,
            id: ConversationId,
        ) -> Result<Option<Conversation>, StoreError>;
        async fn update_conversation(&mut self, conversation: &Conversation) -> Result<(), StoreError>;
        async fn purge_conversation(
            &mut self,
            user: UserId,
            id: ConversationId,
        ) -> Result<(), StoreError>;
        async fn append_turn(&mut self, turn: &Turn) -> Result<(), StoreError>;
    }

    #[async_trait]
    impl EventTx for Tx {
        async fn append_event(&mut self, event: &Happening) -> Result<(), StoreError>;
    }

    #[async_trait]
    impl GaugeTx for Tx {
        async fn lock_gauge(
            &mut self,
            provider: &ProviderName,
            now: Timestamp,
        ) -> Result<Gauge, StoreError>;
        async fn find_gauge(
            &mut self,
            provider: &ProviderName,
        ) -> Result<Option<Gauge>, StoreError>;
        async fn count_at_provider(&mut self, provider: &ProviderName) -> Result<u32, StoreError>;
        async fn put_gauge(&mut self, gauge: &Gauge) -> Result<(), StoreError>;
    }

    #[async_trait]
    impl JobTx for Tx {
        async fn find_job_by_request(
            &mut self,
            user: UserId,
            request: &RequestId,
        ) -> Result<Option<Job>, StoreError>;
        async fn insert_job(&mut self, job: &Job) -> Result<(), StoreError>;
        async fn lock_job(&mut self, user: UserId, id: JobId) -> Result<Option<Job>, StoreError>;
        async fn update_job(&mut self, job: &Job) -> Result<(), StoreError>;
        async fn wake_lane(&mut self, user: UserId, at: Timestamp) -> Result<(), StoreError>;
        async fn wake_waiting(&mut self, user: UserId, at: Timestamp) -> Result<(), StoreError>;
    }

    #[async_trait]
    impl ModelTx for Tx {
        async fn insert_model(&mut self, model: &Model) -> Result<bool, StoreError>;
        async fn lock_models(&mut self) -> Result<Vec<Model>, StoreError>;
        async fn update_model(&mut self, model: &Model) -> Result<(), StoreError>;
    }

    #[async_trait]
    impl FeatureTx for Tx {
        async fn insert_feature(&mut self, feature: &Feature) -> Result<(), StoreError>;
        async fn lock_feature(
            &mut self,
            user: UserId,
            id: FeatureId,
        ) -> Result<Option<Feature>, StoreError>;
        async fn update_feature(&mut self, feature: &Feature) -> Result<(), StoreError>;
        async fn delete_feature(&mut self, user: UserId, id: FeatureId) -> Result<(), StoreError>;
    }

    #[async_trait]
    impl LedgerTx for Tx {
        async fn lock_accounts(
            &mut self,
            users: &[UserId],
            now: Timestamp,
        ) -> Result<Vec<Account>, StoreError>;
        async fn lock_spenders(
            &mut self,
            users: &[UserId],
            now: Timestamp,
        ) -> Result<Vec<(Account, AccountStatus)>, StoreError>;
        async fn load_books(
            &mut self,
            accounts: Vec<Account>,
            wanted: &Wanted,
            now: Timestamp,
        ) -> Result<Vec<Book>, StoreError>;
        async fn apply_changes(&mut self, changes: &Changes) -> Result<(), StoreError>;
        async fn forget_account(
            &mut self,
            user: UserId,
            now: Timestamp,
        ) -> Result<bool, StoreError>;
    }

    #[async_trait]
    impl PriceTx for Tx {
        async fn lock_operation_type(
            &mut self,
            id: &OperationTypeId,
        ) -> Result<Option<OperationType>, StoreError>;
        async fn insert_operation_type(&mut self, new: &OperationType) -> Result<(), StoreError>;
        async fn update_operation_type(
            &mut self,
            changed: &OperationType,
        ) -> Result<(), StoreError>;
        async fn list_price_versions(
            &mut self,
            key: &PriceKey,
        ) -> Result<Vec<PriceVersion>, StoreError>;
        async fn insert_price_version(&mut self, version: &PriceVersion)
        -> Result<(), StoreError>;
    }

    #[async_trait]
    impl PlanTx for Tx {
        async fn lock_plan(&mut self, id: PlanId) -> Result<Option<Plan>, StoreError>;
        async fn insert_plan(&mut self, plan: &Plan) -> Result<(), StoreError>;
        async fn update_plan(&mut self, plan: &Plan) -> Result<(), StoreError>;
        async fn find_plan_by_external(
            &mut self,
            source: &Slug,
            id: &Label<255>,
        ) -> Result<Option<PlanId>, StoreError>;
    }

    #[async_trait]
    impl SubscriptionTx for Tx {
        async fn lock_identity(&mut self, identity: &Identity) -> Result<(), StoreError>;
        async fn take_event_key(
            &mut self,
            event: &Event,
            digest: Digest,
        ) -> Result<Option<(SubscriptionEventId, Digest)>, StoreError>;
        async fn insert_event(
            &mut self,
            user: UserId,
            delivery: &Delivery,
        ) -> Result<(), StoreError>;
        async fn insert_pending_event(
            &mut self,
            identity: &Identity,
            delivery: &Delivery,
        ) -> Result<(), StoreError>;
        async fn adopt_events(
            &mut self,
            identity: &Identity,
            user: UserId,
        ) -> Result<usize, StoreError>;
        async fn load_history(&mut self, user: UserId) -> Result<Option<History>, StoreError>;
        async fn list_allowances(
            &mut self,
            user: UserId,
            now: Timestamp,
        ) -> Result<Vec<AllowanceRow>, StoreError>;
        async fn put_allowance(&mut self, row: &AllowanceRow) -> Result<(), StoreError>;
    }

    #[async_trait]
    impl QuotaTx for Tx {
        async fn lock_quota(&mut self, user: UserId) -> Result<Option<QuotaSettings>, StoreError>;
        async fn update_quota(&mut self, settings: &QuotaSettings) -> Result<(), StoreError>;
        async fn find_take(
            &mut self,
            user: UserId,
            request: &RequestId,
        ) -> Result<Option<Take>, StoreError>;
        async fn put_take(&mut self, take: &Take) -> Result<(), StoreError>;
        async fn find_used(&mut self, user: UserId, start: Timestamp) -> Result<u32, StoreError>;
        async fn put_used(
            &mut self,
            user: UserId,
            start: Timestamp,
            used: u32,
        ) -> Result<(), StoreError>;
    }

    #[async_trait]
    impl OutputTx for Tx {
        async fn insert_output(&mut self, output: &Output) -> Result<(), StoreError>;
        async fn lock_output(
            &mut self,
            user: UserId,
            id: OutputId,
        ) -> Result<Option<Output>, StoreError>;
        async fn update_output(&mut self, output: &Output) -> Result<(), StoreError>;
        async fn deselect_output(
            &mut self,
            user: UserId,
            project: ProjectId,
            now: Timestamp,
        ) -> Result<Option<OutputId>, StoreError>;
        async fn purge_output(&mut self, user: UserId, id: OutputId) -> Result<(), StoreError>;
    }

    #[async_trait]
    impl ProjectTx for Tx {
        async fn insert_project(&mut self, project: &Project) -> Result<(), StoreError>;
        async fn lock_project(
            &mut self,
            user: UserId,
            id: ProjectId,
        ) -> Result<Option<Project>, StoreError>;
        async fn update_project(&mut self, project: &Project) -> Result<(), StoreError>;
        async fn purge_project(&mut self, user: UserId, id: ProjectId) -> Result<(), StoreError>;
        async fn insert_share_link(&mut self, link: &ShareLink) -> Result<(), StoreError>;
        async fn lock_share_link(
            &mut self,
            user: UserId,
            id: ShareLinkId,
        ) -> Result<Option<ShareLink>, StoreError>;
        async fn end_share_link(&mut self, link: &ShareLink) -> Result<(), StoreError>;
    }

    #[async_trait]
    impl CharacterTx for Tx {
        async fn lock_character(
            &mut self,
            user: UserId,
            id: CharacterId,
        ) -> Result<Option<Character>, StoreError>;
        async fn share_characters(
            &mut self,
            user: UserId,
            ids: &[CharacterId],
        ) -> Result<Vec<CharacterId>, StoreError>;
        async fn insert_character(
            &mut self,
            character: &Character,
            shown: bool,
        ) -> Result<(), StoreError>;
        async fn update_character(&mut self, character: &Character) -> Result<(), StoreError>;
        async fn purge_character(&mut self, user: UserId, id: CharacterId) -> Result<(), StoreError>;
        async fn show_characters(&mut self, user: UserId, shown: bool) -> Result<(), StoreError>;
    }

    #[async_trait]
    impl CollectionTx for Tx {
        async fn lock_collection(
            &mut self,
            user: UserId,
            id: CollectionId,
        ) -> Result<Option<Collection>, StoreError>;
        async fn insert_collection(&mut self, collection: &Collection) -> Result<(), StoreError>;
        async fn update_collection(&mut self, collection: &Collection) -> Result<(), StoreError>;
        async fn delete_collection(&mut self, user: UserId, id: CollectionId)
        -> Result<(), StoreError>;
        async fn find_places(
            &mut self,
            user: UserId,
            id: CollectionId,
            before: Option<CharacterId>,
        ) -> Result<Option<Places>, StoreError>;
        async fn renumber_entries(
            &mut self,
            user: UserId,
            id: CollectionId,
            step: i64,
        ) -> Result<(), StoreError>;
        async fn insert_entry(
            &mut self,
            user: UserId,
            id: CollectionId,
            entry: &Entry,
        ) -> Result<(), StoreError>;
        async fn delete_entry(
            &mut self,
            user: UserId,
            id: CollectionId,
            character: CharacterId,
        ) -> Result<bool, StoreError>;
    }

    #[async_trait]
    impl ProfileTx for Tx {
        async fn load_profile(&mut self, user: UserId) -> Result<Option<Profile>, StoreError>;
        async fn store_profile(&mut self, profile: &Profile) -> Result<(), StoreError>;
    }

    #[async_trait]
    impl SceneTx for Tx {
        async fn lock_scene(&mut self, user: UserId, id: SceneId) -> Result<Option<Scene>, StoreError>;
        async fn insert_scene(&mut self, scene: &Scene) -> Result<(), StoreError>;
        async fn update_scene(&mut self, scene: &Scene, recast: bool) -> Result<(), StoreError>;
        async fn delete_scene(&mut self, user: UserId, id: SceneId) -> Result<(), StoreError>;
        async fn insert_scene_image(
            &mut self,
            user: UserId,
            id: SceneId,
            image: &SceneImage,
        ) -> Result<(), StoreError>;
        async fn delete_scene_image(
            &mut self,
            user: UserId,
            id: SceneId,
            asset: AssetId,
        ) -> Result<bool, StoreError>;
    }

    #[async_trait]
    impl ThemeTx for Tx {
        async fn lock_theme(&mut self, user: UserId, id: ThemeId) -> Result<Option<Theme>, StoreError>;
        async fn count_themes(
            &mut self,
            user: UserId,
            character: CharacterId,
        ) -> Result<u64, StoreError>;
        async fn insert_theme(&mut self, theme: &Theme) -> Result<(), StoreError>;
        async fn update_theme(&mut self, theme: &Theme) -> Result<(), StoreError>;
        async fn delete_theme(&mut self, user: UserId, id: ThemeId) -> Result<(), StoreError>;
    }

    #[async_trait]
    impl VariantTx for Tx {
        async fn lock_variant(
            &mut self,
            user: UserId,
            id: VariantId,
        ) -> Result<Option<Variant>, StoreError>;
        async fn count_variants(
            &mut self,
            user: UserId,
            theme: ThemeId,
        ) -> Result<(u64, i32), StoreError>;
        async fn insert_variant(&mut self, variant: &Variant) -> Result<(), StoreError>;
        async fn update_variant(&mut self, variant: &Variant) -> Result<(), StoreError>;
        async fn delete_variant(&mut self, user: UserId, id: VariantId) -> Result<(), StoreError>;
    }

    #[async_trait]
    impl UserTx for Tx {
        async fn lock_user(&mut self, id: UserId) -> Result<Option<User>, StoreError>;
        async fn find_user_by_identity(
            &mut self,
            identity: &Identity,
        ) -> Result<Option<User>, StoreError>;
        async fn insert_user(&mut self, user: &User) -> Result<(), StoreError>;
        async fn update_user(&mut self, user: &User) -> Result<(), StoreError>;
        async fn share_user(&mut self, id: UserId) -> Result<Option<Standing>, StoreError>;
        async fn insert_identity(
            &mut self,
            id: UserId,
            identity: &Identity,
        ) -> Result<(), StoreError>;
        async fn delete_identity(
            &mut self,
            id: UserId,
            identity: &Identity,
        ) -> Result<(), StoreError>;
        async fn delete_user(&mut self, id: UserId) -> Result<(), StoreError>;
    }
}

impl MockStore {
    /// A store that begins these units of work, in this order, and no other.
    pub fn of(units: impl IntoIterator<Item = MockTx>) -> Self {
        let mut store = Self::new();
        let mut order = mockall::Sequence::new();
        for tx in units {
            let begin = store.expect_begin().times(1).in_sequence(&mut order);
            begin.return_once(move || Ok(Box::new(tx)));
        }
        store
    }
}

impl MockTx {
    /// A unit of work that must be committed.
    pub fn committed() -> Self {
        let mut tx = Self::new();
        tx.expect_commit().times(1).returning(|| Ok(()));
        tx
    }

    /// A unit of work that must be rolled back.
    pub fn rolled_back() -> Self {
        let mut tx = Self::new();
        tx.expect_rollback().times(1).returning(|| Ok(()));
        tx
    }
}
