//! What Replicate is asked: a model's input, in the names that most models share.

use generation::{Ask, Call, Failure, ImageAsk, Marker, VideoAsk};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use crate::failures::unfit;
use crate::http::Request;
use crate::{measures, media, wording};

const RATIOS: &[&str] =
    &["1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21"];
const FILM_RATIOS: &[&str] = &["16:9", "9:16", "1:1"];
const SECONDS: &[u32] = &[5, 6, 7, 8, 9, 10];

/// The name by which the marker is hung on the webhook's address.
pub(super) const MARKER: &str = "submission";

pub(super) fn prediction(call: &Call, webhook: Option<&Url>) -> Result<Request, Failure> {
    let input = match &call.ask {
        Ask::Image(image) => self::image(&call.model, image, &call.marker),
        Ask::Video(video) => self::video(video, &call.marker)?,
        Ask::Chat(_)
        | Ask::Concept(_)
        | Ask::Research(_)
        | Ask::Summary(_)
        | Ask::Segmentation(_)
        | Ask::Speech(_) => return Err(unfit("the model makes pictures and videos")),
    };
    let mut body = json!({"input": input});
    let path = match call.model.split_once(':') {
        Some((_, version)) => {
            body["version"] = version.into();
            "/predictions".to_owned()
        }
        None if call.model.starts_with("deployments/") => format!("/{}/predictions", call.model),
        None => format!("/models/{}/predictions", call.model),
    };
    if let Some(url) = webhook {
        let mut url = url.clone();
        url.query_pairs_mut().append_pair(MARKER, call.marker.as_str());
        body["webhook"] = String::from(url).into();
        body["webhook_events_filter"] = json!(["completed"]);
    }
    Ok(Request::post(path, body))
}

fn image(model: &str, image: &ImageAsk, marker: &Marker) -> Value {
    let mut input = json!({
        "prompt": image.words(),
        "aspect_ratio": measures::nearest_ratio(image.aspect, RATIOS),
        "seed": image.seed.unwrap_or_else(|| seed_of(marker)),
    });
    // Models that make one at a time do not know the field.
    if image.count > 1 {
        input["num_outputs"] = image.count.into();
    }
    match image.references.as_slice() {
        [] => {}
        [one] => {
            let name = if model.contains("kontext") { "input_image" } else { "image" };
            input[name] = media::as_data_url(one).into();
        }
        more => {
            let urls = more.iter().map(media::as_data_url).collect::<Vec<_>>();
            input["image_input"] = urls.into();
        }
    }
    if let Some(strength) = image.strength.filter(|_| !image.references.is_empty()) {
        input["prompt_strength"] = (f64::from(strength.min(100)) / 100.0).into();
    }
    input
}

fn video(video: &VideoAsk, marker: &Marker) -> Result<Value, Failure> {
    let mut input = json!({
        "prompt": wording::film(video, true),
        "aspect_ratio": measures::nearest_ratio(video.aspect, FILM_RATIOS),
        "duration": measures::seconds(video, SECONDS)?,
        "seed": video.seed.unwrap_or_else(|| seed_of(marker)),
    });
    match video.frames.as_slice() {
        [] => Ok(input),
        [frame] => {
            input["image"] = media::as_data_url(&frame.picture).into();
            Ok(input)
        }
        _ => Err(unfit("the model makes videos of one picture")),
    }
}

/// A seed that tells a submission from others, where the caller has none: it is listed with the
/// prediction.
pub(super) fn seed_of(marker: &Marker) -> u32 {
    let hash = Sha256::digest(marker.as_str().as_bytes());
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]) & 0x7fff_ffff
}
