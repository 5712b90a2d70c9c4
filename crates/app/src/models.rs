//! The catalogue of models: what operators see of it and change in it. Nothing of it is remembered:
//! the next job on any server is asked for by what is stored. What may become of a model is decided
//! in the `generation` crate.

mod ending;
mod error;
mod probe;

use std::sync::{Arc, Mutex};

use generation::{
    Ability, Day, Model, ModelFields, ModelLife, ModelName, ModelState, ModelWarning,
};
use kernel::{Etag, Page, PageSize, Patch};
use ports::{Clock, ModelReads, Store, Tx};
use tracing::instrument;

pub use error::ModelsError;
pub use probe::{ProbedProvider, Reach};

use crate::jobs::Providers;
use crate::unit::unit;

/// The use cases on models.
pub struct Models {
    store: Arc<dyn Store>,
    reads: Arc<dyn ModelReads>,
    providers: Providers,
    clock: Arc<dyn Clock>,
    /// The day on which models that end were last told of.
    told: Mutex<Option<Day>>,
}

/// Which models. All by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModelFilter {
    /// In one of these states; in any if there is none.
    pub states: Vec<ModelState>,
    /// That can do all of this.
    pub abilities: Vec<Ability>,
}

/// A model and what an operator should know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarnedModel {
    pub model: Model,
    pub warnings: Vec<ModelWarning>,
}

impl Models {
    pub fn new(
        store: Arc<dyn Store>,
        reads: Arc<dyn ModelReads>,
        providers: Providers,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { store, reads, providers, clock, told: Mutex::default() }
    }

    #[instrument(skip_all, fields(model = %name))]
    pub async fn get(&self, name: &ModelName) -> Result<WarnedModel, ModelsError> {
        let all = self.reads.list_models().await?;
        let found = all.iter().find(|model| model.name == *name);
        let model = found.ok_or_else(|| ModelsError::NotFound(name.clone()))?;
        Ok(self.warned(model, &all))
    }

    /// A page of models by name. There are never more than can be read at once.
    #[instrument(skip_all)]
    pub async fn list(
        &self,
        filter: &ModelFilter,
        size: PageSize,
        after: Option<ModelName>,
    ) -> Result<Page<WarnedModel, ModelName>, ModelsError> {
        let all = self.reads.list_models().await?;
        let ModelFilter { states, abilities } = filter;
        let wanted = all.iter().filter(|model| {
            after.as_ref().is_none_or(|after| model.name > *after)
                && (states.is_empty() || states.contains(&model.life.state))
                && model.does(abilities)
        });
        let found = wanted.take(size.get() + 1).map(|model| self.warned(model, &all)).collect();
        Ok(Page::from_one_more(found, size, |one: &WarnedModel| one.model.name.clone()))
    }

    #[instrument(skip_all, fields(model = %name))]
    pub async fn create(
        &self,
        name: &ModelName,
        fields: &ModelFields,
        life: &ModelLife,
    ) -> Result<WarnedModel, ModelsError> {
        unit!(self.store, ModelsError, |tx| {
            let mut all = tx.lock_models().await?;
            let (name, fields, life) = (name.clone(), fields.clone(), life.clone());
            let model = Model::create(&all, name, fields, life, self.clock.now())?;
            // Another one of the name may have come since.
            if !tx.insert_model(&model).await? {
                return Err(generation::ModelRejection::NameTaken.into());
            }
            tell(&model, "a model was added");
            all.push(model.clone());
            Ok(self.warned(&model, &all))
        })
    }

    /// Changes what the patch names. Jobs that were accepted before keep the routes that they have.
    #[instrument(skip_all, fields(model = %name))]
    pub async fn update(
        &self,
        name: &ModelName,
        patch: &Patch<ModelFields>,
        expected: Option<Etag>,
    ) -> Result<WarnedModel, ModelsError> {
        let now = self.clock.now();
        unit!(self.store, |tx| self
            .change_in(tx, name, |model, all| { model.patched(all, patch, expected, now) }))
    }

    /// Deprecates a model, retires it, or takes it back into service.
    #[instrument(skip_all, fields(model = %name))]
    pub async fn set_life(
        &self,
        name: &ModelName,
        life: &ModelLife,
        expected: Option<Etag>,
    ) -> Result<WarnedModel, ModelsError> {
        let now = self.clock.now();
        unit!(self.store, |tx| self
            .change_in(tx, name, |model, all| { model.living(all, life, expected, now) }))
    }

    async fn change_in(
        &self,
        tx: &mut dyn Tx,
        name: &ModelName,
        change: impl Fn(Model, &[Model]) -> Result<Model, generation::ModelRejection> + Sync,
    ) -> Result<WarnedModel, ModelsError> {
        let mut all = tx.lock_models().await?;
        let place = all.iter().position(|model| model.name == *name);
        let place = place.ok_or_else(|| ModelsError::NotFound(name.clone()))?;
        let changed = change(all[place].clone(), &all)?;
        if changed != all[place] {
            tx.update_model(&changed).await?;
            tell(&changed, "a model was changed");
        }
        all[place] = changed.clone();
        Ok(self.warned(&changed, &all))
    }

    fn warned(&self, model: &Model, all: &[Model]) -> WarnedModel {
        let set_up = |provider: &_| self.providers.is_set_up(provider);
        let warnings = model.warnings(all, set_up, self.clock.now());
        WarnedModel { model: model.clone(), warnings }
    }
}

/// Who changes the catalogue is in the line's span.
fn tell(model: &Model, what: &str) {
    let (model, etag, state) = (&model.name, model.etag, model.life.state);
    tracing::info!(%model, %etag, %state, "{what}");
}
