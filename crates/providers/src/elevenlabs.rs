//! ElevenLabs: voices, at once. It limits how many calls run at the same time, not how many in a
//! minute.

mod answer;
mod request;

use async_trait::async_trait;
use generation::{Ask, Call, Failure, Offered, Started};

use crate::client::Client;
use crate::dialect::Dialect;
use crate::failures::unfit;
use crate::http::Request;

pub(crate) struct ElevenLabs {
    /// Where none is asked for.
    pub(crate) voice: Option<String>,
}

#[async_trait]
impl Dialect for ElevenLabs {
    async fn start(&self, client: &Client, call: &Call) -> Result<Started, Failure> {
        let Ask::Speech(speech) = &call.ask else { return Err(unfit("the model makes voices")) };
        let (request, note) = request::speech(&call.model, speech, self.voice.as_deref())?;
        let answer = client.create(&request, call.patience).await?;
        answer::speech(&answer, note).map(Started::Made)
    }

    async fn models(&self, client: &Client) -> Result<Option<Vec<Offered>>, Failure> {
        let answer = client.question(&Request::get("/v1/models")).await?;
        answer::offered(&answer).map(Some)
    }
}

#[cfg(test)]
mod tests;
