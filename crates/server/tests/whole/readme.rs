//! Every command that README.md and `docs/` show is carried out, so that no example can rot.
//!
//! `grpcurl` is spoken by a small translator, for not everybody who runs the tests has it; where it
//! is installed, it is run for real too.

mod grpcurl;
mod real;
mod shell;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use clap::Parser;
use serde_json::Value;
use server::cli::{Cli, Command};
use server::status::reason_from_name;

use super::calls::{metadata, reason};
use super::stand::{Dev, Place, atelier};
use grpcurl::{Call, Grpcurl, Said};
use shell::Block;

/// Where the examples say that the server is: the default of `--listen`.
const ADDRESS: &str = "127.0.0.1:7443";

/// For two pictures in a debug build on a busy machine.
const JOB_PATIENCE: Duration = Duration::from_secs(120);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// README.md and `docs/*.md`, with what the blocks in them say.
fn documents() -> Vec<(PathBuf, Vec<Block>)> {
    let docs = std::fs::read_dir(root().join("docs")).unwrap();
    let docs = docs.map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> =
        docs.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect();
    paths.sort();
    paths.insert(0, root().join("README.md"));
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        (path, shell::blocks(&text))
    };
    paths.into_iter().map(read).collect()
}

#[tokio::test]
async fn every_example_of_the_documents_works() {
    let place = Place::new();
    let dev = place.start().await;
    let mut reader = Reader::new(&place, &dev);
    for (path, blocks) in documents() {
        // Its commands need the mock and not the server: the tests of `mock-vendors` run them.
        if path.ends_with("docs/mock-vendors.md") {
            continue;
        }
        for block in blocks {
            println!("{}:{}", path.display(), block.line);
            reader.follow(&block).await;
        }
    }
    let Reader { told, commands, .. } = reader;
    // The first life that the README tells.
    let first_life = [
        ("UserService/CreateUser", ""),
        ("LedgerService/Purchase", ""),
        ("LedgerService/Deduct", "INSUFFICIENT_CREDITS"),
        ("LedgerService/Deduct", ""),
        ("LedgerService/Refund", ""),
        ("JobService/CreateJob", ""),
        ("JobService/WaitJob", ""),
        ("AssetService/CreateDownload", ""),
    ];
    let calls: Vec<_> =
        told.iter().map(|(method, reason)| (method.as_str(), reason.as_str())).collect();
    assert_eq!(calls[..8], first_life.map(|(method, reason)| (method, reason)));
    assert!(commands >= 8, "the documents have lost their examples: {commands}");
    dev.stop().await;
}

#[test]
fn every_recipe_that_the_documents_name_is_there() {
    let recipes = recipes();
    let mut named = 0;
    for (path, _) in documents() {
        let text = std::fs::read_to_string(&path).unwrap();
        for code in text.split('`').skip(1).step_by(2) {
            if let Some(call) = code.strip_prefix("just ") {
                let name = call.split_whitespace().next().unwrap();
                assert!(recipes.contains(&name.to_owned()), "{}: {code}", path.display());
                named += 1;
            }
        }
    }
    assert!(named > 0, "the README names no habit");
}

/// The names of the recipes in the justfile.
fn recipes() -> Vec<String> {
    let text = std::fs::read_to_string(root().join("justfile")).unwrap();
    let heads = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    let names = heads.filter_map(|line| line.split_once(':')?.0.split_whitespace().next());
    names.map(str::to_owned).collect()
}

/// Somebody who pastes the examples one after the other.
struct Reader<'a> {
    place: &'a Place,
    dev: &'a Dev,
    grpcurl: Grpcurl,
    variables: BTreeMap<String, String>,
    /// The calls: service and method, and the reason of the refusal or nothing.
    told: Vec<(String, String)>,
    commands: usize,
}

impl<'a> Reader<'a> {
    fn new(place: &'a Place, dev: &'a Dev) -> Self {
        let variables = [("ATELIER_KEY".to_owned(), dev.facts.api_key.clone())].into();
        let grpcurl = Grpcurl::new(dev.api().channel);
        Self { place, dev, grpcurl, variables, told: Vec::new(), commands: 0 }
    }

