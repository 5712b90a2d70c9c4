//! What a provider says that it has, held against what the catalogue asks of it.

use super::Model;
use crate::{Ability, Day, ModelName, Offered, ProviderName};

/// How local servers call a model of which no other version is named.
const USUAL_TAG: &str = ":latest";

/// Whether a provider has a model of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbedModel {
    pub model: ModelName,
    /// What the catalogue says that it is called there.
    pub provider_model: String,
    /// `None` where the provider does not say what it has.
    pub found: Option<bool>,
    /// What the catalogue says that it can do and the provider does not.
    pub unable: Vec<Ability>,
    /// Its last day, by what the provider says.
    pub shutdown: Option<Day>,
}

/// What of the catalogue is asked of a provider, by name, against what it says it has.
pub fn compare(
    models: &[Model],
    provider: &ProviderName,
    offered: Option<&[Offered]>,
) -> Vec<ProbedModel> {
    let mut probed = Vec::new();
    for model in models {
        let routes = model.fields.routes.iter().map(|one| &one.route);
        for route in routes.filter(|route| route.provider == *provider) {
            let name = route.model.as_str();
            let is = |one: &&Offered| {
                one.model == name || one.model.strip_suffix(USUAL_TAG) == Some(name)
            };
            let found = offered.map(|offered| offered.iter().find(is));
            let told = found.flatten();
            let abilities = told.and_then(|one| one.abilities.as_ref());
            let unable = abilities.map_or_else(Vec::new, |can| {
                let asked = model.fields.abilities.iter().copied();
                asked.filter(|ability| !can.contains(ability)).collect()
            });
            probed.push(ProbedModel {
                model: model.name.clone(),
                provider_model: name.to_owned(),
                found: found.map(|found| found.is_some()),
                unable,
                shutdown: told.and_then(|one| one.shutdown.as_ref()?.parse().ok()),
            });
        }
    }
    probed
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::model;
    use super::*;

    fn offered(name: &str, abilities: Option<Vec<Ability>>) -> Offered {
        Offered { model: name.to_owned(), shutdown: Some("2026-12-31".to_owned()), abilities }
    }

    #[test]
    fn what_is_asked_of_a_provider_is_held_against_what_it_has() {
        let mut models = [model("a", &[(1, 1, "x"), (2, 1, "y")]), model("b", &[(1, 1, "y")])];
        models[0].fields.abilities = vec![Ability::Image, Ability::Edit];
        let x = "x".parse().unwrap();
        let told = |offered: Option<Vec<Offered>>| {
            let probed = compare(&models, &x, offered.as_deref());
            let [one] = probed.as_slice() else { panic!("{probed:?}") };
            assert_eq!((one.model.as_str(), one.provider_model.as_str()), ("a", "m"));
            (one.found, one.unable.clone(), one.shutdown.as_ref().map(Day::to_string))
        };
        let day = || Some("2026-12-31".to_owned());
        assert_eq!(told(None), (None, vec![], None));
        assert_eq!(told(Some(vec![])), (Some(false), vec![], None));
        assert_eq!(told(Some(vec![offered("m2", None)])), (Some(false), vec![], None));
        assert_eq!(told(Some(vec![offered("m", None)])), (Some(true), vec![], day()));
        assert_eq!(told(Some(vec![offered("m:latest", None)])), (Some(true), vec![], day()));
        let pictures = offered("m", Some(vec![Ability::Image]));
        assert_eq!(told(Some(vec![pictures])), (Some(true), vec![Ability::Edit], day()));
        assert_eq!(compare(&models, &"y".parse().unwrap(), None).len(), 2);
    }
}
