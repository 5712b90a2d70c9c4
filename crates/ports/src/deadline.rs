//! The moment by which the present call must be over, known to whatever the call awaits.
//!
//! A task-local rather than a parameter: every port call is bounded by it, and a parameter that
//! every function only hands on would tell a reader nothing.

use std::future::Future;
use std::time::{Duration, Instant};

tokio::task_local! {
    static DEADLINE: Instant;
}

/// Runs `work` as a call that must be over by `deadline`.
pub async fn scope<F: Future>(deadline: Instant, work: F) -> F::Output {
    DEADLINE.scope(deadline, work).await
}

/// The present call's deadline. `None` outside a call, as in background work.
pub fn current() -> Option<Instant> {
    DEADLINE.try_with(|deadline| *deadline).ok()
}

/// How long the present call still has. `None` outside a call.
pub fn remaining() -> Option<Duration> {
    current().map(|deadline| deadline.saturating_duration_since(Instant::now()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_deadline_is_known_inside_its_call_and_nowhere_else() {
        assert_eq!(current(), None);
        let deadline = Instant::now() + Duration::from_secs(3);
        let seen = scope(deadline, async { current() }).await;
        assert_eq!(seen, Some(deadline));
        assert_eq!(current(), None);
    }
}
