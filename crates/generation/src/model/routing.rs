//! Whom a job asks: the routes of its model, in the order in which they are tried.

use super::{Model, ModelRoute, ModelState};
use crate::{Ability, ModelName, ProviderName, Rejection, Request, Route};

/// Who is to be asked for a request, in order. Fails before anything is reserved.
///
/// `set_up` tells which providers this server has; `draw` decides among routes of one position, and
/// the same number always decides alike.
pub fn resolve(
    model: Option<&Model>,
    name: &ModelName,
    request: &Request,
    set_up: impl Fn(&ProviderName) -> bool,
    draw: u64,
) -> Result<Vec<Route>, Rejection> {
    let model = model.ok_or_else(|| Rejection::ModelUnknown { model: name.clone() })?;
    let name = || model.name.clone();
    if model.life.state == ModelState::Retired {
        let replacement = model.life.replacement.clone();
        return Err(Rejection::ModelRetired { model: name(), replacement });
    }
    for ability in request.abilities() {
        if !model.fields.abilities.contains(ability) {
            return Err(Rejection::ModelUnable { model: name(), ability: *ability });
        }
    }
    model.check_limits(request)?;
    let routes: Vec<&ModelRoute> =
        model.fields.routes.iter().filter(|one| set_up(&one.route.provider)).collect();
    if routes.is_empty() {
        return Err(Rejection::ModelUnavailable { model: name() });
    }
    Ok(in_order(routes, draw))
}

/// What to take instead of a retired model: the first of those that it leads to that is there and
/// not retired itself.
pub fn successor(models: &[Model], name: &ModelName) -> Option<ModelName> {
    let mut model = models.iter().find(|model| model.name == *name)?;
    // Each is passed once: rows that lead in a circle lead nowhere.
    for _ in models {
        let next = model.life.replacement.as_ref()?;
        model = models.iter().find(|model| model.name == *next)?;
        if model.life.state != ModelState::Retired {
            return Some(model.name.clone());
        }
    }
    None
}

impl Model {
    fn check_limits(&self, request: &Request) -> Result<(), Rejection> {
        let measures = request.measures();
        let largest = request.steps().iter().map(|(_, asked)| *asked).max().unwrap_or_default();
        for (max, asked, what) in [
            (self.fields.images_max, largest, "pictures"),
            (self.fields.millis_max, measures.millis, "milliseconds"),
            (self.fields.characters_max, measures.characters, "characters"),
        ] {
            if let Some(max) = max.filter(|max| asked > *max) {
                return Err(Rejection::ModelLimit { model: self.name.clone(), what, max });
            }
        }
        Ok(())
    }

    /// Whether a provider is among those who have the model.
    pub fn is_at(&self, provider: &ProviderName) -> bool {
        self.fields.routes.iter().any(|one| one.route.provider == *provider)
    }

    /// Whether it does everything that another does.
    pub fn does(&self, abilities: &[Ability]) -> bool {
        abilities.iter().all(|ability| self.fields.abilities.contains(ability))
    }
}

