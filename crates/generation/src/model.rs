//! The catalogue of models: what a product calls them, who has them, and what they take. Rows, never
//! an enum: vendors retire models several times a year.

mod change;
mod probing;
mod routing;
mod warning;

use kernel::{Etag, Timestamp};

use crate::{Ability, ModelName, Route};

pub use change::{
    MODELS_MAX, ModelFieldError, ModelLife, ModelRejection, model_abilities, model_measure,
    model_routes,
};
pub use probing::{ProbedModel, compare};
pub use routing::{resolve, successor};
pub use warning::ModelWarning;

kernel::named_enums! {
    /// Whether a model can be had.
    ModelState {
        #[default]
        Active = "active",
        /// It will be gone; what is asked of it is still made.
        Deprecated = "deprecated",
        Retired = "retired",
    }
}

/// A model under its logical name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    pub name: ModelName,
    pub fields: ModelFields,
    pub life: ModelLife,
    pub etag: Etag,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

kernel::fields! {
    /// What an operator says of a model. A limit that is `None`: as much as anybody may ask for.
    ModelFields {
        /// In the order of [`Ability::ALL`], each once, at least one.
        abilities: Vec<Ability>,
        /// Pictures at once.
        images_max: Option<u32>,
        /// Of a video.
        millis_max: Option<u32>,
        /// Of what is written.
        characters_max: Option<u32>,
        /// In any order.
        routes: Vec<ModelRoute>,
    }
}

/// One of those who have a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelRoute {
    /// Lower ones are asked first.
    pub position: u16,
    /// Of those at one position: how often one is asked first, against the others. Whoever has 0 is
    /// asked after all others.
    pub weight: u16,
    pub route: Route,
}

#[cfg(test)]
mod fixtures {
    use super::*;
    use crate::fixtures::at;

    /// A model of pictures with routes of these positions, weights and providers.
    pub(super) fn model(name: &str, routes: &[(u16, u16, &str)]) -> Model {
        let route = |(position, weight, provider): &(u16, u16, &str)| ModelRoute {
            position: *position,
            weight: *weight,
            route: crate::fixtures::route(provider),
        };
        Model {
            name: name.parse().unwrap(),
            fields: ModelFields {
                abilities: vec![Ability::Image],
                images_max: Some(4),
                millis_max: None,
                characters_max: None,
                routes: routes.iter().map(route).collect(),
            },
            life: ModelLife::default(),
            etag: Etag::FIRST,
            created_at: at(0),
            updated_at: at(0),
        }
    }
}
