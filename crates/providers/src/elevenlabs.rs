//! ElevenLabs: voices, at once. It limits how many calls run at the same time, not how many in a
//! minute. What it made is in its history, where a voice is found again whose answer was lost.

mod answer;
mod recovery;
mod request;

use async_trait::async_trait;
use generation::{Ask, Call, Failure, Made, Operation, Polled, Probe, Recovered, Started};
use kernel::Timestamp;

use self::recovery::Search;
use crate::client::Client;
use crate::dialect::Dialect;
use crate::failures::{of_question, unfit};
use crate::http::Request;
use crate::pieces::remote;

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

    /// Only of a voice that was found again: all others are there at once.
    async fn poll(&self, client: &Client, operation: &Operation) -> Result<Polled, Failure> {
        let url = client.address(&recovery::place(operation)?);
        let url = url.ok_or_else(|| unfit("the recording's address is none"))?;
        let note = Some("found again in the history of the provider, as it keeps it".to_owned());
        Ok(Polled::Made(Made { note, ..Made::one(remote(url.as_str())) }))
    }

    async fn recover(
        &self,
        client: &Client,
        lost: &Call,
        since: Timestamp,
    ) -> Result<Recovered, Failure> {
        let Ask::Speech(asked) = &lost.ask else { return Ok(Recovered::Unknown) };
        let mut search = Search::new(&lost.model, asked, self.voice.as_deref(), since);
        let mut request = search.first();
        loop {
            let answer = client.question(&request).await?;
            if !answer.is_success() {
                return Err(of_question(answer::refusal(&answer)));
            }
            match search.look(&answer)? {
                recovery::Found::This(recovered) => return Ok(recovered),
                recovery::Found::GoOn(next) => request = next,
            }
        }
    }

    async fn probe(&self, client: &Client) -> Result<Probe, Failure> {
        let answer = client.question(&Request::get("/v1/models")).await?;
        answer::offered(&answer).map(Probe::Listed)
    }
}

#[cfg(test)]
mod tests;
