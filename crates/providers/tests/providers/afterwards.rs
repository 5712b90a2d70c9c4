//! What comes after a submission, at the vendors of the mock: finding it again, stopping it, and
//! asking with another key.

use generation::{
    Ability, Call, Cancelled, Class, MadeFile, Operation, Piece, Polled, Probe, Recovered, Started,
};
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
        let found = replicate.recover(&call, Timestamp::MIN).await.unwrap();
        let Recovered::Found(operation) = found else { panic!("{word}: {found:?}") };
        let mut told = replicate.poll(&operation).await.unwrap();
        if matches!(told, Polled::Running { .. }) {
            told = replicate.poll(&operation).await.unwrap();
        }
        assert!(matches!(told, Polled::Made(_)), "{word}: {told:?}");
        assert_eq!(mock.created(Mocked::Replicate).len(), 1);
        // Somebody else's marker is on nothing here.
        let other = Call { marker: "marker-2".parse().unwrap(), ..call };
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
async fn a_voice_whose_answer_was_lost_is_found_in_the_history_and_not_made_again() {
    let mock = MockVendors::start().await.unwrap();
    let flow = flow("elevenlabs voice");
    let elevenlabs = with_key(&mock, flow, &flow.mocked.key());
    for word in ["ambiguous", "cut", "truncate-answer"] {
        mock.reset();
        let call = flow.call(word);
        assert_eq!(elevenlabs.start(&call).await.unwrap_err().class, Class::Ambiguous);
        let found = elevenlabs.recover(&call, Timestamp::MIN).await.unwrap();
        let Recovered::Found(operation) = found else { panic!("{word}: {found:?}") };
        let told = elevenlabs.poll(&operation).await.unwrap();
        let Polled::Made(made) = told else { panic!("{word}: {told:?}") };
        let Piece::File(MadeFile::Remote(file)) = &made.pieces[0] else { panic!("{made:?}") };
        assert!(elevenlabs.fetch(file, 1_000_000).await.unwrap().starts_with(b"RIFF"), "{word}");
        assert!(made.note.is_some());
        assert_eq!(mock.created(Mocked::Elevenlabs).len(), 1);
        // What was never spoken is not found, and that is no proof.
        let other = flow.call("ok");
        let found = elevenlabs.recover(&other, Timestamp::MIN).await.unwrap();
        assert_eq!(found, Recovered::Unknown);
        // Another account has another history.
        let stranger = with_key(&mock, flow, &format!("{}-2", flow.mocked.key()));
        let found = stranger.recover(&call, Timestamp::MIN).await.unwrap();
        assert_eq!(found, Recovered::Unknown);
    }
}

#[tokio::test]
async fn whoever_is_asked_for_nothing_says_what_it_has_or_that_it_takes_the_key() {
    let mock = MockVendors::start().await.unwrap();
    for name in ["gemini text", "openai text", "localai text", "elevenlabs voice"] {
        let flow = flow(name);
        let provider = with_key(&mock, flow, &flow.mocked.key());
        let Probe::Listed(models) = provider.probe().await.unwrap() else { panic!("{name}") };
        assert!(models.iter().any(|model| model.model == flow.model), "{name}: {models:?}");
    }
    let local = flow("localai text");
    let told = with_key(&mock, local, &local.mocked.key()).probe().await.unwrap();
    let Probe::Listed(models) = told else { panic!("{told:?}") };
    let can = models.into_iter().find(|model| model.model == local.model).unwrap().abilities;
    assert_eq!(can, Some(vec![Ability::Text, Ability::Research]));
    for (name, expected) in [
        ("recraft picture", Probe::Accepted),
        ("replicate picture", Probe::Accepted),
        ("tavily search", Probe::Accepted),
        ("fal picture", Probe::Reached),
    ] {
        let flow = flow(name);
        let provider = with_key(&mock, flow, &flow.mocked.key());
        assert_eq!(provider.probe().await, Ok(expected), "{name}");
    }
    assert!(Mocked::ALL.iter().all(|vendor| mock.created(*vendor).is_empty()));
}

#[tokio::test]
async fn a_key_that_is_refused_is_told_apart_from_a_vendor_that_is_not_there() {
    let mock = MockVendors::start().await.unwrap();
    let names = [
        "gemini text",
        "openai text",
        "elevenlabs voice",
        "recraft picture",
        "replicate picture",
        "tavily search",
    ];
    for name in names {
        let failed = with_key(&mock, flow(name), "wrong").probe().await.unwrap_err();
        assert_eq!(failed.class, Class::AuthFailed, "{name}");
    }
    let address = mock.url(Mocked::Openai);
    drop(mock);
    let gone = crate::world::account(providers::Vendor::OpenAi, &address);
    assert_eq!(gone.probe().await.unwrap_err().class, Class::Transient);
}
