//! Recraft: generations, edits, styles.

use mock_vendors::Vendor::Recraft;
use serde_json::json;

use super::client::{Answer, Mock, holds, is, nothing};

const PATH: &str = "/v1/images/generations";

fn draw(mock: &Mock, prompt: &str) -> Answer {
    mock.post(Recraft, PATH, &json!({ "prompt": prompt, "n": 4 }))
}

#[test]
fn pictures_are_made_and_refused_in_each_shape() {
    let mock = Mock::start();
    let code = "/code";
    holds(
        &[
            ("a cat", 200, "/credits", json!(160)),
            ("[[partial:3/4]]", 200, "/credits", json!(120)),
            ("[[no-output]]", 200, "/data", json!([])),
            ("[[refuse-output]]", 200, "/data", json!([])),
            ("[[nsfw-black]]", 200, "/data/0/features/nsfw_score", json!(0.97)),
            ("[[refuse]]", 400, code, json!("content_policy_violation")),
            ("[[rate-limit:9]]", 429, code, json!("rate_limit_exceeded")),
            ("[[quota]]", 400, code, json!("not_enough_credits")),
            ("[[quota:402]]", 402, code, json!("not_enough_credits")),
            ("[[auth]]", 401, code, json!("unauthorized")),
            ("[[retired]]", 400, code, json!("invalid_request_parameter")),
            ("[[unavailable]]", 503, code, json!("service_unavailable")),
            ("[[fail]]", 500, code, json!("internal_error")),
            ("[[ambiguous]]", 500, "/data", nothing()),
        ],
        |prompt| draw(&mock, prompt),
    );
    let url = draw(&mock, "a cat").at("/data/3/url");
    assert!(is(&mock.fetch(url.as_str().unwrap()).bytes, "webp"));
}

#[test]
fn mistakes_of_a_request_are_refused() {
    let mock = Mock::start();
    for body in [
        json!({}),
        json!({ "prompt": "x", "n": 7 }),
        json!({ "prompt": "x", "model": "recraftv9" }),
        json!({ "prompt": "x".repeat(1001), "model": "recraftv3" }),
        json!({ "prompt": "x", "model": "recraftv4", "negative_prompt": "y" }),
        json!({ "prompt": "x", "size": "1820x1024" }),
        json!({ "prompt": "x", "model": "recraftv4_pro", "size": "1024x1024" }),
        json!({ "prompt": "x", "quality": "high" }),
    ] {
        let answer = mock.post(Recraft, PATH, &body);
        assert_eq!(
            (answer.status, answer.at("/code")),
            (400, json!("invalid_request_parameter")),
            "{body}"
        );
    }
    // Lists of lists look like the words of the mock, and are none.
    let square = json!([[0, 0], [1, 0], [1, 1], [0, 1]]);
    for body in [
        json!({ "prompt": "x".repeat(1001) }),
        json!({ "prompt": "x", "model": "recraftv3", "size": "1820x1024", "negative_prompt": "y" }),
        json!({ "prompt": "x", "model": "recraftv4_pro", "size": "2048x2048" }),
        json!({ "prompt": "x", "text_layout": [{ "text": "hi", "bbox": square }] }),
    ] {
        assert_eq!(mock.post(Recraft, PATH, &body).status, 200, "{body}");
    }
}

#[test]
fn edits_take_addresses_and_forms_and_answer_one_or_many() {
    let mock = Mock::start();
    let image = "data:image/png;base64,iVBO";
    let edit = |name: &str, body| mock.post(Recraft, &format!("/v1/images/{name}"), &body);
    let changed = json!({ "image_url": image, "prompt": "at night", "strength": 0.4, "n": 2 });
    assert!(edit("imageToImage", changed).at("/data/1/url").is_string());
    let incomplete = json!({ "image_url": image, "prompt": "at night" });
    assert_eq!(
        edit("imageToImage", incomplete.clone()).at("/message"),
        json!("strength: is required")
    );
    assert_eq!(edit("inpaint", incomplete).at("/message"), json!("mask: is required"));
    let url = edit("vectorize", json!({ "image_url": image })).at("/image/url");
    assert!(mock.fetch(url.as_str().unwrap()).bytes.starts_with(b"<svg"));
    let form = b"--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\
        Content-Type: image/png\r\n\r\n\x89PNG\r\n--x--\r\n";
    let headers = [
        ("authorization", "Bearer mock-recraft-key"),
        ("content-type", "multipart/form-data; boundary=x"),
    ];
    let path = "/recraft/v1/images/removeBackground";
    let answer = mock.send("POST", path, &headers, form).unwrap();
    assert!(answer.at("/image/image_id").is_string());
    assert_eq!(edit("sharpen", json!({})).status, 404);
}

#[test]
fn the_balance_is_told() {
    let mock = Mock::start();
    assert_eq!(mock.get(Recraft, "/v1/users/me").at("/credits"), json!(1000));
}
