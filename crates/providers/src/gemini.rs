//! Google's Gemini, on the Developer API and on Vertex: `generateContent` for texts, research,
//! pictures and voices, Interactions for videos and what is configured so, `predict` and
//! `predictLongRunning` for the families that still have them.

mod answer;
mod grounding;
mod interaction;
mod operation;
mod refusal;
mod request;

use async_trait::async_trait;
use generation::{Ability, Call, Cancelled, Failure, Operation, Polled, Probe, Started};

use crate::client::Client;
use crate::config::{Config, Surface};
use crate::dialect::{Dialect, noted, reached};
use crate::http::{Answer, Request};
use crate::pieces::one_by_one;

pub(crate) struct Gemini {
    surface: Surface,
    interactions: Vec<String>,
    voice: Option<String>,
    /// Operations belong to the project of the key that began them.
    fingerprint: String,
}

/// By which of its interfaces a model is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Generate,
    Interactions,
    Predict,
    LongRunning,
}

impl Gemini {
    pub(crate) fn new(config: Config) -> Self {
        let fingerprint = config.key.as_ref().map(|key| key.fingerprint()).unwrap_or_default();
        let Config { surface, interactions, voice, .. } = config;
        Self { surface, interactions, voice, fingerprint }
    }

    fn family(&self, call: &Call) -> Family {
        let configured = || self.interactions.iter().any(|name| call.model.starts_with(name));
        let ability = call.ask.ability();
        match ability {
            Ability::Text | Ability::Research => Family::Generate,
            Ability::Image | Ability::Edit if call.model.starts_with("imagen") => Family::Predict,
            Ability::Video if call.model.starts_with("veo") => Family::LongRunning,
            Ability::Video => Family::Interactions,
            Ability::Image | Ability::Edit | Ability::Speech if configured() => {
                Family::Interactions
            }
            Ability::Image | Ability::Edit | Ability::Speech => Family::Generate,
        }
    }
}

#[async_trait]
impl Dialect for Gemini {
    async fn start(&self, client: &Client, call: &Call) -> Result<Started, Failure> {
        match self.family(call) {
            Family::Generate => {
                let request = |call: &Call| request::generate(call, self.voice.as_deref());
                let read = |answer: &Answer| answer::generated(&call.ask, answer);
                one_by_one(client, call, request, read).await.map(Started::Made)
            }
            Family::Predict => {
                let request = request::predict(call, self.surface)?;
                let answer = client.create(&request, call.patience).await?;
                answer::predicted(call.ask.count(), &answer).map(Started::Made)
            }
            Family::LongRunning => {
                let request = request::long_running(call, self.surface)?;
                let answer = client.create(&request, call.patience).await?;
                operation::begun(&call.model, &self.fingerprint, &answer)
            }
            Family::Interactions => {
                let request = |call: &Call| interaction::request(call, self.voice.as_deref());
                if call.ask.ability() == Ability::Video {
                    let answer = client.create(&request(call)?, call.patience).await?;
                    return interaction::begun(&self.fingerprint, &answer);
                }
                let wanted = call.ask.ability();
                let read = |answer: &Answer| interaction::finished(wanted, answer);
                one_by_one(client, call, request, read).await.map(Started::Made)
            }
        }
    }

    async fn poll(&self, client: &Client, operation: &Operation) -> Result<Polled, Failure> {
        let same_key = noted(operation, "key")? == self.fingerprint;
        if let Ok(id) = noted(operation, "interaction") {
            let answer = client.question(&Request::get(format!("/interactions/{id}"))).await?;
            return interaction::polled(&answer, same_key);
        }
        let name = noted(operation, "name")?;
        let request = match self.surface {
            Surface::Developer => Request::get(format!("/{name}")),
            Surface::Vertex => operation::question(&noted(operation, "model")?, &name),
        };
        let answer = client.question(&request).await?;
        operation::polled(&answer, same_key)
    }

    async fn cancel(&self, client: &Client, operation: &Operation) -> Result<Cancelled, Failure> {
        let Ok(id) = noted(operation, "interaction") else { return Ok(Cancelled::Unsupported) };
        let path = format!("/interactions/{id}/cancel");
        let answer = client.question(&Request::post(path, serde_json::json!({}))).await?;
        interaction::cancelled(&answer)
    }

    async fn probe(&self, client: &Client) -> Result<Probe, Failure> {
        // The other house lists no models where these are asked for.
        if self.surface == Surface::Vertex {
            return reached(client).await;
        }
        let answer = client.question(&Request::get("/models?pageSize=1000")).await?;
        answer::offered(&answer).map(Probe::Listed)
    }
}

#[cfg(test)]
mod tests;
