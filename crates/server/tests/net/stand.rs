//! A server on a free port with the probe in it and a fake authenticator.

use std::sync::Arc;
use std::time::Duration;

use access::{Denial, Principal, Scope, Scopes};
use async_trait::async_trait;
use ports::{Authenticator, StoreError};
use server::health::Readiness;
use server::net::drain::Drain;
use server::serve::{DrainOptions, Parts, Running, ServeOptions, serve};
use tonic::service::Routes;

use super::client::Wire;
use super::probe::{Gate, Probe, methods};

pub(crate) const KEY_ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

struct Fake;

#[async_trait]
impl Authenticator for Fake {
    async fn authenticate(
        &self,
        credential: &str,
    ) -> Result<Result<Principal, Denial>, StoreError> {
        let with = |scopes: Scopes| {
            let key = KEY_ID.parse().unwrap();
            Ok(Ok(Principal::Service { key, name: "a test".into(), scopes }))
        };
        match credential {
            "good" => with(Scopes::all()),
            "keys-only" => with([Scope::KeysAdmin].into_iter().collect()),
            "expired" => Ok(Err(Denial::Expired)),
            "revoked" => Ok(Err(Denial::Revoked)),
            "broken" => Err(StoreError::Unavailable("connection refused by 10.0.0.1".into())),
            "panics" => panic!("an authenticator's bug"),
            _ => Ok(Err(Denial::Invalid)),
        }
    }
}

pub(crate) struct Stand {
    pub(crate) running: Running,
    pub(crate) readiness: Readiness,
    pub(crate) drain: Drain,
    pub(crate) gate: Gate,
}

pub(crate) fn options() -> ServeOptions {
    ServeOptions {
        listen: "127.0.0.1:0".parse().unwrap(),
        drain: DrainOptions { lame_duck: Duration::ZERO, finish: Duration::from_secs(10) },
        ..ServeOptions::default()
    }
}

pub(crate) fn parts() -> (Parts, Gate) {
    let gate = Gate::new();
    let parts = Parts {
        routes: Routes::new(Probe(gate.clone())),
        methods: methods(),
        authenticator: Arc::new(Fake),
        readiness: Readiness::new([]),
        drain: Drain::new(),
        metrics: None,
    };
    (parts, gate)
}

impl Stand {
    pub(crate) async fn start() -> Self {
        Self::with(options()).await
    }

    pub(crate) async fn with(options: ServeOptions) -> Self {
        let (parts, gate) = parts();
        let (readiness, drain) = (parts.readiness.clone(), parts.drain.clone());
        Self { running: serve(options, parts).await.unwrap(), readiness, drain, gate }
    }

    pub(crate) async fn wire(&self) -> Wire {
        Wire::connect(self.running.local_addr()).await
    }
}

/// Waits until `holds`, and fails when it does not within ten seconds.
pub(crate) async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(10), wait).await.is_ok(), "{what}");
}
