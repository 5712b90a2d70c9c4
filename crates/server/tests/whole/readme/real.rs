//! The real `grpcurl`, where it is installed: it reads nothing but what the server tells it.

use std::io::ErrorKind;
use std::process::{Command, Output};

use crate::whole::stand::{Dev, Place};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

async fn run(dev: &Dev, data: Option<&str>, what: &[&str]) -> Output {
    let mut command = Command::new("grpcurl");
    command.args(["-plaintext", "-max-time", "20"]);
    command.args(["-H", &format!("authorization: Bearer {}", dev.facts.api_key)]);
    if let Some(data) = data {
        command.args(["-d", data]);
    }
    command.arg(dev.facts.grpc.to_string()).args(what);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

#[tokio::test]
async fn the_real_grpcurl_needs_reflection_alone() {
    match Command::new("grpcurl").arg("-version").output() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("skipped: grpcurl is not on PATH");
            return;
        }
        version => assert!(version.unwrap().status.success()),
    }
    let place = Place::new();
    let dev = place.start().await;
    let list = run(&dev, None, &["list"]).await;
    assert!(list.status.success(), "{}", text(&list.stderr));
    for service in [
        "atelier.access.v1.ApiKeyService",
        "atelier.ledger.v1.LedgerService",
        "atelier.users.v1.UserService",
        "grpc.health.v1.Health",
    ] {
        assert!(text(&list.stdout).lines().any(|line| line == service), "{service}");
    }
    let described = run(&dev, None, &["describe", "atelier.ledger.v1.LedgerService.Deduct"]).await;
    let described = text(&described.stdout);
    assert!(described.contains("rpc Deduct ( .atelier.ledger.v1.DeductRequest )"), "{described}");

    let identity = r#"{"identity": {"issuer": "real", "subject": "one"}}"#;
    let created = run(&dev, Some(identity), &["atelier.users.v1.UserService/CreateUser"]).await;
    assert!(created.status.success(), "{}", text(&created.stderr));
    let created: serde_json::Value = serde_json::from_slice(&created.stdout).unwrap();
    let user = created["user"]["id"].as_str().unwrap();

    let deduct = format!(r#"{{"user_id": "{user}", "request_id": "a", "amount": "12.50"}}"#);
    let refused = run(&dev, Some(&deduct), &["atelier.ledger.v1.LedgerService/Deduct"]).await;
    assert!(!refused.status.success());
    let refused = text(&refused.stderr);
    for told in ["FailedPrecondition", "google.rpc.ErrorInfo", "INSUFFICIENT_CREDITS", "12.50"] {
        assert!(refused.contains(told), "{told} is not in {refused}");
    }
    dev.stop().await;
}
