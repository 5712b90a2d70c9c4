//! What operators make of the catalogue: new models, changes of them, and their end. Whatever is
//! decided about how models lead to each other is decided on all of them, locked.

use std::collections::BTreeSet;

use kernel::{Etag, Patch, Timestamp};

use super::{Model, ModelFields, ModelRoute, ModelState};
use crate::{Ability, Day, ModelName};

/// How many models there may be.
// A thousand: all vendors together offer fewer, and a change locks every row of them.
pub const MODELS_MAX: usize = 1_000;

/// How many routes a model may have.
// 16: more than there are vendors, with room for several accounts of one.
const ROUTES_MAX: usize = 16;

/// Where a model is in its life.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModelLife {
    pub state: ModelState,
    /// What to take instead of a model that goes or is gone.
    pub replacement: Option<ModelName>,
    /// The day on which it goes.
    pub shutdown: Option<Day>,
}

/// What is wrong with a field of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ModelFieldError {
    #[error("must name at least one")]
    Empty,
    #[error("must be at least 1")]
    Zero,
    #[error("must be at most {ROUTES_MAX}")]
    TooMany,
    #[error("must name each model of a provider once")]
    Twice,
}

/// Why nothing becomes of a change of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelRejection {
    #[error("the model has changed since: its etag is {current}")]
    EtagMismatch { current: Etag },
    #[error("there are as many models as there may be: {max}")]
    TooMany { max: usize },
    #[error("there is a model of this name")]
    NameTaken,
    #[error("a model that can be had needs a route")]
    RoutesMissing,
    #[error("there is no model {name}, which is to stand in")]
    ReplacementUnknown { name: ModelName },
    #[error("the model {name}, which is to stand in, is retired")]
    ReplacementRetired { name: ModelName },
    #[error("the model {name}, which is to stand in, leads back here")]
    ReplacementCycle { name: ModelName },
    #[error("the model {name}, which is to stand in, cannot do {ability}")]
    ReplacementUnable { name: ModelName, ability: Ability },
}

/// Abilities as a model has them: each once, in one order.
pub fn model_abilities(abilities: Vec<Ability>) -> Result<Vec<Ability>, ModelFieldError> {
    let sorted: BTreeSet<Ability> = abilities.into_iter().collect();
    if sorted.is_empty() {
        return Err(ModelFieldError::Empty);
    }
    Ok(sorted.into_iter().collect())
}

/// A limit of a model, which is something.
pub fn model_measure(most: u32) -> Result<u32, ModelFieldError> {
    if most == 0 { Err(ModelFieldError::Zero) } else { Ok(most) }
}

/// Routes as a model has them: not too many, and none twice.
pub fn model_routes(routes: Vec<ModelRoute>) -> Result<Vec<ModelRoute>, ModelFieldError> {
    if routes.len() > ROUTES_MAX {
        return Err(ModelFieldError::TooMany);
    }
    let place = |one: &ModelRoute| (one.route.provider.clone(), one.route.model.clone());
    let places: BTreeSet<_> = routes.iter().map(place).collect();
    if places.len() < routes.len() {
        return Err(ModelFieldError::Twice);
    }
    Ok(routes)
}

impl Model {
    /// A new model beside all that there are.
    pub fn create(
        all: &[Self],
        name: ModelName,
        fields: ModelFields,
        life: ModelLife,
        now: Timestamp,
    ) -> Result<Self, ModelRejection> {
        if all.iter().any(|model| model.name == name) {
            return Err(ModelRejection::NameTaken);
        }
        if all.len() >= MODELS_MAX {
            return Err(ModelRejection::TooMany { max: MODELS_MAX });
        }
        let (created_at, updated_at) = (now, now);
        let model = Self { name, fields, life, etag: Etag::FIRST, created_at, updated_at };
        model.check(all)?;
        Ok(model)
    }

    /// The model after a change of its fields; the revision stays where nothing changes.
    pub fn patched(
        self,
        all: &[Self],
        patch: &Patch<ModelFields>,
        expected: Option<Etag>,
        now: Timestamp,
    ) -> Result<Self, ModelRejection> {
        let fields = patch.apply(&self.fields);
        let changed = Self { fields, ..self.clone() };
        self.become_of(changed, all, expected, now)
    }

    /// The model at another place of its life: deprecated, retired, or to be had again.
    pub fn living(
        self,
        all: &[Self],
        life: &ModelLife,
        expected: Option<Etag>,
        now: Timestamp,
    ) -> Result<Self, ModelRejection> {
        let changed = Self { life: life.clone(), ..self.clone() };
        self.become_of(changed, all, expected, now)
    }

    fn become_of(
        self,
        changed: Self,
        all: &[Self],
        expected: Option<Etag>,
        now: Timestamp,
    ) -> Result<Self, ModelRejection> {
        if expected.is_some_and(|expected| expected != self.etag) {
            return Err(ModelRejection::EtagMismatch { current: self.etag });
        }
        if changed == self {
            return Ok(self);
        }
        changed.check(all)?;
        Ok(Self { etag: self.etag.next(), updated_at: now.max(self.updated_at), ..changed })
    }

    fn check(&self, all: &[Self]) -> Result<(), ModelRejection> {
        if self.fields.routes.is_empty() && self.life.state != ModelState::Retired {
            return Err(ModelRejection::RoutesMissing);
        }
        let Some(name) = &self.life.replacement else { return Ok(()) };
        let find = |name: &ModelName| all.iter().find(|model| model.name == *name);
        if *name == self.name {
            return Err(ModelRejection::ReplacementCycle { name: name.clone() });
        }
        let first = find(name);
        let first =
            first.ok_or_else(|| ModelRejection::ReplacementUnknown { name: name.clone() })?;
        if first.life.state == ModelState::Retired {
            return Err(ModelRejection::ReplacementRetired { name: name.clone() });
        }
        if let Some(ability) = self.fields.abilities.iter().find(|one| !first.does(&[**one])) {
            let ability = *ability;
            return Err(ModelRejection::ReplacementUnable { name: name.clone(), ability });
        }
        let mut next = Some(first);
        for _ in all {
            let replacement = next.and_then(|model| model.life.replacement.as_ref());
            if replacement == Some(&self.name) {
                return Err(ModelRejection::ReplacementCycle { name: name.clone() });
            }
            next = replacement.and_then(find);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
