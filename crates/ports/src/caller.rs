//! Who makes the present call and from where, known to whatever the call awaits.
//!
//! A task-local for the reason that [`crate::deadline`] is one: every change is logged with it, and
//! nothing is decided by it.

use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;

use kernel::RequestId;
use users::activity::{Actor, Agent};

tokio::task_local! {
    static CALLER: Arc<Caller>;
}

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub actor: Actor,
    /// The end user's where the product's service tells it, else the service's own.
    pub address: Option<IpAddr>,
    pub agent: Option<Agent>,
    /// The id of the call in the server's log.
    pub request: Option<RequestId>,
}

impl Caller {
    /// Background work.
    pub const SYSTEM: Self =
        Self { actor: Actor::System, address: None, agent: None, request: None };
}

/// Runs `work` as a call of `caller`.
pub async fn scope<F: Future>(caller: Caller, work: F) -> F::Output {
    CALLER.scope(Arc::new(caller), work).await
}

/// The present caller; [`Caller::SYSTEM`] outside a call.
pub fn current() -> Arc<Caller> {
    CALLER.try_with(Arc::clone).unwrap_or_else(|_outside| Arc::new(Caller::SYSTEM))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn a_caller_is_known_inside_the_call_and_nowhere_else() {
        assert_eq!(*current(), Caller::SYSTEM);
        let key = kernel::ApiKeyId::from_uuid(Uuid::from_u128(1));
        let caller = Caller { actor: Actor::ApiKey(key), ..Caller::SYSTEM };
        let seen = scope(caller.clone(), async { current() }).await;
        assert_eq!(*seen, caller);
        assert_eq!(*current(), Caller::SYSTEM);
    }
}
