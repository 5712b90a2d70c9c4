//! Operation types and prices on the wire.

use access::Principal;
use billing::pricing::SetPrice;
use billing::{
    Author, Label, OperationType, OperationTypeId, OperationTypePatch, PriceKey, PriceVersion,
    Prose, Quantity, Quote, Terms, Unit,
};
use kernel::{Credits, Etag, Page, Timestamp};
use proto::atelier::billing::v1 as pb;

use crate::status::Refusal;
use crate::wire::fields::{Fields, Violations, given};
use crate::wire::page::{Asked, Tokens};
use crate::wire::time::{parse_timestamp, render_timestamp};

/// A page of operation types.
pub struct AskedTypes {
    pub retired: bool,
    pub page: Asked<OperationTypeId>,
}

/// A page of prices.
pub struct AskedPrices {
    pub operation: Option<OperationTypeId>,
    pub at: Option<Timestamp>,
    pub page: Asked<PriceKey>,
}

/// A page of a price's versions.
pub struct AskedHistory {
    pub key: PriceKey,
    pub page: Asked<u64>,
}

/// What to change of an operation type.
pub struct TypeUpdate {
    pub id: OperationTypeId,
    pub patch: OperationTypePatch,
    pub expected: Option<Etag>,
}

/// What is to be quoted.
pub struct AskedQuote {
    pub operation: OperationTypeId,
    pub model: Option<Label<128>>,
    pub edit: bool,
    pub quantity: Quantity,
}

pub fn parse_create_type(
    request: pb::CreateOperationTypeRequest,
) -> Result<(OperationTypeId, Option<Prose<1000>>), Violations> {
    let pb::CreateOperationTypeRequest { id, description } = request;
    let mut fields = Fields::new();
    let id = fields.parse("id", &id);
    let description = fields.optional("description", description.as_deref());
    fields.finish(|| Some((id?, description?)))
}

pub fn parse_update_type(
    request: pb::UpdateOperationTypeRequest,
) -> Result<TypeUpdate, Violations> {
    let pb::UpdateOperationTypeRequest { id, operation_type, update_mask, etag } = request;
    let mut fields = Fields::new();
    let id = fields.parse("id", &id);
    let mask = fields.mask("update_mask", update_mask, &["description", "retired"]);
    let patch = fields.required("operation_type", operation_type, |fields, patch| {
        let pb::OperationTypePatch { description, retired } = patch;
        let description = fields.change(&mask, "description", description.as_deref());
        let retired = mask.names("retired").then_some(retired);
        Some(OperationTypePatch { description: description?, retired })
    });
    let expected = fields.optional("etag", given(&etag));
    fields.finish(|| Some(TypeUpdate { id: id?, patch: patch?, expected: expected? }))
}

pub fn parse_list_types(
    request: pb::ListOperationTypesRequest,
    now: Timestamp,
) -> Result<AskedTypes, Refusal> {
    let pb::ListOperationTypesRequest { page_size, page_token, show_retired } = request;
    let filters = pb::ListOperationTypesRequest { show_retired, ..Default::default() };
    let tokens = Tokens::of("billing.ListOperationTypes", &filters);
    let page = Asked::parse(Fields::new(), page_size, &page_token, tokens, now)?;
    Ok(AskedTypes { retired: show_retired, page })
}

pub fn parse_set(request: pb::SetPriceRequest, caller: &Principal) -> Result<SetPrice, Violations> {
    let pb::SetPriceRequest { key, terms, valid_from, confirm_large_change, reason } = request;
    let mut fields = Fields::new();
    let key = fields.required("key", key, parse_key);
    let terms = fields.required("terms", terms, parse_terms);
    let valid_from = moment(&mut fields, "valid_from", valid_from);
    let reason = fields.optional("reason", reason.as_deref());
    fields.finish(|| {
        Some(SetPrice {
            key: key?,
            terms: Some(terms?),
            valid_from: valid_from?,
            confirm_large_change,
            author: author(caller)?,
            reason: reason?,
        })
    })
}