/// By position; those at one position are drawn by weight, one after the other.
fn in_order(mut routes: Vec<&ModelRoute>, draw: u64) -> Vec<Route> {
    routes.sort_by_key(|one| one.position);
    let mut ordered = Vec::new();
    let mut draw = draw;
    for group in routes.chunk_by(|a, b| a.position == b.position) {
        let mut group = group.to_vec();
        while !group.is_empty() {
            let total: u64 = group.iter().map(|one| u64::from(one.weight)).sum();
            let mut left = draw.checked_rem(total).unwrap_or_default();
            // What is left of the draw decides about the others.
            draw = draw.checked_div(total).unwrap_or(draw);
            let drawn = group.iter().position(|one| {
                let weight = u64::from(one.weight);
                let hit = left < weight;
                left = left.saturating_sub(weight);
                hit
            });
            ordered.push(group.remove(drawn.unwrap_or_default()).route.clone());
        }
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::model;
    use super::super::{ModelFields, ModelLife};
    use super::*;
    use crate::fixtures;

    fn asked(model: &Model, request: &Request, draw: u64) -> Result<String, Rejection> {
        let set_up = |provider: &ProviderName| provider.as_str() != "none";
        let routes = resolve(Some(model), &model.name, request, set_up, draw)?;
        let names = routes.iter().map(|route| route.provider.as_str());
        Ok(names.collect::<Vec<_>>().join(" "))
    }

    fn retired(name: &str, replacement: Option<&str>) -> Model {
        let replacement = replacement.map(|name| name.parse().unwrap());
        let life = ModelLife { state: ModelState::Retired, replacement, shutdown: None };
        Model { life, ..model(name, &[(1, 1, "a")]) }
    }

    #[test]
    fn routes_go_by_position_then_by_weight() {
        let three = model("m", &[(2, 1, "c"), (1, 3, "a"), (1, 1, "b"), (1, 9, "none")]);
        let image = fixtures::image(1);
        for (draw, order) in [(0, "a b c"), (2, "a b c"), (3, "b a c"), (4, "a b c")] {
            assert_eq!(asked(&three, &image, draw), Ok(order.to_owned()), "{draw}");
        }
        assert_eq!(asked(&model("m", &[(1, 0, "a")]), &image, 7), Ok("a".to_owned()));
        let last = model("m", &[(1, 0, "a"), (1, 1, "b"), (1, 0, "c")]);
        assert!((0..9).all(|draw| asked(&last, &image, draw) == Ok("b a c".to_owned())));
    }

    #[test]
    fn each_route_has_its_share_of_the_jobs_first_and_second() {
        let image = fixtures::image(1);
        let three = model("m", &[(1, 5, "a"), (1, 3, "b"), (1, 2, "c")]);
        // Every remainder by ten, and every remainder of what is left by any two of them.
        let draws = 10 * 8 * 7 * 5;
        let orders: Vec<String> =
            (0..draws).map(|draw| asked(&three, &image, draw).unwrap()).collect();
        let share = |begin: &str| {
            orders.iter().filter(|order| order.starts_with(begin)).count() * 1_000 / orders.len()
        };
        assert_eq!(["a", "b", "c"].map(share), [500, 300, 200]);
        assert_eq!(["a b", "a c", "b a", "c b"].map(share), [300, 200, 214, 75]);
    }

    #[test]
    fn what_a_model_cannot_do_is_refused() {
        let plain = model("flux", &[(1, 1, "a")]);
        let image = fixtures::image(1);
        let name = || plain.name.clone();
        let new = || Some("new".parse().unwrap());
        let why = Rejection::ModelRetired { model: name(), replacement: new() };
        assert_eq!(asked(&retired("flux", Some("new")), &image, 0), Err(why));
        let life = ModelLife { state: ModelState::Deprecated, ..ModelLife::default() };
        assert!(asked(&Model { life, ..plain.clone() }, &image, 0).is_ok());
        let why = Rejection::ModelUnable { model: name(), ability: Ability::Edit };
        assert_eq!(asked(&plain, &fixtures::character(), 0), Err(why));
        let why = Rejection::ModelLimit { model: name(), what: "pictures", max: 4 };
        assert_eq!(asked(&plain, &fixtures::image(5), 0), Err(why));
        let fields = ModelFields { images_max: None, ..plain.fields.clone() };
        assert!(asked(&Model { fields, ..plain.clone() }, &fixtures::image(5), 0).is_ok());
        let none = model("flux", &[(1, 1, "none")]);
        assert_eq!(asked(&none, &image, 0), Err(Rejection::ModelUnavailable { model: name() }));
        let unknown = resolve(None, &plain.name, &image, |_| true, 0);
        assert_eq!(unknown, Err(Rejection::ModelUnknown { model: name() }));
    }

    #[test]
    fn a_retired_model_leads_to_the_first_that_can_be_had() {
        let models = [
            retired("a", Some("b")),
            retired("b", Some("c")),
            model("c", &[(1, 1, "x")]),
            retired("lost", Some("nothing")),
            retired("round", Some("about")),
            retired("about", Some("round")),
            retired("gone", None),
        ];
        let leads = |name: &str| successor(&models, &name.parse().unwrap());
        assert_eq!(["a", "b"].map(leads), ["c", "c"].map(|name| Some(name.parse().unwrap())));
        assert_eq!(["lost", "round", "gone", "unknown"].map(leads), [None, None, None, None]);
    }
}
