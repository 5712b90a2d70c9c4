//! Tavily: research on the web, by one search or by an agent that takes its time. A search makes
//! nothing that a second one would make again.

mod answer;
mod request;

use async_trait::async_trait;
use generation::{Ask, Call, Class, Failure, Made, Operation, Piece, Polled, Probe, Started};

use self::request::Way;
use crate::client::Client;
use crate::dialect::{Dialect, accepted, noted};
use crate::failures::{broken, unfit};
use crate::http::Request;

pub(crate) struct Tavily;

#[async_trait]
impl Dialect for Tavily {
    async fn start(&self, client: &Client, call: &Call) -> Result<Started, Failure> {
        let Ask::Research(ask) = &call.ask else { return Err(unfit("the model researches")) };
        match request::way(&call.model)? {
            Way::Search(depth) => {
                let request = request::search(depth, &ask.prompt);
                let answer = client.create(&request, call.patience).await.map_err(harmless)?;
                let found = answer::found(&answer).map_err(harmless)?;
                let answer = match found.answer {
                    Some(answer) => answer,
                    None => extracted(client, call, &found.sources).await?,
                };
                let piece = Piece::Research { answer, sources: found.sources };
                Ok(Started::Made(Made { cost: found.cost, ..Made::one(piece) }))
            }
            Way::Agent(model) => {
                let request = request::research(model, &ask.prompt);
                let answer = client.create(&request, call.patience).await?;
                answer::begun(&answer).map(Started::Accepted)
            }
        }
    }

    async fn poll(&self, client: &Client, operation: &Operation) -> Result<Polled, Failure> {
        let request = Request::get(format!("/research/{}", noted(operation, "research")?));
        answer::polled(&client.question(&request).await?)
    }

    async fn probe(&self, client: &Client) -> Result<Probe, Failure> {
        accepted(client, "/usage", answer::refusal).await
    }
}

/// Where a search has no answer, what its first pages say stands for one.
async fn extracted(
    client: &Client,
    call: &Call,
    sources: &[generation::Source],
) -> Result<String, Failure> {
    let said = answer::excerpts(sources);
    if said.is_some() || sources.is_empty() {
        return said.ok_or_else(|| broken(false, "nothing is found"));
    }
    let request = request::extract(sources);
    let answer = client.create(&request, call.patience).await.map_err(harmless)?;
    answer::extracted(&answer).map_err(harmless)
}

/// A search that may have been made is no harm: it may be made again.
fn harmless(failure: Failure) -> Failure {
    match failure.class {
        Class::Ambiguous => Failure { class: Class::ProviderFailed { retryable: true }, ..failure },
        Class::InvalidArgument
        | Class::ContentRefused { .. }
        | Class::RateLimited { .. }
        | Class::QuotaExhausted { .. }
        | Class::AuthFailed
        | Class::ModelRetired
        | Class::Transient
        | Class::ProviderFailed { .. }
        | Class::OutputLost => failure,
    }
}

#[cfg(test)]
mod tests;