pub fn parse_withdraw(
    request: pb::WithdrawPriceRequest,
    caller: &Principal,
) -> Result<SetPrice, Violations> {
    let pb::WithdrawPriceRequest { key, valid_from, reason } = request;
    let mut fields = Fields::new();
    let key = fields.required("key", key, parse_key);
    let valid_from = moment(&mut fields, "valid_from", valid_from);
    let reason = fields.optional("reason", reason.as_deref());
    fields.finish(|| {
        Some(SetPrice {
            key: key?,
            terms: None,
            valid_from: valid_from?,
            confirm_large_change: false,
            author: author(caller)?,
            reason: reason?,
        })
    })
}

pub fn parse_list(request: pb::ListPricesRequest, now: Timestamp) -> Result<AskedPrices, Refusal> {
    let pb::ListPricesRequest { page_size, page_token, operation_type, at_time } = request;
    let mut fields = Fields::new();
    let operation = fields.optional("operation_type", operation_type.as_deref());
    let at = moment(&mut fields, "at_time", at_time);
    let filters = pb::ListPricesRequest { operation_type, at_time, ..Default::default() };
    let tokens = Tokens::of("billing.ListPrices", &filters);
    let page = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    Ok(AskedPrices { operation: operation.flatten(), at: at.flatten(), page })
}

pub fn parse_history(
    request: pb::ListPriceHistoryRequest,
    now: Timestamp,
) -> Result<AskedHistory, Refusal> {
    let pb::ListPriceHistoryRequest { page_size, page_token, key } = request;
    let filters = pb::ListPriceHistoryRequest { key: key.clone(), ..Default::default() };
    let mut fields = Fields::new();
    let key = fields.required("key", key, parse_key);
    let tokens = Tokens::of("billing.ListPriceHistory", &filters);
    let page = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    // Noted as missing above, and so refused.
    let key = key.ok_or_else(Refusal::internal)?;
    Ok(AskedHistory { key, page })
}

pub fn parse_quote(request: pb::QuoteRequest) -> Result<AskedQuote, Violations> {
    let pb::QuoteRequest { operation_type, model, edit, quantity } = request;
    let mut fields = Fields::new();
    let operation = fields.parse("operation_type", &operation_type);
    let model = fields.optional("model", model.as_deref());
    let quantity = fields.parse("quantity", &quantity);
    fields.finish(|| {
        Some(AskedQuote { operation: operation?, model: model?, edit, quantity: quantity? })
    })
}

pub fn render_type(found: OperationType) -> pb::OperationType {
    let OperationType { id, description, retired_at, etag, created_at, updated_at } = found;
    pb::OperationType {
        id: id.to_string(),
        description: description.map(|text| text.to_string()),
        retired: retired_at.is_some(),
        etag: etag.to_string(),
        create_time: Some(render_timestamp(created_at)),
        update_time: Some(render_timestamp(updated_at)),
    }
}

pub fn render_types(
    asked: &AskedTypes,
    page: Page<OperationType, OperationTypeId>,
    now: Timestamp,
) -> pb::ListOperationTypesResponse {
    let (operation_types, next_page_token) =
        asked.page.fill(page, now, |found| found.id.clone(), render_type);
    pb::ListOperationTypesResponse { operation_types, next_page_token }
}

pub fn render_prices(
    asked: &AskedPrices,
    page: Page<PriceVersion, PriceKey>,
    now: Timestamp,
) -> pb::ListPricesResponse {
    let (prices, next_page_token) =
        asked.page.fill(page, now, |found| found.key.clone(), render_version);
    pb::ListPricesResponse { prices, next_page_token }
}

