//! What is different from vendor to vendor. What is written here with an answer is what vendors do
//! that answer at once: they have nothing to ask about afterwards.

use async_trait::async_trait;
use generation::{Call, Cancelled, Class, Failure, Operation, Polled, Probe, Recovered, Started};
use kernel::{Json, Timestamp};
use serde_json::Value;

use crate::client::Client;
use crate::failures::{by_status, of_probe};
use crate::http::{Answer, Request};

#[async_trait]
pub(crate) trait Dialect: Send + Sync {
    async fn start(&self, client: &Client, call: &Call) -> Result<Started, Failure>;

    async fn poll(&self, _: &Client, _: &Operation) -> Result<Polled, Failure> {
        Err(Failure::new(Class::OutputLost, "this provider has no operations"))
    }

    async fn cancel(&self, _: &Client, _: &Operation) -> Result<Cancelled, Failure> {
        Ok(Cancelled::Unsupported)
    }

    async fn recover(
        &self,
        _: &Client,
        _lost: &Call,
        _since: Timestamp,
    ) -> Result<Recovered, Failure> {
        Ok(Recovered::Unknown)
    }

    async fn probe(&self, client: &Client) -> Result<Probe, Failure> {
        reached(client).await
    }
}

/// Whether anybody answers, for vendors without a question that is free.
pub(crate) async fn reached(client: &Client) -> Result<Probe, Failure> {
    let answer = client.question(&Request::get("/")).await?;
    if by_status(&answer) == Class::AuthFailed {
        return Err(Failure::new(Class::AuthFailed, "the key is refused"));
    }
    if answer.status >= 500 {
        return Err(Failure::new(Class::Transient, "the provider is down"));
    }
    Ok(Probe::Reached)
}

/// Whether the vendor takes our key, by a question about the account.
pub(crate) async fn accepted(
    client: &Client,
    path: &str,
    refusal: impl FnOnce(&Answer) -> Failure,
) -> Result<Probe, Failure> {
    let answer = client.question(&Request::get(path)).await?;
    if answer.is_success() {
        return Ok(Probe::Accepted);
    }
    Err(of_probe(refusal(&answer)))
}

/// An operation of named texts. One that cannot be kept cannot be asked about either.
pub(crate) fn operation(fields: &[(&str, &str)]) -> Result<Operation, Failure> {
    let json = Json::of_texts(fields).map(Operation);
    json.ok_or_else(|| Failure::new(Class::Ambiguous, "the operation's name is too long"))
}

/// A text of an operation that this crate made.
pub(crate) fn noted(operation: &Operation, name: &str) -> Result<String, Failure> {
    let value: Option<Value> = serde_json::from_str(operation.0.as_str()).ok();
    let text = value.and_then(|value| Some(value.get(name)?.as_str()?.to_owned()));
    text.ok_or_else(|| Failure::new(Class::OutputLost, "the operation is not one of this provider"))
}

/// How many pieces an operation was asked for.
pub(crate) fn noted_count(operation: &Operation) -> u32 {
    noted(operation, "count").ok().and_then(|count| count.parse().ok()).unwrap_or(1)
}
