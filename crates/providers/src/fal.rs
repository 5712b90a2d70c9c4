//! fal: a queue before many models. Everything that is asked about afterwards is at addresses that
//! the queue names, which are kept as they are.

mod answer;
mod request;

use async_trait::async_trait;
use generation::{Call, Cancelled, Failure, Operation, Polled, Started};
use http::Method;
use url::Url;

use self::answer::State;
use crate::client::Client;
use crate::dialect::{Dialect, noted, noted_count};
use crate::failures::{lost, of_question};
use crate::http::Request;

pub(crate) struct Fal;

#[async_trait]
impl Dialect for Fal {
    async fn start(&self, client: &Client, call: &Call) -> Result<Started, Failure> {
        let request = request::submission(call)?;
        let answer = client.create(&request, call.patience).await?;
        let own = |url: &str| Url::parse(url).is_ok_and(|url| client.owns(&url));
        answer::begun(call.ask.count(), &answer, own).map(Started::Accepted)
    }

    async fn poll(&self, client: &Client, operation: &Operation) -> Result<Polled, Failure> {
        let status = Request::at(Method::GET, place(operation, "status")?);
        match answer::state(&client.question(&status).await?)? {
            State::Running => Ok(Polled::Running { percent: None, again_after: None }),
            State::Done => {
                let result = Request::at(Method::GET, place(operation, "response")?);
                let answer = client.question(&result).await?;
                answer::result(noted_count(operation), &answer).map(Polled::Made)
            }
        }
    }

    async fn cancel(&self, client: &Client, operation: &Operation) -> Result<Cancelled, Failure> {
        let request = Request::at(Method::PUT, place(operation, "cancel")?);
        let answer = client.question(&request).await?;
        match answer.status {
            200..=299 => Ok(Cancelled::Asked),
            400 | 404 | 409 => Ok(Cancelled::Ended),
            _ => Err(of_question(answer::refusal(&answer))),
        }
    }
}

fn place(operation: &Operation, name: &str) -> Result<Url, Failure> {
    Url::parse(&noted(operation, name)?).map_err(|_| lost("the operation has no address"))
}

#[cfg(test)]
mod tests;