pub fn render_history(
    asked: &AskedHistory,
    page: Page<PriceVersion, u64>,
    now: Timestamp,
) -> pb::ListPriceHistoryResponse {
    let (prices, next_page_token) =
        asked.page.fill(page, now, |found| found.number, render_version);
    pb::ListPriceHistoryResponse { prices, next_page_token }
}

pub fn render_version(found: PriceVersion) -> pb::PriceVersion {
    let PriceVersion { id, key, number, terms, valid_from, created_at, author, reason } = found;
    let PriceKey { operation, model, edit } = key;
    pb::PriceVersion {
        id: id.to_string(),
        key: Some(pb::PriceKey {
            operation_type: operation.to_string(),
            model: model.map(|model| model.to_string()),
            edit,
        }),
        number: i64::try_from(number).unwrap_or(i64::MAX),
        terms: terms.map(render_terms),
        valid_from: Some(render_timestamp(valid_from)),
        create_time: Some(render_timestamp(created_at)),
        author_key_id: author.key.map(|key| key.to_string()).unwrap_or_default(),
        author_name: author.name.to_string(),
        reason: reason.map(|text| text.to_string()),
    }
}

pub fn render_quote(found: Quote) -> pb::QuoteResponse {
    let Quote { version, terms, quantity, total, at, covered_edit } = found;
    pb::QuoteResponse {
        total: total.to_string(),
        terms: Some(render_terms(terms)),
        price_version_id: version.to_string(),
        quantity: quantity.to_string(),
        covered_edit,
        quote_time: Some(render_timestamp(at)),
    }
}

fn render_terms(terms: Terms) -> pb::PriceTerms {
    let Terms { unit, unit_price, minimum, covers_edit } = terms;
    let unit = match unit {
        Unit::Job => pb::PriceUnit::Job,
        Unit::Image => pb::PriceUnit::Image,
        Unit::Second => pb::PriceUnit::Second,
        Unit::ThousandCharacters => pb::PriceUnit::ThousandCharacters,
    };
    pb::PriceTerms {
        unit: unit.into(),
        unit_price: unit_price.to_string(),
        minimum: minimum.to_string(),
        covers_edit,
    }
}

fn parse_key(fields: &mut Fields, key: pb::PriceKey) -> Option<PriceKey> {
    let pb::PriceKey { operation_type, model, edit } = key;
    let operation = fields.parse("operation_type", &operation_type);
    let model = fields.optional("model", model.as_deref());
    Some(PriceKey { operation: operation?, model: model?, edit })
}

fn parse_terms(fields: &mut Fields, terms: pb::PriceTerms) -> Option<Terms> {
    let pb::PriceTerms { unit, unit_price, minimum, covers_edit } = terms;
    let unit = fields.choice("unit", unit, |unit: pb::PriceUnit| match unit {
        pb::PriceUnit::Unspecified => None,
        pb::PriceUnit::Job => Some(Unit::Job),
        pb::PriceUnit::Image => Some(Unit::Image),
        pb::PriceUnit::Second => Some(Unit::Second),
        pb::PriceUnit::ThousandCharacters => Some(Unit::ThousandCharacters),
    });
    let unit_price = fields.parse("unit_price", &unit_price);
    let minimum = fields.optional("minimum", given(&minimum));
    let minimum = minimum?.unwrap_or(Credits::ZERO);
    Some(Terms { unit: unit?, unit_price: unit_price?, minimum, covers_edit })
}

/// A moment that may be absent.
pub(super) fn moment(
    fields: &mut Fields,
    field: &str,
    message: Option<prost_types::Timestamp>,
) -> Option<Option<Timestamp>> {
    match message {
        None => Some(None),
        Some(message) => fields.check(field, parse_timestamp(message)).map(Some),
    }
}

/// Who said it, as the history will show. A key's name fits: it is shorter.
fn author(caller: &Principal) -> Option<Author> {
    match caller {
        Principal::Service { key, name, .. } => {
            Some(Author { key: Some(*key), name: name.parse().ok()? })
        }
    }
}
