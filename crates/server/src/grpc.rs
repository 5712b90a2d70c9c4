//! The services, one file each. A handler parses, calls a use case and renders: five lines.
//!
//! No rule, no log line and no clock beyond page tokens lives here; layers do what all share.

mod access;
mod activity;
mod assets;
mod billing;
mod catalog;
mod conversations;
mod events;
mod features;
mod jobs;
mod ledger;
mod library;
mod models;
mod profiles;
mod projects;
mod streams;
mod users;

use ::access::Principal;
use tonic::{Request, Response, Status};

pub use access::ApiKeyApi;
pub use activity::ActivityApi;
pub use assets::AssetApi;
pub use billing::{PlanApi, PriceApi, QuotaApi, SubscriptionApi};
pub use catalog::CatalogApi;
pub use conversations::ConversationApi;
pub use events::EventApi;
pub use features::FeatureApi;
pub use jobs::JobApi;
pub use ledger::LedgerApi;
pub use library::LibraryApi;
pub use models::ModelApi;
pub use profiles::ProfileApi;
pub use projects::ProjectApi;
pub use users::UserApi;

use crate::status::{IntoStatus, Refusal};

/// What a handler answers.
type Reply<T> = Result<Response<T>, Status>;

/// Ends a step of a handler.
trait OrStatus<T> {
    fn or_status(self) -> Result<T, Status>;
}

impl<T, E: IntoStatus> OrStatus<T> for Result<T, E> {
    fn or_status(self) -> Result<T, Status> {
        self.map_err(IntoStatus::into_status)
    }
}

/// Who calls. The layers put it there for every method that is not public, so that its absence is
/// a bug and must not pass for anybody.
fn principal<T>(request: &Request<T>) -> Result<&Principal, Status> {
    request.extensions().get().ok_or_else(|| {
        tracing::error!("a call reached its handler without a principal");
        Refusal::internal().into_status()
    })
}
