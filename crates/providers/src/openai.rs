//! OpenAI's interface, and that of every server that speaks like it: LocalAI, vLLM, Ollama,
//! resellers. What such a server really has is for its operator to configure.

mod answer;
mod refusal;
mod request;
mod video;

use async_trait::async_trait;
use generation::{Ask, Call, Cancelled, Failure, Operation, Polled, Probe, Started};

use crate::client::Client;
use crate::config::Edits;
use crate::dialect::{Dialect, noted};
use crate::failures::unfit;
use crate::http::Request;

pub(crate) struct OpenAi {
    pub(crate) edits: Edits,
}

#[async_trait]
impl Dialect for OpenAi {
    async fn start(&self, client: &Client, call: &Call) -> Result<Started, Failure> {
        match &call.ask {
            Ask::Chat(_)
            | Ask::Concept(_)
            | Ask::Research(_)
            | Ask::Summary(_)
            | Ask::Segmentation(_) => {
                let request = request::chat(&call.model, &call.ask)?;
                let answer = client.create(&request, call.patience).await?;
                answer::chat(&call.ask, &answer).map(Started::Made)
            }
            Ask::Image(image) => {
                let request = if image.references.is_empty() {
                    request::image(&call.model, image)?
                } else {
                    request::edit(&call.model, image, self.edits)?
                };
                let answer = client.create(&request, call.patience).await?;
                answer::images(image.count, &answer).map(Started::Made)
            }
            Ask::Speech(speech) => {
                let request = request::speech(&call.model, speech)?;
                let answer = client.create(&request, call.patience).await?;
                answer::speech(&answer).map(Started::Made)
            }
            Ask::Video(film) => {
                let request = video::request(&call.model, film)?;
                let answer = client.create(&request, call.patience).await?;
                video::begun(&answer, |id| content(client, id))
            }
        }
    }

    async fn poll(&self, client: &Client, operation: &Operation) -> Result<Polled, Failure> {
        let id = noted(operation, "video")?;
        let answer = client.question(&Request::get(format!("/videos/{id}"))).await?;
        video::polled(&answer, |id| content(client, id))
    }

    async fn cancel(&self, _: &Client, _: &Operation) -> Result<Cancelled, Failure> {
        // There is a way to delete a video, and none to stop one.
        Ok(Cancelled::Unsupported)
    }

    async fn probe(&self, client: &Client) -> Result<Probe, Failure> {
        let answer = client.question(&Request::get("/models")).await?;
        if matches!(answer.status, 404 | 405 | 501) {
            return Ok(Probe::Reached);
        }
        let models = answer::offered(&answer)?;
        // Few have this, and to have it not is no failure.
        let more = client.question(&Request::get("/models/capabilities")).await;
        Ok(Probe::Listed(match more {
            Ok(more) => answer::able(models, &more),
            Err(_) => models,
        }))
    }
}

/// Where the bytes of a video are.
fn content(client: &Client, id: &str) -> Result<String, Failure> {
    let url = client.address(&format!("/videos/{id}/content"));
    url.map(String::from).ok_or_else(|| unfit("the video's address is none"))
}

#[cfg(test)]
mod tests;
