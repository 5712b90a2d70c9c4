//! Pages of transactions and of lots.

use kernel::{LotId, Page, Position, Timestamp, TransactionId, UserId};
use ledger::{Label, Lot, Transaction};
use ports::TransactionFilter;
use proto::atelier::ledger::v1 as pb;

use super::operation::label;
use super::{names, render_lot, render_transaction};
use crate::status::Refusal;
use crate::wire::fields::Fields;
use crate::wire::page::{Asked, Tokens};
use crate::wire::time::{check_order, optional_moment as moment};

/// A page of a user's transactions.
pub struct AskedTransactions {
    pub user: UserId,
    pub filter: TransactionFilter,
    pub page: Asked<Position<TransactionId>>,
}

/// A page of a user's lots.
pub struct AskedLots {
    pub user: UserId,
    pub page: Asked<Position<LotId>>,
}

pub fn parse_list_transactions(
    request: pb::ListTransactionsRequest,
    now: Timestamp,
) -> Result<AskedTransactions, Refusal> {
    let filters =
        pb::ListTransactionsRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("ledger.ListTransactions", &filters);
    let pb::ListTransactionsRequest {
        user_id,
        page_size,
        page_token,
        kinds,
        statuses,
        operation_type,
        model,
        operation_id,
        project_id,
        reference,
        start_time,
        end_time,
    } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let kinds = each_choice(&mut fields, "kinds", kinds, names::parse_kind);
    let statuses = each_choice(&mut fields, "statuses", statuses, names::parse_status);
    let operation_type = label::<64>(&mut fields, "operation_type", operation_type.as_deref());
    let model = label::<128>(&mut fields, "model", model.as_deref());
    let operation_id = label::<128>(&mut fields, "operation_id", operation_id.as_deref());
    let project = fields.optional("project_id", project_id.as_deref());
    let reference = label::<128>(&mut fields, "reference", reference.as_deref());
    let from = moment(&mut fields, "start_time", start_time);
    let until = moment(&mut fields, "end_time", end_time);
    let given = (from.flatten(), until.flatten());
    check_order(&mut fields, ("start_time", given.0), ("end_time", given.1));

    let page = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    // Every field is there: what is missing was refused with the page.
    let whole = || {
        Some((
            user?,
            TransactionFilter {
                kinds: kinds?,
                statuses: statuses?,
                operation_type: operation_type?.map(text),
                model: model?.map(text),
                operation_id: operation_id?.map(text),
                project: project?,
                reference: reference?.map(text),
                from: from?,
                until: until?,
            },
        ))
    };
    let (user, filter) = whole().ok_or_else(Refusal::internal)?;
    Ok(AskedTransactions { user, filter, page })
}

pub fn parse_list_lots(request: pb::ListLotsRequest, now: Timestamp) -> Result<AskedLots, Refusal> {
    let filters =
        pb::ListLotsRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("ledger.ListLots", &filters);
    let pb::ListLotsRequest { user_id, page_size, page_token } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let page = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    Ok(AskedLots { user: user.ok_or_else(Refusal::internal)?, page })
}

pub fn render_transactions(
    asked: &AskedTransactions,
    page: Page<Transaction, Position<TransactionId>>,
    now: Timestamp,
) -> pb::ListTransactionsResponse {
    let (transactions, next_page_token) =
        asked.page.fill(page, now, Transaction::position, |mut transaction| {
            transaction.allocations.clear();
            render_transaction(transaction)
        });
    pb::ListTransactionsResponse { transactions, next_page_token }
}

pub fn render_lots(
    asked: &AskedLots,
    page: Page<Lot, Position<LotId>>,
    now: Timestamp,
) -> pb::ListLotsResponse {
    let (lots, next_page_token) = asked.page.fill(page, now, Lot::position, render_lot);
    pb::ListLotsResponse { lots, next_page_token }
}

fn each_choice<E: TryFrom<i32>, T>(
    fields: &mut Fields,
    field: &str,
    numbers: Vec<i32>,
    known: impl Fn(E) -> Option<T>,
) -> Option<Vec<T>> {
    let chosen: Vec<Option<T>> = numbers
        .into_iter()
        .enumerate()
        .map(|(index, number)| fields.choice(&format!("{field}[{index}]"), number, &known))
        .collect();
    chosen.into_iter().collect()
}

fn text<const MAX: usize>(label: Label<MAX>) -> String {
    label.as_str().to_owned()
}

#[cfg(test)]
mod tests;