    async fn follow(&mut self, block: &Block) {
        // A block whose prose names a reason shows how one is refused with it; others succeed.
        let quoted = block.prose.split('`').skip(1).step_by(2);
        let mut expected: Vec<&str> =
            quoted.filter(|code| reason_from_name(code).is_some()).collect();
        for command in &block.commands {
            self.commands += 1;
            let words = shell::words(command, &self.variables);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            match words.as_slice() {
                ["grpcurl", arguments @ ..] => {
                    let reason = self.call(Call::parse(arguments), command).await;
                    if !reason.is_empty() {
                        assert_eq!(expected.pop(), Some(reason.as_str()), "{command}");
                    }
                }
                ["atelier", arguments @ ..] => self.atelier(arguments),
                ["cargo", "run", "--release", "--", arguments @ ..] => {
                    let cli = Cli::try_parse_from([&["atelier"], arguments].concat()).unwrap();
                    assert!(matches!(cli.command, Command::Dev(_)), "{command}");
                }
                ["cargo", "test", "--workspace"] => {}
                ["just", recipe, ..] => assert!(recipes().contains(&(*recipe).to_owned())),
                _ => panic!("{command:?} is no command that this test knows how to try"),
            }
        }
        assert!(expected.is_empty(), "nothing was refused with {expected:?}");
    }

    /// Waits on for a job that has not ended: a reader would call again.
    async fn in_the_end(&self, call: &Call, answer: Value) -> Value {
        let (mut answer, began) = (answer, Instant::now());
        let open = ["JOB_STATE_QUEUED", "JOB_STATE_RUNNING"];
        while call.verb.ends_with("/WaitJob")
            && open.iter().any(|state| answer["job"]["state"] == *state)
        {
            assert!(began.elapsed() < JOB_PATIENCE, "the job has not ended: {answer}");
            let Said::Answer(again) = self.grpcurl.run(call).await else {
                panic!("{}: the second time it was refused", call.verb);
            };
            answer = again;
        }
        answer
    }

    /// Makes the call, remembers what later ones refer to, and returns why it was refused.
    async fn call(&mut self, call: Call, command: &str) -> String {
        assert_eq!(call.address, ADDRESS, "{command}");
        match self.grpcurl.run(&call).await {
            Said::Text(text) => {
                assert!(text.contains("atelier.ledger.v1.LedgerService"), "{command}: {text}");
                String::new()
            }
            Said::Answer(answer) => {
                let answer = self.in_the_end(&call, answer).await;
                let mut remember = |name: &str, path: &str| {
                    if let Some(id) = answer.pointer(path).and_then(|id| id.as_str()) {
                        self.variables.insert(name.to_owned(), id.to_owned());
                    }
                };
                remember("USER_ID", "/user/id");
                remember("TRANSACTION_ID", "/transaction/id");
                remember("JOB_ID", "/job/id");
                remember("ASSET_ID", "/job/result/files/files/0/assetId");
                if call.verb.ends_with("/CreateUser") {
                    assert_eq!(answer["created"], true, "{command}: {answer}");
                    let Said::Answer(again) = self.grpcurl.run(&call).await else {
                        panic!("{command}: the second time it was refused");
                    };
                    assert_eq!(again["user"], answer["user"], "the same user again");
                }
                self.told.push((short(&call.verb), String::new()));
                String::new()
            }
            Said::Refusal(status) => {
                let reason = reason(&status);
                assert!(!reason.is_empty(), "{command}: {status:?}");
                if reason == "INSUFFICIENT_CREDITS" {
                    let amounts = (metadata(&status, "required"), metadata(&status, "available"));
                    assert_eq!(amounts, ("12.50".to_owned(), "10.00".to_owned()));
                }
                self.told.push((short(&call.verb), reason.clone()));
                reason
            }
        }
    }

    /// Runs the binary with the stand's settings in its environment.
    fn atelier(&self, arguments: &[&str]) {
        let pepper = std::fs::read_to_string(self.place.data.join("pepper")).unwrap();
        let ran = atelier()
            .args(arguments)
            .current_dir(self.place.path())
            .env("ATELIER_DATABASE__URL", &self.dev.facts.database_url)
            .env("ATELIER_AUTH__PEPPER", pepper)
            .env("ATELIER_SERVER__LISTEN", self.dev.facts.grpc.to_string())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "atelier {arguments:?}: {errors}");
        assert!(!ran.stdout.is_empty(), "atelier {arguments:?} says nothing");
    }
}

/// The method without its package.
fn short(method: &str) -> String {
    method.rsplit('.').next().unwrap().to_owned()
}
