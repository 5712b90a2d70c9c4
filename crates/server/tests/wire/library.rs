//! The rows of `LibraryService`, and what outputs tell of the ledger and of their owner.

use access::Scope;
use proto::atelier::access::v1::IssueApiKeyRequest;
use serde_json::{Value, json};
use server::scopes::scope_to_proto;

use super::cases::check;
use super::projects::{PROJECT, PROJECT_DELETED, named};
use super::row::{Row, Step, Twice};
use super::world::World;
use crate::whole::wire::served::Served;

const GONE: &str = "OUTPUT_NOT_FOUND";

const FUNDED: Step = Step::Call(
    "ledger.v1.LedgerService/Purchase",
    r#"{"user_id": "$user", "request_id": "funds", "amount": "100.00"}"#,
    &[],
);
const CHARGED: Step = Step::Call(
    "ledger.v1.LedgerService/Deduct",
    r#"{"user_id": "$user", "request_id": "charge", "amount": "2.50"}"#,
    &[("charge", "transaction.id")],
);
const HELD: Step = Step::Call(
    "ledger.v1.LedgerService/Reserve",
    r#"{"user_id": "$user", "request_id": "hold", "amount": "10.00"}"#,
    &[("charge", "transaction.id")],
);
const PLAN: Step = Step::Call(
    "library.v1.LibraryService/CreateOutput",
    r#"{"user_id": "$user", "project_id": "$project", "prompt": "A day", "success": true,
        "body": {"segmentation": {"concept": "A day", "segments": [
            {"label": "1", "visual": "a", "narration": "b", "animation": "c"}]}}}"#,
    &[("output", "output.id"), ("etag", "output.etag")],
);
const IMAGE: Step = Step::Call(
    "library.v1.LibraryService/CreateOutput",
    r#"{"user_id": "$user", "project_id": "$project", "transaction_id": "$charge",
        "prompt": "A lighthouse", "success": true, "body": {"image": {"format": "png"}}}"#,
    &[("output", "output.id"), ("etag", "output.etag")],
);
const DELETED: Step = Step::Call(
    "library.v1.LibraryService/DeleteOutput",
    r#"{"user_id": "$user", "output_id": "$output"}"#,
    &[],
);
const RESTORED: Step = Step::Call(
    "library.v1.LibraryService/RestoreOutput",
    r#"{"user_id": "$user", "output_id": "$output"}"#,
    &[],
);

fn output(method: &'static str, twice: Twice, steps: &[Step]) -> Row {
    let good = json!({"user_id": "$user", "output_id": "$output"});
    named(Row::write(method, good, twice).with(&[PROJECT, PLAN]), steps, "output_id", GONE)
}

fn video() -> Value {
    let (job, asset) = ("01890a5d-ac96-774b-bcce-b302099a8059", "$picture");
    json!({
        "user_id": "$user", "project_id": "$project", "transaction_id": "$charge",
        "job_id": job, "run": "run-1", "prompt": "Waves", "art_style": "ink", "model": "veo2",
        "success": true, "message": "Made", "parameters": {"seed": 7},
        "start_time": "$an_hour_ago", "complete_time": "$in_an_hour",
        "body": {"video": {
            "total": 1,
            "files": [{
                "asset_id": asset, "thumbnail_asset_id": asset, "duration_ms": 8000,
                "width": 1920, "height": 1080, "format": "mp4",
            }],
            "sources": [{"asset_id": asset, "image_output_id": "$output", "duration_ms": 1500}],
        }},
    })
}

