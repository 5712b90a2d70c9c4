//! Changes of the catalogue.

use super::super::fixtures::model;
use super::*;
use crate::fixtures::at;

fn life(state: ModelState, replacement: Option<&str>) -> ModelLife {
    ModelLife { state, replacement: replacement.map(|name| name.parse().unwrap()), shutdown: None }
}

fn named(name: &str) -> ModelName {
    name.parse().unwrap()
}

/// `a` and `b` can be had, `b` leads to `a`; `old` is retired and leads to `a`; `film` makes videos.
fn catalogue() -> Vec<Model> {
    let with = |model: Model, life: ModelLife| Model { life, ..model };
    let mut film = model("film", &[(1, 1, "x")]);
    film.fields.abilities = vec![Ability::Video];
    vec![
        model("a", &[(1, 1, "x")]),
        with(model("b", &[(1, 1, "x")]), life(ModelState::Deprecated, Some("a"))),
        with(model("old", &[]), life(ModelState::Retired, Some("a"))),
        film,
    ]
}

#[test]
fn a_model_is_created_once_and_with_routes() {
    let all = catalogue();
    let create = |name: &str, fields: &ModelFields, life: ModelLife| {
        Model::create(&all, named(name), fields.clone(), life, at(5))
    };
    let fields = &all[0].fields;
    let made = create("new", fields, ModelLife::default()).unwrap();
    assert_eq!((made.etag, made.created_at, made.updated_at), (Etag::FIRST, at(5), at(5)));
    let again = create("a", fields, ModelLife::default());
    assert_eq!(again, Err(ModelRejection::NameTaken));
    let bare = ModelFields { routes: Vec::new(), ..fields.clone() };
    let none = create("new", &bare, life(ModelState::Active, None));
    assert_eq!(none, Err(ModelRejection::RoutesMissing));
    assert!(create("new", &bare, life(ModelState::Retired, Some("a"))).is_ok());
    let many: Vec<Model> =
        (0..MODELS_MAX).map(|n| model(&format!("m{n}"), &[(1, 1, "x")])).collect();
    let full = Model::create(&many, named("new"), fields.clone(), ModelLife::default(), at(5));
    assert_eq!(full, Err(ModelRejection::TooMany { max: MODELS_MAX }));
}

#[test]
fn a_patch_changes_what_it_names_and_counts_only_changes() {
    let all = catalogue();
    let patch = |names: &[&'static str]| Patch {
        values: ModelFields { images_max: Some(9), routes: Vec::new(), ..all[3].fields.clone() },
        names: names.to_vec(),
    };
    let a = || all[0].clone();
    let changed = a().patched(&all, &patch(&["images_max"]), None, at(9)).unwrap();
    assert_eq!(changed.fields, ModelFields { images_max: Some(9), ..a().fields });
    assert_eq!((changed.etag, changed.updated_at), (Etag::FIRST.next(), at(9)));
    let same = changed.clone().patched(&all, &patch(&["images_max"]), None, at(10)).unwrap();
    assert_eq!(same, changed);
    let stale = changed.clone().patched(&all, &patch(&["images_max"]), Some(Etag::FIRST), at(10));
    assert_eq!(stale, Err(ModelRejection::EtagMismatch { current: changed.etag }));
    let none = a().patched(&all, &patch(&["routes"]), None, at(9));
    assert_eq!(none, Err(ModelRejection::RoutesMissing));
}

#[test]
fn a_replacement_is_there_can_be_had_does_as_much_and_does_not_lead_back() {
    let all = catalogue();
    let become_of = |name: &str, replacement: &str| {
        let model = all.iter().find(|model| model.name == named(name)).unwrap().clone();
        let new = life(ModelState::Retired, Some(replacement));
        model.living(&all, &new, None, at(9)).map(|model| model.life)
    };
    assert_eq!(become_of("b", "a"), Ok(life(ModelState::Retired, Some("a"))));
    let name = || named("a");
    assert_eq!(become_of("a", "a"), Err(ModelRejection::ReplacementCycle { name: name() }));
    let name = || named("b");
    assert_eq!(become_of("a", "b"), Err(ModelRejection::ReplacementCycle { name: name() }));
    let name = || named("old");
    assert_eq!(become_of("b", "old"), Err(ModelRejection::ReplacementRetired { name: name() }));
    let name = || named("none");
    assert_eq!(become_of("b", "none"), Err(ModelRejection::ReplacementUnknown { name: name() }));
    let unable = ModelRejection::ReplacementUnable { name: named("film"), ability: Ability::Image };
    assert_eq!(become_of("b", "film"), Err(unable));
}

#[test]
fn rows_that_lead_in_a_circle_end_the_search_all_the_same() {
    let mut all = catalogue();
    all[0].life = life(ModelState::Active, Some("b"));
    let new = life(ModelState::Active, Some("a"));
    let mut third = model("c", &[(1, 1, "x")]);
    third.life = ModelLife::default();
    assert!(third.living(&all, &new, None, at(9)).is_ok());
}

#[test]
fn fields_are_in_one_form_and_within_bounds() {
    let twice = vec![Ability::Edit, Ability::Image, Ability::Edit];
    assert_eq!(model_abilities(twice), Ok(vec![Ability::Image, Ability::Edit]));
    assert_eq!(model_abilities(Vec::new()), Err(ModelFieldError::Empty));
    assert_eq!((model_measure(1), model_measure(0)), (Ok(1), Err(ModelFieldError::Zero)));
    let routes = |count: usize| {
        let names: Vec<String> = (0..count).map(|n| format!("p{n}")).collect();
        let routes: Vec<_> = names.iter().map(|name| (1, 1, name.as_str())).collect();
        model("m", &routes).fields.routes
    };
    assert!(model_routes(routes(ROUTES_MAX)).is_ok());
    assert_eq!(model_routes(routes(ROUTES_MAX + 1)), Err(ModelFieldError::TooMany));
    let doubled = model("m", &[(1, 1, "x"), (2, 5, "x")]).fields.routes;
    assert_eq!(model_routes(doubled), Err(ModelFieldError::Twice));
}
