//! One account as a provider: what it may be used for, and failures that never show its key.

use async_trait::async_trait;
use generation::{
    Ability, Call, Cancelled, Failure, Operation, Polled, Probe, Recovered, RemoteFile, Started,
};
use kernel::Timestamp;
use ports::Provider;

use crate::client::Client;
use crate::config::Vendor;
use crate::dialect::Dialect;
use crate::failures::unfit;
use crate::key::Key;

pub(crate) struct Account {
    pub(crate) vendor: Vendor,
    pub(crate) abilities: Vec<Ability>,
    pub(crate) key: Option<Key>,
    pub(crate) client: Client,
    pub(crate) dialect: Box<dyn Dialect>,
}

/// The longest name of a model that any vendor has, and room.
const MODEL_CHARS_MAX: usize = 200;

impl Account {
    fn check(&self, call: &Call) -> Result<(), Failure> {
        let ability = call.ask.ability();
        if !self.abilities.contains(&ability) {
            return Err(unfit(format!("this account of {} makes no {ability}", self.vendor)));
        }
        if !is_model(&call.model) {
            return Err(unfit("the model's name is none"));
        }
        Ok(())
    }

    fn tell<T>(&self, told: Result<T, Failure>) -> Result<T, Failure> {
        told.map_err(|failure| {
            let strike = |text: String| match &self.key {
                Some(key) => key.strike(&text),
                None => text,
            };
            let class = failure.class.as_str();
            let failure = Failure {
                message: strike(failure.message),
                code: failure.code.map(strike),
                ..failure
            };
            tracing::debug!(vendor = %self.vendor, class, code = failure.code, "a provider failed");
            failure
        })
    }
}

/// Names are parts of addresses: nothing that means something there, and no way up.
fn is_model(model: &str) -> bool {
    let plain = model.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-:/@".contains(&b));
    let parts = model.split('/').all(|part| !part.trim_matches('.').is_empty());
    plain && parts && model.len() <= MODEL_CHARS_MAX
}

#[async_trait]
impl Provider for Account {
    #[tracing::instrument(skip_all, fields(vendor = %self.vendor, model = call.model))]
    async fn start(&self, call: &Call) -> Result<Started, Failure> {
        self.check(call)?;
        self.tell(self.dialect.start(&self.client, call).await)
    }

    #[tracing::instrument(skip_all, fields(vendor = %self.vendor))]
    async fn poll(&self, operation: &Operation) -> Result<Polled, Failure> {
        self.tell(self.dialect.poll(&self.client, operation).await)
    }

    #[tracing::instrument(skip_all, fields(vendor = %self.vendor))]
    async fn cancel(&self, operation: &Operation) -> Result<Cancelled, Failure> {
        self.tell(self.dialect.cancel(&self.client, operation).await)
    }

    #[tracing::instrument(skip_all, fields(vendor = %self.vendor))]
    async fn recover(&self, lost: &Call, since: Timestamp) -> Result<Recovered, Failure> {
        self.tell(self.dialect.recover(&self.client, lost, since).await)
    }

    #[tracing::instrument(skip_all, fields(vendor = %self.vendor))]
    async fn fetch(&self, file: &RemoteFile, limit: u64) -> Result<Vec<u8>, Failure> {
        self.tell(self.client.download(file, limit).await)
    }

    #[tracing::instrument(skip_all, fields(vendor = %self.vendor))]
    async fn probe(&self) -> Result<Probe, Failure> {
        self.tell(self.dialect.probe(&self.client).await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_models_stay_in_their_place() {
        for model in ["gemini-3.8-flash", "fal-ai/flux-pro/v1.1", "a/b:1f", "llama3.2:3b"] {
            assert!(is_model(model), "{model}");
        }
        for model in ["", "a/../b", "..", "a//b", "/a", "a/", "a?b", "a#b", "a b", "a%2fb"] {
            assert!(!is_model(model), "{model}");
        }
    }
}
