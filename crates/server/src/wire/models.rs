//! The catalogue of models on the wire.

mod names;

use app::{ModelFilter, ProbedProvider, Reach, WarnedModel};
use generation::{
    Model, ModelFields, ModelLife, ModelName, ModelRoute, ProbedModel, ProviderName, Route,
    model_abilities, model_measure, model_routes,
};
use kernel::{Etag, Fields as _, Line, Page, Patch, Timestamp};
use proto::atelier::generation::v1 as pb;

use self::names::{ability, render_abilities, render_state, render_warning, state};
use super::fields::{Fields, Mask, Violations, given};
use super::page::{Asked, Cursor, Tokens};
use super::time::render_timestamp;
use crate::status::Refusal;

/// How many providers are asked by name at once: more than anybody sets up.
const PROVIDERS_MAX: usize = 100;

/// A page of models.
pub struct AskedModels {
    pub filter: ModelFilter,
    pub page: Asked<ModelName>,
}

/// Where a page of models goes on: their names.
impl Cursor for Line<128> {
    fn encode(&self) -> Vec<u8> {
        self.as_str().as_bytes().to_vec()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        std::str::from_utf8(bytes).ok()?.parse().ok()
    }
}

pub fn parse_list(request: pb::ListModelsRequest, now: Timestamp) -> Result<AskedModels, Refusal> {
    let filters =
        pb::ListModelsRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("generation.ListModels", &filters);
    let pb::ListModelsRequest { page_size, page_token, states, abilities } = request;
    let mut fields = Fields::new();
    let states = choices(&mut fields, "states", &states, state);
    let abilities = choices(&mut fields, "abilities", &abilities, ability);
    let page = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    let (states, abilities) = states.zip(abilities).ok_or_else(Refusal::internal)?;
    Ok(AskedModels { filter: ModelFilter { states, abilities }, page })
}

pub fn parse_get(request: pb::GetModelRequest) -> Result<ModelName, Violations> {
    let pb::GetModelRequest { name } = request;
    let mut fields = Fields::new();
    let name = fields.parse("name", &name);
    fields.finish(|| name)
}

pub fn parse_create(
    request: pb::CreateModelRequest,
) -> Result<(ModelName, ModelFields, ModelLife), Violations> {
    let pb::CreateModelRequest { name, fields: model, life } = request;
    let mut fields = Fields::new();
    let name = fields.parse("name", &name);
    let model = fields.required("fields", model, |fields, model| parse_fields(fields, model, None));
    let life = fields.maybe("life", life, parse_life);
    fields.finish(|| Some((name?, model?, life?.unwrap_or_default())))
}

pub fn parse_update(
    request: pb::UpdateModelRequest,
) -> Result<(ModelName, Patch<ModelFields>, Option<Etag>), Violations> {
    let pb::UpdateModelRequest { name, fields: model, update_mask, etag } = request;
    let mut fields = Fields::new();
    let name = fields.parse("name", &name);
    let mask = fields.mask("update_mask", update_mask, ModelFields::NAMES);
    let values =
        fields.required("fields", model, |fields, model| parse_fields(fields, model, Some(&mask)));
    let expected = fields.optional("etag", given(&etag));
    let named = ModelFields::NAMES.iter().copied().filter(|name| mask.names(name));
    fields.finish(|| Some((name?, Patch { values: values?, names: named.collect() }, expected?)))
}

pub fn parse_set_life(
    request: pb::SetModelLifeRequest,
) -> Result<(ModelName, ModelLife, Option<Etag>), Violations> {
    let pb::SetModelLifeRequest { name, life, etag } = request;
    let mut fields = Fields::new();
    let name = fields.parse("name", &name);
    let life = fields.required("life", life, parse_life);
    let expected = fields.optional("etag", given(&etag));
    fields.finish(|| Some((name?, life?, expected?)))
}

pub fn parse_probe(request: pb::ProbeProvidersRequest) -> Result<Vec<ProviderName>, Violations> {
    let pb::ProbeProvidersRequest { providers } = request;
    let mut fields = Fields::new();
    if providers.len() > PROVIDERS_MAX {
        fields.note("providers", format!("must be at most {PROVIDERS_MAX} names"));
        return fields.finish(|| None);
    }
    let read = providers.iter().enumerate();
    let read: Vec<_> =
        read.map(|(index, name)| fields.parse(&format!("providers[{index}]"), name)).collect();
    fields.finish(|| read.into_iter().collect())
}

pub fn render_list(
    asked: &AskedModels,
    page: Page<WarnedModel, ModelName>,
    now: Timestamp,
) -> pb::ListModelsResponse {
    let place = |one: &WarnedModel| one.model.name.clone();
    let (models, next_page_token) = asked.page.fill(page, now, place, render_model);
    pb::ListModelsResponse { models, next_page_token }
}

