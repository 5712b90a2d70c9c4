//! What fal is asked: a model's input, in the names that most models share.

use generation::{Ask, Call, Failure, ImageAsk, VideoAsk};
use serde_json::{Value, json};

use crate::failures::unfit;
use crate::http::Request;
use crate::{measures, media, wording};

const RATIOS: &[&str] = &["1:1", "4:3", "3:4", "16:9", "9:16", "21:9", "9:21"];
const FILM_RATIOS: &[&str] = &["16:9", "9:16", "1:1"];

/// The longer side where none is asked for.
const SIDE: u32 = 1024;

/// As long as any model's videos are.
const SECONDS: &[u32] = &[5, 6, 7, 8, 9, 10];

/// Files go after a day: by then we have copied them.
const FILES_KEPT: &str = "{\"expiration_duration_seconds\":86400}";

pub(super) fn submission(call: &Call) -> Result<Request, Failure> {
    let input = match &call.ask {
        Ask::Image(image) => self::image(&call.model, image),
        Ask::Video(video) => self::video(video)?,
        Ask::Chat(_)
        | Ask::Concept(_)
        | Ask::Research(_)
        | Ask::Summary(_)
        | Ask::Segmentation(_)
        | Ask::Speech(_) => return Err(unfit("the model makes pictures and videos")),
    };
    let request = Request::post(format!("/{}", call.model), input)
        // The queue would try again up to ten times by itself: who decides that is not it.
        .with("x-fal-no-retry", "1")
        .with("x-fal-object-lifecycle-preference", FILES_KEPT);
    Ok(request)
}

fn image(model: &str, image: &ImageAsk) -> Value {
    let mut input = json!({
        "prompt": image.words(),
        "num_images": image.count,
        "enable_safety_checker": true,
    });
    if model.ends_with("ultra") {
        input["aspect_ratio"] = measures::nearest_ratio(image.aspect, RATIOS).into();
    } else {
        let size = image.size.unwrap_or_else(|| image.aspect.fit(SIDE));
        input["image_size"] = json!({"width": size.width, "height": size.height});
    }
    match image.references.as_slice() {
        [] => {}
        [one] => input["image_url"] = media::as_data_url(one).into(),
        more => {
            let urls = more.iter().map(media::as_data_url).collect::<Vec<_>>();
            input["image_urls"] = urls.into();
        }
    }
    if let Some(strength) = image.strength.filter(|_| !image.references.is_empty()) {
        input["strength"] = (f64::from(strength.min(100)) / 100.0).into();
    }
    if let Some(seed) = image.seed {
        input["seed"] = seed.into();
    }
    input
}

fn video(video: &VideoAsk) -> Result<Value, Failure> {
    let seconds = measures::seconds(video, SECONDS)?;
    let mut input = json!({
        "prompt": wording::film(video, true),
        "aspect_ratio": measures::nearest_ratio(video.aspect, FILM_RATIOS),
        "duration": format!("{seconds}s"),
    });
    match video.frames.as_slice() {
        [] => {}
        [frame] => input["image_url"] = media::as_data_url(&frame.picture).into(),
        _ => return Err(unfit("the model makes videos of one picture")),
    }
    if let Some(seed) = video.seed {
        input["seed"] = seed.into();
    }
    Ok(input)
}
