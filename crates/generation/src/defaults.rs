//! The models that a server begins with: today's of the vendors, the names that products use, and
//! those of the built-in studio. They become rows once, and are the operators' from then on.

use kernel::{Etag, Timestamp};

use crate::{Ability, Model, ModelFields, ModelLife, ModelRoute, ModelState, Route};

/// The built-in provider.
pub const STUDIO: &str = "studio";

struct Default {
    name: &'static str,
    abilities: &'static [Ability],
    state: ModelState,
    replacement: Option<&'static str>,
    shutdown: Option<&'static str>,
    images_max: Option<u32>,
    millis_max: Option<u32>,
    /// Provider and the model's name there; those of the studio come last.
    routes: &'static [(&'static str, &'static str)],
}

const fn active(
    name: &'static str,
    abilities: &'static [Ability],
    routes: &'static [(&'static str, &'static str)],
) -> Default {
    Default {
        name,
        abilities,
        state: ModelState::Active,
        replacement: None,
        shutdown: None,
        images_max: None,
        millis_max: None,
        routes,
    }
}

const fn gone(
    name: &'static str,
    abilities: &'static [Ability],
    replacement: Option<&'static str>,
    day: &'static str,
) -> Default {
    Default {
        state: ModelState::Retired,
        replacement,
        shutdown: Some(day),
        ..active(name, abilities, &[])
    }
}

const fn pictures(max: u32, default: Default) -> Default {
    Default { images_max: Some(max), ..default }
}

const fn lasting(millis: u32, default: Default) -> Default {
    Default { millis_max: Some(millis), ..default }
}

const TEXT: &[Ability] = &[Ability::Text];
const RESEARCH: &[Ability] = &[Ability::Research];
const IMAGES: &[Ability] = &[Ability::Image, Ability::Edit];
const VIDEO: &[Ability] = &[Ability::Video];
const SPEECH: &[Ability] = &[Ability::Speech];

// A logical name such as `imagen` outlives the vendor's models: it goes to what replaced them.
const DEFAULTS: &[Default] = &[
    active("studio-text", TEXT, &[(STUDIO, "studio-text")]),
    active("studio-research", RESEARCH, &[(STUDIO, "studio-research")]),
    pictures(8, active("studio-image", IMAGES, &[(STUDIO, "studio-image")])),
    lasting(120_000, active("studio-video", VIDEO, &[(STUDIO, "studio-video")])),
    active("studio-speech", SPEECH, &[(STUDIO, "studio-speech")]),
    active("gemini", TEXT, &[("gemini", "gemini-3.8-flash"), (STUDIO, "studio-text")]),
    active(
        "gemini-search",
        RESEARCH,
        &[("gemini", "gemini-3.8-flash"), (STUDIO, "studio-research")],
    ),
    active("tavily", RESEARCH, &[("tavily", "basic"), (STUDIO, "studio-research")]),
    pictures(
        4,
        active("imagen", IMAGES, &[("gemini", "gemini-3.1-flash-image"), (STUDIO, "studio-image")]),
    ),
    pictures(
        4,
        active("gpt-image", IMAGES, &[("openai", "gpt-image-2.6-flare"), (STUDIO, "studio-image")]),
    ),
    pictures(6, active("recraft", IMAGES, &[("recraft", "recraftv3"), (STUDIO, "studio-image")])),
    pictures(
        4,
        active(
            "flux",
            IMAGES,
            &[
                ("fal", "fal-ai/flux/dev"),
                ("replicate", "black-forest-labs/flux-dev"),
                (STUDIO, "studio-image"),
            ],
        ),
    ),
    lasting(
        10_000,
        active("veo2", VIDEO, &[("gemini", "gemini-omni-1.1-flash"), (STUDIO, "studio-video")]),
    ),
    lasting(
        8_000,
        active("veo3", VIDEO, &[("vertex", "veo-3.1-generate-001"), (STUDIO, "studio-video")]),
    ),
    active(
        "elevenlabs",
        SPEECH,
        &[("elevenlabs", "eleven_multilingual_v2"), (STUDIO, "studio-speech")],
    ),
    active("gemini-tts", SPEECH, &[("gemini", "gemini-2.5-flash-tts"), (STUDIO, "studio-speech")]),
    gone("imagen-4.0-generate-001", &[Ability::Image], Some("imagen"), "2026-08-17"),
    gone("veo-2.0-generate-001", VIDEO, Some("veo2"), "2026-06-30"),
    gone("veo-3.0-generate-001", VIDEO, Some("veo3"), "2026-06-30"),
    gone("gemini-2.5-flash-image", IMAGES, Some("imagen"), "2026-10-02"),
    gone("sora-2", VIDEO, None, "2026-09-24"),
    gone("dall-e-3", &[Ability::Image], Some("gpt-image"), "2026-05-12"),
    gone("gpt-image-1", IMAGES, Some("gpt-image"), "2026-10-23"),
];