pub(crate) fn rows() -> Vec<Row> {
    let paid = "TRANSACTION_NOT_FOUND";
    vec![
        Row::write("library.v1.LibraryService/CreateOutput", video(), Twice::Both)
            .with(&[FUNDED, CHARGED, PROJECT, PLAN])
            .bad("user_id", "7")
            .bad("project_id", "7")
            .bad("job_id", "7")
            .bad("transaction_id", "7")
            .bad("run", "")
            .bad("prompt", " ")
            .bad("art_style", "")
            .bad("model", "")
            .bad("message", "")
            .bad("complete_time", "2020-01-01T00:00:00Z")
            .bad("body.video.total", 1001)
            .bad("body.video.files[0].asset_id", "")
            .bad("body.video.files[0].duration_ms", -1)
            .bad("body.video.files[0].width", 65536)
            .bad("body.video.sources[0].image_output_id", "7")
            .missing("project_id", "PROJECT_NOT_FOUND")
            .missing("transaction_id", paid)
            .missing("body.video.sources[0].image_output_id", GONE)
            .missing("body.video.sources[0].asset_id", "ASSET_NOT_FOUND")
            .missing("body.video.files[0].asset_id", "ASSET_NOT_FOUND")
            .missing("body.video.files[0].thumbnail_asset_id", "ASSET_NOT_FOUND")
            .others(paid)
            .nobody(Some(paid))
            .after(PROJECT_DELETED, "PROJECT_DELETED"),
        output("library.v1.LibraryService/GetOutput", Twice::Both, &[]),
        Row::read(
            "library.v1.LibraryService/BatchGetOutputs",
            json!({"user_id": "$user", "output_ids": ["$output", "$nobody"]}),
        )
        .with(&[PROJECT, PLAN])
        .bad("user_id", "7")
        .bad("output_ids[0]", "7")
        .bad("output_ids", json!([]))
        .nobody(None),
        Row::read(
            "library.v1.LibraryService/ListOutputs",
            json!({
                "user_id": "$user", "project_id": "$project", "kinds": ["OUTPUT_KIND_IMAGE"],
                "model": "veo2", "art_style": "ink", "success": true,
                "start_time": "$an_hour_ago", "end_time": "$in_an_hour",
            }),
        )
        .with(&[PROJECT, PLAN])
        .bad("user_id", "7")
        .bad("project_id", "7")
        .bad("job_id", "7")
        .bad("model", "")
        .bad("art_style", "")
        .bad("end_time", "2020-01-01T00:00:00Z")
        .bad_at("kinds[0]", "kinds", json!(["OUTPUT_KIND_UNSPECIFIED"]))
        .nobody(None),
        named(
            Row::write(
                "library.v1.LibraryService/UpdateOutput",
                json!({
                    "user_id": "$user", "output_id": "$output", "etag": "$etag",
                    "update_mask": "projectId,message,artStyle",
                    "output": {"project_id": "$project", "message": "Kept", "art_style": "ink"},
                }),
                Twice::Once("ETAG_MISMATCH"),
            )
            .with(&[PROJECT, PLAN]),
            &[],
            "output_id",
            GONE,
        )
        .others("PROJECT_NOT_FOUND")
        .bad("output.project_id", "7")
        .bad("output.message", "")
        .bad("output.art_style", "")
        .bad("etag", "7")
        .bad_at("update_mask.paths[0]", "update_mask", "prompt")
        .missing("output.project_id", "PROJECT_NOT_FOUND")
        .after(PROJECT_DELETED, "PROJECT_DELETED"),
        output("library.v1.LibraryService/SelectSegmentation", Twice::Both, &[])
            .nobody(Some(GONE))
            .bad("etag", "7")
            .after(DELETED, "RECORD_DELETED"),
        output("library.v1.LibraryService/DeleteOutput", Twice::Both, &[]).bad("etag", "7"),
        output("library.v1.LibraryService/RestoreOutput", Twice::Both, &[DELETED]).bad("etag", "7"),
        output("library.v1.LibraryService/PurgeOutput", Twice::Once(GONE), &[DELETED])
            .bad("etag", "7")
            .after(RESTORED, "RECORD_NOT_DELETED"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_of_the_library_keeps_its_promises() {
    check(rows()).await;
}

async fn key(served: &Served) -> String {
    let scopes = Scope::ALL.into_iter().map(|scope| scope_to_proto(scope).into()).collect();
    let request = IssueApiKeyRequest { name: "library".to_owned(), scopes, lifetime: None };
    served.api.keys.clone().issue_api_key(request).await.unwrap().into_inner().secret
}

async fn output_of(world: &World<'_>) -> Value {
    let request = world.fill(&json!({"user_id": "$user", "output_id": "$output"}));
    let answer = world.call("library.v1.LibraryService/GetOutput", &request).await.unwrap();
    answer["output"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_follows_the_ledger() {
    let served = Served::start().await;
    let key = key(&served).await;
    let world = World::new(&served, &key, &[FUNDED, HELD, PROJECT, IMAGE]).await;
    let expect = async |state: &str, used: &str, refunded: &str| {
        let charge = output_of(&world).await["charge"].clone();
        assert_eq!(charge["state"], format!("CHARGE_STATE_{state}"));
        assert_eq!(
            (&charge["credits_used"], &charge["credits_refunded"]),
            (&json!(used), &json!(refunded))
        );
        assert_eq!(charge["refunded"], state == "REFUNDED");
    };
    let ledger = async |method: &str, request: &str, amount: &str| {
        let request = world.fill(&json!({
            "user_id": "$user", "request_id": request, "transaction_id": "$charge",
            "amount": amount,
        }));
        let path = format!("ledger.v1.LedgerService/{method}");
        world.call(&path, &request).await.unwrap();
    };
    expect("HELD", "0.00", "0.00").await;
    ledger("Capture", "capture", "7.50").await;
    expect("CHARGED", "7.50", "0.00").await;
    ledger("Refund", "part", "2.50").await;
    expect("PARTLY_REFUNDED", "7.50", "2.50").await;
    ledger("Refund", "rest", "5.00").await;
    expect("REFUNDED", "7.50", "7.50").await;
    drop(world);

    let world = World::new(&served, &key, &[FUNDED, HELD, PROJECT, IMAGE]).await;
    let release = json!({"user_id": "$user", "request_id": "r", "transaction_id": "$charge"});
    world.call("ledger.v1.LedgerService/Release", &world.fill(&release)).await.unwrap();
    assert_eq!(output_of(&world).await["charge"]["state"], "CHARGE_STATE_RELEASED");
    drop(world);
    served.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_project_shows_what_was_made_and_not_by_whom() {
    let served = Served::start().await;
    let key = key(&served).await;
    let world = World::new(&served, &key, &[FUNDED, CHARGED, PROJECT, PLAN, IMAGE]).await;
    let link = json!({"user_id": "$user", "project_id": "$project"});
    let link = world.call("projects.v1.ProjectService/CreateShareLink", &world.fill(&link)).await;
    let link = link.unwrap();
    let shared = "projects.v1.ProjectService/GetSharedProject";
    for request in [json!({"token": link["token"]}), json!({"public_project_id": "$project"})] {
        let seen = world.call(shared, &world.fill(&request)).await.unwrap();
        assert_eq!(seen["project"]["name"], "Comics");
        assert_eq!(seen["outputs"].as_array().unwrap().len(), 2);
        assert_eq!(seen["outputs"][0]["prompt"], "A lighthouse");
        assert_eq!(seen["contents"].as_array().unwrap().len(), 2);
        let text = seen.to_string();
        for secret in ["user", "charge"] {
            assert!(!text.contains(&world.names[secret]), "{secret} in {text}");
        }
    }
    let found = world.call("projects.v1.ProjectService/ListPublicProjects", &json!({})).await;
    let found = found.unwrap();
    assert_eq!(found["projects"][0]["id"], world.names["project"].as_str());
    assert!(!found.to_string().contains(&world.names["user"]));

    let project = world.fill(&json!({"user_id": "$user", "project_id": "$project"}));
    let whole = world.call("projects.v1.ProjectService/GetProject", &project).await.unwrap();
    let counts = json!([
        {"kind": "CONTENT_KIND_SEGMENTATION", "count": "1"},
        {"kind": "CONTENT_KIND_IMAGE", "count": "1"},
    ]);
    assert_eq!(whole["contents"], counts);
    drop(world);
    served.end().await;
}
