//! Models on the wire.

use generation::ModelWarning;
use kernel::Etag;

use super::*;

fn sent() -> pb::ModelFields {
    pb::ModelFields {
        abilities: vec![4, 3],
        images_max: Some(4),
        millis_max: None,
        characters_max: Some(9),
        routes: vec![pb::ModelRoute {
            position: 65_535,
            weight: 0,
            provider: "fal".to_owned(),
            provider_model: "fal-ai/flux/dev".to_owned(),
        }],
    }
}

fn violations<T>(parsed: Result<T, Violations>) -> Vec<String> {
    let refusal = Refusal::from(parsed.map(drop).unwrap_err());
    let mut fields: Vec<_> =
        refusal.violations.into_iter().map(|violation| violation.field).collect();
    fields.sort();
    fields
}

#[test]
fn a_model_reads_back_as_it_was_said() {
    let life = pb::ModelLife {
        state: pb::ModelState::Deprecated.into(),
        replacement: Some("new".to_owned()),
        shutdown_date: Some("2026-12-31".to_owned()),
    };
    let request = pb::CreateModelRequest {
        name: "flux".to_owned(),
        fields: Some(sent()),
        life: Some(life.clone()),
    };
    let (name, fields, parsed) = parse_create(request).unwrap();
    let (created_at, updated_at) = (Timestamp::MIN, Timestamp::MAX);
    let model = Model { name, fields, life: parsed, etag: Etag::FIRST, created_at, updated_at };
    let warnings = ModelWarning::ALL.to_vec();
    let rendered = render_model(WarnedModel { model, warnings });
    assert_eq!(rendered.fields, Some(pb::ModelFields { abilities: vec![3, 4], ..sent() }));
    assert_eq!(rendered.life, Some(life));
    assert_eq!(rendered.warnings, [1, 2, 3, 4]);
}

#[test]
fn everything_that_is_wrong_with_a_model_is_told_at_once() {
    let route =
        pb::ModelRoute { position: 65_536, provider: String::new(), ..sent().routes.remove(0) };
    let fields = pb::ModelFields {
        abilities: vec![0, 3, 99],
        images_max: Some(0),
        millis_max: Some(0),
        characters_max: Some(0),
        routes: vec![route],
    };
    let life = pb::ModelLife {
        state: 0,
        replacement: Some(" ".to_owned()),
        shutdown_date: Some("2026-02-30".to_owned()),
    };
    let request =
        pb::CreateModelRequest { name: String::new(), fields: Some(fields), life: Some(life) };
    assert_eq!(
        violations(parse_create(request)),
        [
            "fields.abilities[0]",
            "fields.abilities[2]",
            "fields.characters_max",
            "fields.images_max",
            "fields.millis_max",
            "fields.routes[0].position",
            "fields.routes[0].provider",
            "life.replacement",
            "life.shutdown_date",
            "life.state",
            "name",
        ]
    );
    let route = sent().routes.remove(0);
    let twice = pb::ModelFields { abilities: vec![], routes: vec![route.clone(), route], ..sent() };
    let request = pb::CreateModelRequest { name: "m".to_owned(), fields: Some(twice), life: None };
    assert_eq!(violations(parse_create(request)), ["fields.abilities", "fields.routes"]);
}

#[test]
fn an_update_reads_only_what_its_mask_names() {
    let update = |paths: &[&str], fields: pb::ModelFields| {
        let paths = paths.iter().map(|path| (*path).to_owned()).collect();
        parse_update(pb::UpdateModelRequest {
            name: "flux".to_owned(),
            fields: Some(fields),
            update_mask: Some(prost_types::FieldMask { paths }),
            etag: "r3".to_owned(),
        })
    };
    let wrong = pb::ModelFields { abilities: vec![0], images_max: Some(0), ..sent() };
    let (_, patch, etag) = update(&["millis_max"], wrong.clone()).unwrap();
    assert_eq!((patch.names.as_slice(), patch.values.millis_max), (&["millis_max"][..], None));
    assert_eq!(etag.map(|etag| etag.revision()), Some(3));
    assert_eq!(violations(update(&["abilities"], wrong)), ["fields.abilities[0]"]);
    assert_eq!(violations(update(&["name"], sent())), ["update_mask.paths[0]"]);
    assert_eq!(violations(update(&[], sent())), ["update_mask"]);
    assert!(ModelFields::NAMES.iter().all(|name| update(&[name], sent()).is_ok()));
}
