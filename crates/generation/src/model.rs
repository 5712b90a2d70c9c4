//! The catalogue of models: what a product calls them, who has them, and what they take. Rows, never
//! an enum: vendors retire models several times a year.

use kernel::Line;

use crate::{Ability, ModelName, ProviderName, Rejection, Request, Route};

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
    pub abilities: Vec<Ability>,
    pub state: ModelState,
    /// What to take instead of a model that is deprecated or retired.
    pub replacement: Option<ModelName>,
    /// The day on which it will be gone: `YYYY-MM-DD`.
    pub shutdown: Option<Line<64>>,
    pub limits: ModelLimits,
    /// In any order.
    pub routes: Vec<ModelRoute>,
}

/// What a model takes at most. `None`: as much as anybody may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ModelLimits {
    /// Pictures at once.
    pub images_max: Option<u32>,
    /// Of a video.
    pub millis_max: Option<u32>,
    /// Of what is written.
    pub characters_max: Option<u32>,
}

/// One of those who have a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelRoute {
    /// Lower ones are asked first.
    pub position: u16,
    /// Of those at one position: how often one is the first, against the others.
    pub weight: u16,
    pub route: Route,
}

/// Who is to be asked for a request, in order. Fails before anything is reserved.
///
/// `set_up` tells which providers this server has; `draw` is a random number.
pub fn resolve(
    model: Option<&Model>,
    name: &ModelName,
    request: &Request,
    set_up: impl Fn(&ProviderName) -> bool,
    draw: u64,
) -> Result<Vec<Route>, Rejection> {
    let model = model.ok_or_else(|| Rejection::ModelUnknown { model: name.clone() })?;
    let name = || model.name.clone();
    if model.state == ModelState::Retired {
        let replacement = model.replacement.clone();
        return Err(Rejection::ModelRetired { model: name(), replacement });
    }
    for ability in request.abilities() {
        if !model.abilities.contains(ability) {
            return Err(Rejection::ModelUnable { model: name(), ability: *ability });
        }
    }
    model.check_limits(request)?;
    let routes: Vec<&ModelRoute> =
        model.routes.iter().filter(|one| set_up(&one.route.provider)).collect();
    if routes.is_empty() {
        return Err(Rejection::ModelUnavailable { model: name() });
    }
    Ok(in_order(routes, draw))
}

impl Model {
    fn check_limits(&self, request: &Request) -> Result<(), Rejection> {
        let measures = request.measures();
        let largest = request.steps().iter().map(|(_, asked)| *asked).max().unwrap_or_default();
        let ModelLimits { images_max, millis_max, characters_max } = self.limits;
        for (max, asked, what) in [
            (images_max, largest, "pictures"),
            (millis_max, measures.millis, "milliseconds"),
            (characters_max, measures.characters, "characters"),
        ] {
            if let Some(max) = max.filter(|max| asked > *max) {
                return Err(Rejection::ModelLimit { model: self.name.clone(), what, max });
            }
        }
        Ok(())
    }
}

/// By position; at one position the first is drawn by weight, the others follow as they are.
fn in_order(mut routes: Vec<&ModelRoute>, draw: u64) -> Vec<Route> {
    routes.sort_by_key(|one| one.position);
    let mut ordered = Vec::new();
    for group in routes.chunk_by(|a, b| a.position == b.position) {
        let total: u64 = group.iter().map(|one| u64::from(one.weight)).sum();
        let mut left = draw.checked_rem(total).unwrap_or_default();
        let first = group.iter().position(|one| {
            let weight = u64::from(one.weight);
            let hit = left < weight;
            left = left.saturating_sub(weight);
            hit
        });
        let first = first.unwrap_or_default();
        let others = group.iter().enumerate().filter(|(place, _)| *place != first);
        ordered.extend(group.get(first).map(|one| one.route.clone()));
        ordered.extend(others.map(|(_, one)| one.route.clone()));
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    fn model(routes: &[(u16, u16, &str)]) -> Model {
        let route = |(position, weight, provider): &(u16, u16, &str)| ModelRoute {
            position: *position,
            weight: *weight,
            route: Route { provider: provider.parse().unwrap(), model: "m".parse().unwrap() },
        };
        Model {
            name: "flux".parse().unwrap(),
            abilities: vec![Ability::Image],
            state: ModelState::Active,
            replacement: None,
            shutdown: None,
            limits: ModelLimits { images_max: Some(4), ..ModelLimits::default() },
            routes: routes.iter().map(route).collect(),
        }
    }

    fn asked(model: &Model, request: &Request, draw: u64) -> Result<String, Rejection> {
        let set_up = |provider: &ProviderName| provider.as_str() != "none";
        let routes = resolve(Some(model), &model.name, request, set_up, draw)?;
        let names = routes.iter().map(|route| route.provider.as_str());
        Ok(names.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn routes_go_by_position_then_by_weight() {
        let three = model(&[(2, 1, "c"), (1, 3, "a"), (1, 1, "b"), (1, 9, "none")]);
        let image = fixtures::image(1);
        for (draw, order) in [(0, "a b c"), (2, "a b c"), (3, "b a c"), (4, "a b c")] {
            assert_eq!(asked(&three, &image, draw), Ok(order.to_owned()), "{draw}");
        }
        assert_eq!(asked(&model(&[(1, 0, "a")]), &image, 7), Ok("a".to_owned()));
    }

    #[test]
    fn what_a_model_cannot_do_is_refused() {
        let plain = model(&[(1, 1, "a")]);
        let image = fixtures::image(1);
        let name = || plain.name.clone();
        let retired = Model {
            state: ModelState::Retired,
            replacement: Some("new".parse().unwrap()),
            ..plain.clone()
        };
        let why =
            Rejection::ModelRetired { model: name(), replacement: Some("new".parse().unwrap()) };
        assert_eq!(asked(&retired, &image, 0), Err(why));
        let deprecated = Model { state: ModelState::Deprecated, ..plain.clone() };
        assert!(asked(&deprecated, &image, 0).is_ok());
        let why = Rejection::ModelUnable { model: name(), ability: Ability::Edit };
        assert_eq!(asked(&plain, &fixtures::character(), 0), Err(why));
        let why = Rejection::ModelLimit { model: name(), what: "pictures", max: 4 };
        assert_eq!(asked(&plain, &fixtures::image(5), 0), Err(why));
        let none = model(&[(1, 1, "none")]);
        assert_eq!(asked(&none, &image, 0), Err(Rejection::ModelUnavailable { model: name() }));
        let unknown = resolve(None, &plain.name, &image, |_| true, 0);
        assert_eq!(unknown, Err(Rejection::ModelUnknown { model: name() }));
    }
}
