//! What comes after a submission, at the vendors of the mock: finding it again, stopping it, and
//! asking with another key.

use generation::{Cancelled, Class, Operation, Polled, Recovered, Started};
use kernel::Timestamp;
use mock_vendors::{MockVendors, Vendor as Mocked};
use ports::Provider;

use crate::scenarios::{FLOWS, Flow};
use crate::vendors::with_key;

fn flow(name: &str) -> &'static Flow {
    FLOWS.iter().find(|flow| flow.name == name).unwrap()
}

async fn accepted(provider: &dyn Provider, flow: &Flow) -> Operation {
    let started = provider.start(&flow.call("ok")).await.unwrap();
    let Started::Accepted(operation) = started else { panic!("{started:?}") };
    operation
}

#[tokio::test]
async fn a_prediction_whose_answer_was_lost_is_found_and_not_made_again() {
    let mock = MockVendors::start().await.unwrap();
    let flow = flow("replicate picture");
    let replicate = with_key(&mock, flow, &flow.mocked.key());
    for word in ["ambiguous", "cut", "truncate-answer"] {
        mock.reset();
        let call = flow.call(word);
        assert_eq!(replicate.start(&call).await.unwrap_err().class, Class::Ambiguous);
        let found = replicate.recover(&call.marker, Timestamp::MIN).await.unwrap();
        let Recovered::Found(operation) = found else { panic!("{word}: {found:?}") };
        let mut told = replicate.poll(&operation).await.unwrap();
        if matches!(told, Polled::Running { .. }) {
            told = replicate.poll(&operation).await.unwrap();
        }
        assert!(matches!(told, Polled::Made(_)), "{word}: {told:?}");
        assert_eq!(mock.created(Mocked::Replicate).len(), 1);
        // Somebody else's marker is on nothing here.
        let other = "marker-2".parse().unwrap();
        let found = replicate.recover(&other, Timestamp::MIN).await.unwrap();
        assert_eq!(found, Recovered::Unknown);
    }
}

#[tokio::test]
async fn what_runs_is_stopped_where_the_vendor_can() {
    let mock = MockVendors::start().await.unwrap();
    for (name, expected) in [
        ("gemini film", Cancelled::Stopped),
        ("vertex film", Cancelled::Unsupported),
        ("openai film", Cancelled::Unsupported),
        ("fal picture", Cancelled::Asked),
        ("replicate picture", Cancelled::Stopped),
        ("tavily agent", Cancelled::Unsupported),
    ] {
        let flow = flow(name);
        let provider = with_key(&mock, flow, &flow.mocked.key());
        let operation = accepted(&*provider, flow).await;
        assert_eq!(provider.cancel(&operation).await.unwrap(), expected, "{name}");
    }
}

#[tokio::test]
async fn what_another_key_began_is_not_lost() {
    let mock = MockVendors::start().await.unwrap();
    for name in ["gemini film", "vertex film"] {
        let flow = flow(name);
        let begun = accepted(&*with_key(&mock, flow, &flow.mocked.key()), flow).await;
        assert!(!begun.0.as_str().contains(&flow.mocked.key()));
        let other = with_key(&mock, flow, &format!("{}-2", flow.mocked.key()));
        let failure = other.poll(&begun).await.unwrap_err();
        let told = (failure.class, failure.code.as_deref());
        assert_eq!(told, (Class::AuthFailed, Some("key_changed")), "{name}");
    }
}

#[tokio::test]
async fn models_are_listed_where_the_vendor_lists_them() {
    let mock = MockVendors::start().await.unwrap();
    for name in ["gemini text", "openai text", "localai text", "elevenlabs voice"] {
        let flow = flow(name);
        let provider = with_key(&mock, flow, &flow.mocked.key());
        let models = provider.models().await.unwrap().unwrap();
        assert!(models.iter().any(|model| model.model == flow.model), "{name}: {models:?}");
    }
    let flow = flow("recraft picture");
    let recraft = with_key(&mock, flow, &flow.mocked.key());
    assert_eq!(recraft.models().await.unwrap(), None);
}