/// The default models. With `fallback` the studio stands in where a vendor is not set up or down:
/// only where pictures of a stand-in are better than none.
pub fn defaults(fallback: bool, now: Timestamp) -> Vec<Model> {
    DEFAULTS.iter().filter_map(|default| default.model(fallback, now)).collect()
}

impl Default {
    // Every text here is a value, as a test shows.
    fn model(&self, fallback: bool, now: Timestamp) -> Option<Model> {
        let own = self.name.starts_with(STUDIO);
        let routes =
            self.routes.iter().filter(|(provider, _)| own || fallback || *provider != STUDIO);
        let routes = (1..).zip(routes).map(|(position, (provider, model))| {
            let route = Route { provider: provider.parse().ok()?, model: model.parse().ok()? };
            Some(ModelRoute { position, weight: 1, route })
        });
        Some(Model {
            name: self.name.parse().ok()?,
            fields: ModelFields {
                abilities: self.abilities.to_vec(),
                images_max: self.images_max,
                millis_max: self.millis_max,
                characters_max: None,
                routes: routes.collect::<Option<_>>()?,
            },
            life: ModelLife {
                state: self.state,
                replacement: self.replacement.and_then(|name| name.parse().ok()),
                shutdown: self.shutdown.and_then(|day| day.parse().ok()),
            },
            etag: Etag::FIRST,
            created_at: now,
            updated_at: now,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::at;
    use crate::{model_abilities, model_routes};

    #[test]
    fn every_default_is_a_model_and_can_be_had() {
        let models = defaults(true, at(0));
        assert_eq!(models.len(), DEFAULTS.len());
        for model in &models {
            let retired = model.life.state == ModelState::Retired;
            assert_eq!(model.fields.routes.is_empty(), retired, "{}", model.name);
            let there = |name: &crate::ModelName| models.iter().any(|other| other.name == *name);
            assert!(model.life.replacement.iter().all(there), "{}", model.name);
            assert_eq!(
                model_abilities(model.fields.abilities.clone()).as_ref(),
                Ok(&model.fields.abilities)
            );
            assert!(model_routes(model.fields.routes.clone()).is_ok(), "{}", model.name);
            assert_eq!(models.iter().filter(|other| other.name == model.name).count(), 1);
        }
        for ability in Ability::ALL {
            let studio = |model: &&Model| model.name.as_str().starts_with(STUDIO);
            assert!(
                models.iter().filter(studio).any(|model| model.fields.abilities.contains(ability))
            );
        }
    }

    #[test]
    fn the_studio_stands_in_only_where_it_is_let() {
        let stands_in = |model: &Model| {
            let own = model.name.as_str().starts_with(STUDIO);
            !own && model.fields.routes.iter().any(|one| one.route.provider.as_str() == STUDIO)
        };
        assert!(defaults(true, at(0)).iter().any(stands_in));
        assert!(!defaults(false, at(0)).iter().any(stands_in));
    }
}
