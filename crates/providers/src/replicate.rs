//! Replicate: predictions of many models. It lists what it was asked for, with its markers, so that
//! a submission whose answer was lost can be found again.

mod answer;
mod recovery;
mod request;

use async_trait::async_trait;
use generation::{Call, Cancelled, Failure, Operation, Polled, Probe, Recovered, Started};
use http::Method;
use kernel::Timestamp;
use serde_json::json;
use url::Url;

use self::recovery::Search;
use crate::client::Client;
use crate::dialect::{Dialect, accepted, noted, noted_count};
use crate::failures::of_question;
use crate::http::Request;

pub(crate) struct Replicate {
    /// Told of what becomes of predictions, with the marker of the submission.
    pub(crate) webhook: Option<Url>,
}

#[async_trait]
impl Dialect for Replicate {
    async fn start(&self, client: &Client, call: &Call) -> Result<Started, Failure> {
        let request = request::prediction(call, self.webhook.as_ref())?;
        let answer = client.create(&request, call.patience).await?;
        answer::begun(call.ask.count(), &answer)
    }

    async fn poll(&self, client: &Client, operation: &Operation) -> Result<Polled, Failure> {
        let request = Request::get(format!("/predictions/{}", noted(operation, "id")?));
        answer::polled(noted_count(operation), &client.question(&request).await?)
    }

    async fn cancel(&self, client: &Client, operation: &Operation) -> Result<Cancelled, Failure> {
        let path = format!("/predictions/{}/cancel", noted(operation, "id")?);
        let answer = client.question(&Request::post(path, json!({}))).await?;
        answer::cancelled(&answer)
    }

    async fn recover(
        &self,
        client: &Client,
        lost: &Call,
        since: Timestamp,
    ) -> Result<Recovered, Failure> {
        let mut search = Search::new(&lost.marker, since, self.webhook.is_some());
        let mut request = Request::get("/predictions");
        loop {
            let answer = client.question(&request).await?;
            if !answer.is_success() {
                return Err(of_question(answer::refusal(&answer)));
            }
            match search.look(&answer)? {
                recovery::Found::This(recovered) => return Ok(recovered),
                recovery::Found::GoOn(next) => request = Request::at(Method::GET, next),
            }
        }
    }

    async fn probe(&self, client: &Client) -> Result<Probe, Failure> {
        accepted(client, "/account", answer::refusal).await
    }
}

#[cfg(test)]
mod tests;
