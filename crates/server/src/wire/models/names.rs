//! The closed lists of the catalogue of models on the wire.

use generation::{Ability, ModelState, ModelWarning};
use proto::atelier::generation::v1 as pb;

pub(super) fn ability(told: pb::ModelAbility) -> Option<Ability> {
    match told {
        pb::ModelAbility::Unspecified => None,
        pb::ModelAbility::Text => Some(Ability::Text),
        pb::ModelAbility::Research => Some(Ability::Research),
        pb::ModelAbility::Image => Some(Ability::Image),
        pb::ModelAbility::Edit => Some(Ability::Edit),
        pb::ModelAbility::Video => Some(Ability::Video),
        pb::ModelAbility::Speech => Some(Ability::Speech),
    }
}

pub(super) fn render_abilities(abilities: &[Ability]) -> Vec<i32> {
    let rendered = abilities.iter().map(|ability| match ability {
        Ability::Text => pb::ModelAbility::Text,
        Ability::Research => pb::ModelAbility::Research,
        Ability::Image => pb::ModelAbility::Image,
        Ability::Edit => pb::ModelAbility::Edit,
        Ability::Video => pb::ModelAbility::Video,
        Ability::Speech => pb::ModelAbility::Speech,
    });
    rendered.map(Into::into).collect()
}

pub(super) fn state(told: pb::ModelState) -> Option<ModelState> {
    match told {
        pb::ModelState::Unspecified => None,
        pb::ModelState::Active => Some(ModelState::Active),
        pb::ModelState::Deprecated => Some(ModelState::Deprecated),
        pb::ModelState::Retired => Some(ModelState::Retired),
    }
}

pub(super) fn render_state(state: ModelState) -> pb::ModelState {
    match state {
        ModelState::Active => pb::ModelState::Active,
        ModelState::Deprecated => pb::ModelState::Deprecated,
        ModelState::Retired => pb::ModelState::Retired,
    }
}

pub(super) fn render_warning(warning: ModelWarning) -> pb::ModelWarning {
    match warning {
        ModelWarning::EndsSoon => pb::ModelWarning::EndsSoon,
        ModelWarning::Ended => pb::ModelWarning::Ended,
        ModelWarning::ReplacementGone => pb::ModelWarning::ReplacementGone,
        ModelWarning::Unavailable => pb::ModelWarning::Unavailable,
    }
}
