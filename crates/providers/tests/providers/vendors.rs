//! Every way to ask every vendor, in every scenario of the mock: what comes of it, how often
//! something was made, and who was told the key.

use std::sync::Arc;

use generation::{Call, Class, Failure, Made, MadeFile, Piece, Polled, Started};
use mock_vendors::MockVendors;
use ports::Provider;
use providers::{Config, World, build};
use tokio::task::JoinSet;

use crate::expectations::{SCENARIOS, expected};
use crate::scenarios::{FLOWS, Flow};
use crate::world::{Still, Web};

/// What a file may have. The mock's huge ones have more.
const LIMIT: u64 = 3 * 1024 * 1024;

/// More polls than any scenario of the mock that ends.
const POLLS: u32 = 8;

fn provider(mock: &MockVendors, flow: &Flow) -> Arc<dyn Provider> {
    with_key(mock, flow, &flow.mocked.key())
}

pub(crate) fn with_key(mock: &MockVendors, flow: &Flow, key: &str) -> Arc<dyn Provider> {
    let base_url = Some(format!("{}{}", mock.url(flow.mocked), flow.path));
    let key = Some(key.parse().unwrap());
    let config = Config { base_url, surface: flow.surface, ..Config::of(flow.vendor, key) };
    build(config, World { clock: Arc::new(Still), fetcher: Arc::new(Web) }).unwrap()
}

/// What comes of a call, told in a few words.
async fn outcome(provider: &dyn Provider, call: &Call) -> String {
    match run(provider, call).await {
        Ok(Some(made)) => {
            let files = made.pieces.iter().filter_map(|piece| match piece {
                Piece::File(MadeFile::Remote(file)) => Some(file),
                Piece::File(MadeFile::Bytes(_))
                | Piece::Text(_)
                | Piece::Concept(_)
                | Piece::Research { .. }
                | Piece::Segments(_) => None,
            });
            for file in files {
                if let Err(failure) = provider.fetch(file, LIMIT).await {
                    return format!("made, and then {}", told(&failure));
                }
            }
            let asked = call.ask.count();
            match u32::try_from(made.pieces.len()).unwrap() {
                all if all == asked && made.note.is_none() => "made".to_owned(),
                some => format!("made {some} of {asked}"),
            }
        }
        Ok(None) => "running".to_owned(),
        Err(failure) => told(&failure),
    }
}

async fn run(provider: &dyn Provider, call: &Call) -> Result<Option<Made>, Failure> {
    let operation = match provider.start(call).await? {
        Started::Made(made) => return Ok(Some(made)),
        Started::Accepted(operation) => operation,
    };
    for _ in 0..POLLS {
        if let Polled::Made(made) = provider.poll(&operation).await? {
            return Ok(Some(made));
        }
    }
    Ok(None)
}

fn told(failure: &Failure) -> String {
    let class = failure.class.as_str();
    match failure.class {
        Class::ProviderFailed { retryable: true } => format!("{class} for now"),
        Class::InvalidArgument
        | Class::ContentRefused { .. }
        | Class::RateLimited { .. }
        | Class::QuotaExhausted { .. }
        | Class::AuthFailed
        | Class::ModelRetired
        | Class::Transient
        | Class::Ambiguous
        | Class::ProviderFailed { retryable: false }
        | Class::OutputLost => class.to_owned(),
    }
}

/// What is wrong with a flow, one line for each scenario.
async fn wrongs(flow: &Flow) -> Vec<String> {
    let mock = MockVendors::start().await.unwrap();
    let provider = provider(&mock, flow);
    let mut wrongs = Vec::new();
    for word in SCENARIOS {
        mock.reset();
        let call = flow.call(word);
        let (found, wanted) = (outcome(&*provider, &call).await, expected(flow, word));
        if found != wanted {
            wrongs.push(format!("{}, {word}: {found}, not {wanted}", flow.name));
        }
        let created = mock.created(flow.mocked).len();
        let asked = usize::try_from(call.ask.count()).unwrap();
        // Gemini is asked for each picture by itself.
        let most = if flow.name.starts_with("gemini") { asked } else { 1 };
        let dark = ["hang", "ambiguous", "cut", "truncate-answer", "garbage"].contains(word);
        if created > most || (dark && created == 0) {
            wrongs.push(format!("{}, {word}: {created} were created", flow.name));
        }
        let strangers = mock.calls().into_iter().filter(|call| call.vendor == "elsewhere");
        if strangers.clone().any(|call| call.key.is_some()) {
            wrongs.push(format!("{}, {word}: a stranger was told the key", flow.name));
        }
        let sent_on = strangers.count() > 0;
        if sent_on != (*word == "download-redirect" && flow.remote) {
            wrongs.push(format!("{}, {word}: a stranger was asked: {sent_on}", flow.name));
        }
    }
    wrongs
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_scenario_comes_out_as_what_it_is() {
    let mut flows = JoinSet::new();
    for flow in FLOWS {
        flows.spawn(wrongs(flow));
    }
    let mut wrongs = flows.join_all().await.concat();
    wrongs.sort();
    assert!(wrongs.is_empty(), "{} wrong:\n{}", wrongs.len(), wrongs.join("\n"));
}
