//! Recraft: pictures, at once or not at all. A request whose answer is lost cannot be found again.

mod answer;
mod request;

use async_trait::async_trait;
use generation::{Ask, Call, Failure, Probe, Started};

use crate::client::Client;
use crate::dialect::{Dialect, accepted};
use crate::failures::unfit;

pub(crate) struct Recraft;

#[async_trait]
impl Dialect for Recraft {
    async fn start(&self, client: &Client, call: &Call) -> Result<Started, Failure> {
        let Ask::Image(image) = &call.ask else { return Err(unfit("the model makes pictures")) };
        let request = request::image(&call.model, image)?;
        let answer = client.create(&request, call.patience).await?;
        answer::images(image.count, &answer).map(Started::Made)
    }

    async fn probe(&self, client: &Client) -> Result<Probe, Failure> {
        accepted(client, "/users/me", answer::refusal).await
    }
}

#[cfg(test)]
mod tests;
