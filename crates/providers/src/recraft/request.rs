//! What Recraft is asked.

use generation::{Failure, ImageAsk};
use serde_json::{Value, json};

use crate::failures::unfit;
use crate::http::{Part, Request};
use crate::measures;

const IMAGES_MAX: u32 = 6;

/// What the two generations of models read, in characters.
const OLD_PROMPT_CHARS_MAX: usize = 1_000;
const PROMPT_CHARS_MAX: usize = 10_000;

const OLD_SIZES: &[&str] = &[
    "1024x1024",
    "1365x1024",
    "1024x1365",
    "1536x1024",
    "1024x1536",
    "1820x1024",
    "1024x1820",
    "1024x2048",
    "2048x1024",
    "1434x1024",
    "1024x1434",
    "1024x1280",
    "1280x1024",
    "1024x1707",
    "1707x1024",
];
const SIZES: &[&str] = &[
    "1024x1024",
    "1536x768",
    "768x1536",
    "1280x832",
    "832x1280",
    "1216x896",
    "896x1216",
    "1152x896",
    "896x1152",
    "832x1344",
    "1280x896",
    "896x1280",
    "1344x768",
    "768x1344",
];
const PRO_SIZES: &[&str] = &[
    "2048x2048",
    "3072x1536",
    "1536x3072",
    "2560x1664",
    "1664x2560",
    "2432x1792",
    "1792x2432",
    "2304x1792",
    "1792x2304",
    "1664x2688",
    "2560x1792",
    "1792x2560",
    "2688x1536",
    "1536x2688",
];

/// Styles that have a field of their own.
const STYLES: &[&str] =
    &["realistic_image", "digital_illustration", "vector_illustration", "logo_raster", "icon"];

/// Those of them that are drawn in lines.
const VECTORS: &[&str] = &["vector_illustration", "icon"];

/// How far a picture goes from its reference where nothing is said, in hundredths.
const STRENGTH: u8 = 50;

pub(super) fn image(model: &str, image: &ImageAsk) -> Result<Request, Failure> {
    if image.count > IMAGES_MAX {
        return Err(unfit(format!("the model makes at most {IMAGES_MAX} pictures at once")));
    }
    let Asked { prompt, style, negative } = asked(model, image)?;
    if image.references.is_empty() {
        let mut body = json!({
            "model": model,
            "prompt": prompt,
            "n": image.count,
            "size": measures::nearest_size(image.aspect, sizes(model)),
            "response_format": "b64_json",
            "block_nsfw": true,
        });
        // Drawings of lines come as SVG: no pixels to store in one format or another.
        if !is_vector(model, style.as_deref()) {
            body["image_format"] = "png".into();
        }
        for (name, value) in [("style", style), ("negative_prompt", negative)] {
            if let Some(value) = value {
                body[name] = value.into();
            }
        }
        if let Some(seed) = image.seed {
            body["random_seed"] = Value::from(seed);
        }
        return Ok(Request::post("/images/generations", body));
    }
    let [reference] = image.references.as_slice() else {
        return Err(unfit("the model takes one picture"));
    };
    let strength = f64::from(image.strength.unwrap_or(STRENGTH).min(100)) / 100.0;
    let mut parts = vec![
        Part::text("model", model),
        Part::text("prompt", prompt),
        Part::text("n", image.count.to_string()),
        Part::text("strength", strength.to_string()),
        Part::text("response_format", "b64_json"),
        Part::text("block_nsfw", "true"),
    ];
    let told = [("style", style), ("negative_prompt", negative)];
    parts.extend(told.into_iter().filter_map(|(name, value)| Some(Part::text(name, value?))));
    if let Some(seed) = image.seed {
        parts.push(Part::text("random_seed", seed.to_string()));
    }
    parts.push(Part::file("image", &reference.media_type, &reference.bytes));
    Ok(Request::form("/images/imageToImage", parts))
}

/// What is said in words and what in fields.
struct Asked {
    prompt: String,
    style: Option<String>,
    negative: Option<String>,
}

fn asked(model: &str, image: &ImageAsk) -> Result<Asked, Failure> {
    let mut image = image.clone();
    let style = image.art_style.take_if(|style| STYLES.contains(&style.as_str()));
    // Only this generation has a place for what is not to be seen.
    let negative = image.negative_prompt.take_if(|_| model.starts_with("recraftv3"));
    let prompt = image.words();
    let max = if is_old(model) { OLD_PROMPT_CHARS_MAX } else { PROMPT_CHARS_MAX };
    if prompt.chars().count() > max {
        return Err(unfit(format!("the model reads at most {max} characters")));
    }
    Ok(Asked { prompt, style, negative })
}

fn is_vector(model: &str, style: Option<&str>) -> bool {
    model.contains("vector") || style.is_some_and(|style| VECTORS.contains(&style))
}

fn is_old(model: &str) -> bool {
    model.starts_with("recraftv2") || model.starts_with("recraftv3")
}

fn sizes(model: &str) -> &'static [&'static str] {
    if is_old(model) {
        OLD_SIZES
    } else if model.contains("pro") {
        PRO_SIZES
    } else {
        SIZES
    }
}
