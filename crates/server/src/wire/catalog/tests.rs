//! What the names of masks mean, and that every value goes there and back.

use catalog::{
    CharacterFields, CollectionFields, GenerationStatus, SceneFields, ThemeFields, VariantFields,
};
use kernel::Timestamp;
use testkit::fixtures::{character, character_id, collection, scene, theme, user_id, variant};

use super::*;

fn same_order<F: Maskable>(names: &[&str]) {
    let plain = |name: &&str| name.trim_end_matches("_asset_id").to_owned();
    let ours: Vec<String> = names.iter().map(plain).collect();
    assert_eq!(ours, F::NAMES);
}

#[test]
fn the_names_of_masks_are_those_of_the_fields_in_their_order() {
    same_order::<CharacterFields>(&characters::NAMES);
    same_order::<ThemeFields>(&themes::NAMES);
    same_order::<VariantFields>(&variants::NAMES);
    same_order::<CollectionFields>(&collections::NAMES);
    let scenes: Vec<&str> =
        scenes::NAMES.map(|name| if name == "character_ids" { "cast" } else { name }).into();
    same_order::<SceneFields>(&scenes);
}

#[test]
fn styles_and_statuses_go_there_and_back() {
    for style in Style::ALL {
        assert_eq!(style_from_proto(style_to_proto(*style)), Some(*style));
    }
    for status in GenerationStatus::ALL {
        let wire = characters::status_to_proto(*status);
        assert_eq!(characters::status_from_proto(wire), Some(*status));
    }
}

#[test]
fn details_read_back_as_they_were_rendered() {
    let mia = character(user_id(1), 1, Timestamp::MIN);
    let winter = theme(&mia, 1, Timestamp::MIN);
    let (smile, heroes) =
        (variant(&winter, 1, Timestamp::MIN), collection(user_id(1), 1, Timestamp::MIN));
    let picnic = scene(user_id(1), 1, vec![character_id(1), character_id(2)], Timestamp::MIN);
    let user_id = user_id(1).to_string();

    let details = characters::render_character(mia.clone()).details;
    let request = pb::CreateCharacterRequest { user_id: user_id.clone(), details };
    assert_eq!(characters::parse_create(request), Ok((mia.user, mia.fields.clone())));
    let (character_id, details) =
        (mia.id.to_string(), themes::render_theme(winter.clone()).details);
    let request = pb::CreateThemeRequest { user_id: user_id.clone(), character_id, details };
    assert_eq!(themes::parse_create(request).map(|new| new.fields), Ok(winter.fields.clone()));
    let (theme_id, details) =
        (winter.id.to_string(), variants::render_variant(smile.clone()).details);
    let request = pb::CreateVariantRequest { user_id: user_id.clone(), theme_id, details };
    assert_eq!(variants::parse_create(request).map(|new| new.fields), Ok(smile.fields));
    let details = collections::render_collection(heroes.clone()).details;
    let request = pb::CreateCollectionRequest { user_id: user_id.clone(), details };
    assert_eq!(collections::parse_create(request), Ok((heroes.user, heroes.fields)));
    let details = scenes::render_scene(picnic.clone()).details;
    let request = pb::CreateSceneRequest { user_id, details };
    assert_eq!(scenes::parse_create(request), Ok((picnic.user, picnic.fields)));
}

#[test]
fn a_description_is_a_prompt_where_there_is_none() {
    let user_id = user_id(1).to_string();
    let ask = |details| {
        characters::parse_create(pb::CreateCharacterRequest {
            user_id: user_id.clone(),
            details: Some(details),
        })
    };
    let described =
        pb::CharacterDetails { description: Some("a robot".to_owned()), ..Default::default() };
    assert_eq!(ask(described).unwrap().1.prompt.as_str(), "a robot");
    assert!(ask(pb::CharacterDetails::default()).is_err());
}