pub fn render_model(found: WarnedModel) -> pb::Model {
    let WarnedModel { model, warnings } = found;
    let Model { name, fields, life, etag, created_at, updated_at } = model;
    let ModelFields { abilities, images_max, millis_max, characters_max, routes } = fields;
    let ModelLife { state, replacement, shutdown } = life;
    pb::Model {
        name: name.to_string(),
        fields: Some(pb::ModelFields {
            abilities: render_abilities(&abilities),
            images_max,
            millis_max,
            characters_max,
            routes: routes.into_iter().map(render_route).collect(),
        }),
        life: Some(pb::ModelLife {
            state: render_state(state).into(),
            replacement: replacement.map(|name| name.to_string()),
            shutdown_date: shutdown.map(|day| day.to_string()),
        }),
        etag: etag.to_string(),
        create_time: Some(render_timestamp(created_at)),
        update_time: Some(render_timestamp(updated_at)),
        warnings: warnings.into_iter().map(|one| render_warning(one).into()).collect(),
    }
}

pub fn render_provider(probed: ProbedProvider) -> pb::ProviderReport {
    let ProbedProvider { provider, reach, message, closed_until, limits, models } = probed;
    let reach = match reach {
        Reach::Ready => pb::ProviderReach::Ready,
        Reach::Answers => pb::ProviderReach::Answers,
        Reach::KeyRefused => pb::ProviderReach::KeyRefused,
        Reach::Unreachable => pb::ProviderReach::Unreachable,
    };
    pb::ProviderReport {
        provider: provider.to_string(),
        reach: reach.into(),
        message,
        closed_until: closed_until.map(render_timestamp),
        running_max: limits.running_max,
        starts_max: limits.starts_max,
        models: models.into_iter().map(render_probed).collect(),
    }
}

fn render_probed(probed: ProbedModel) -> pb::ProviderModelReport {
    let ProbedModel { model, provider_model, found, unable, shutdown } = probed;
    pb::ProviderModelReport {
        model: model.to_string(),
        provider_model,
        found,
        unable: render_abilities(&unable),
        shutdown_date: shutdown.map(|day| day.to_string()),
    }
}

fn render_route(one: ModelRoute) -> pb::ModelRoute {
    let ModelRoute { position, weight, route: Route { provider, model } } = one;
    pb::ModelRoute {
        position: position.into(),
        weight: weight.into(),
        provider: provider.to_string(),
        provider_model: model.to_string(),
    }
}

/// Reads every field; of an update those that the mask does not name may be anything.
fn parse_fields(
    fields: &mut Fields,
    model: pb::ModelFields,
    mask: Option<&Mask>,
) -> Option<ModelFields> {
    let pb::ModelFields { abilities, images_max, millis_max, characters_max, routes } = model;
    let named = |field: &str| mask.is_none_or(|mask| mask.names(field));
    let abilities = if named("abilities") {
        let read = choices(fields, "abilities", &abilities, ability);
        read.and_then(|read| fields.check("abilities", model_abilities(read)))
    } else {
        Some(Vec::new())
    };
    let mut most = |field: &str, most: Option<u32>| match most.filter(|_| named(field)) {
        None => Some(None),
        Some(most) => fields.check(field, model_measure(most)).map(Some),
    };
    let images_max = most("images_max", images_max);
    let millis_max = most("millis_max", millis_max);
    let characters_max = most("characters_max", characters_max);
    let routes = if named("routes") {
        let read = fields.each("routes", routes, parse_route);
        read.and_then(|read| fields.check("routes", model_routes(read)))
    } else {
        Some(Vec::new())
    };
    Some(ModelFields {
        abilities: abilities?,
        images_max: images_max?,
        millis_max: millis_max?,
        characters_max: characters_max?,
        routes: routes?,
    })
}

fn parse_route(fields: &mut Fields, route: pb::ModelRoute) -> Option<ModelRoute> {
    let pb::ModelRoute { position, weight, provider, provider_model } = route;
    let mut small = |field: &str, number: u32| {
        let number = u16::try_from(number).map_err(|_large| "must be at most 65535");
        fields.check(field, number)
    };
    let position = small("position", position);
    let weight = small("weight", weight);
    let provider = fields.parse("provider", &provider);
    let model = fields.parse("provider_model", &provider_model);
    let route = Route { provider: provider?, model: model? };
    Some(ModelRoute { position: position?, weight: weight?, route })
}

fn parse_life(fields: &mut Fields, life: pb::ModelLife) -> Option<ModelLife> {
    let pb::ModelLife { state: number, replacement, shutdown_date } = life;
    let state = fields.choice("state", number, state);
    let replacement = fields.optional("replacement", replacement.as_deref());
    let shutdown = fields.optional("shutdown_date", shutdown_date.as_deref());
    Some(ModelLife { state: state?, replacement: replacement?, shutdown: shutdown? })
}

fn choices<E, T>(
    fields: &mut Fields,
    field: &str,
    numbers: &[i32],
    known: impl Fn(E) -> Option<T>,
) -> Option<Vec<T>>
where
    E: TryFrom<i32>,
{
    let read = numbers.iter().enumerate();
    let read =
        read.map(|(index, number)| fields.choice(&format!("{field}[{index}]"), *number, &known));
    // All are read before any is missed: each has its violations to note.
    read.collect::<Vec<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests;
