//! Rows of the ledger.

use diesel::prelude::{Queryable, Selectable};
use kernel::{LotId, ProjectId, TransactionId, UserId};
use ledger::{
    Account, Allocation, Balance, Entry, EntryKind, Hold, HoldEnd, Label, LateCapture, Lot,
    LotSource, LotState, Operation, OverCapture, Recorded, Transaction, TransactionKind,
    TransactionStatus,
};
use ports::StoreError;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use crate::schema::{
    ledger_accounts, ledger_entries, ledger_lots, ledger_requests, ledger_transactions,
};
use crate::types::{corrupt, credits, delta, digest, from_pg, named, version};

type PgTimestamp = diesel::data_types::PgTimestamp;

#[derive(Queryable, Selectable)]
#[diesel(table_name = ledger_accounts, check_for_backend(diesel::pg::Pg))]
pub(crate) struct AccountRow {
    user_id: Uuid,
    available: Decimal,
    held: Decimal,
    version: i64,
    earned: Decimal,
    spent: Decimal,
    forfeited: Decimal,
    head_hash: Vec<u8>,
    updated_at: PgTimestamp,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = ledger_lots, check_for_backend(diesel::pg::Pg))]
pub(crate) struct LotRow {
    user_id: Uuid,
    id: Uuid,
    source: String,
    amount: Decimal,
    remaining: Decimal,
    priority: i32,
    effective_at: PgTimestamp,
    expires_at: Option<PgTimestamp>,
    opened_at: PgTimestamp,
    state: String,
    live: bool,
    due_at: Option<PgTimestamp>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = ledger_transactions, check_for_backend(diesel::pg::Pg))]
pub(crate) struct TransactionRow {
    user_id: Uuid,
    id: Uuid,
    kind: String,
    status: String,
    amount: Decimal,
    balance_after: Decimal,
    operation_type: Option<String>,
    model: Option<String>,
    operation_id: Option<String>,
    edit_price: bool,
    project_id: Option<Uuid>,
    reference: Option<String>,
    description: Option<String>,
    metadata: Option<Value>,
    parent_id: Option<Uuid>,
    hold_amount: Option<Decimal>,
    hold_end: Option<String>,
    over_capture: Option<String>,
    late_capture: Option<String>,
    lease_until: Option<PgTimestamp>,
    captured: Decimal,
    refunded: Decimal,
    allocations: Value,
    created_at: PgTimestamp,
    processed_at: Option<PgTimestamp>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = ledger_requests, check_for_backend(diesel::pg::Pg))]
pub(crate) struct RequestRow {
    user_id: Uuid,
    request_id: String,
    digest: Vec<u8>,
    transaction_id: Uuid,
    status: String,
    lease_until: Option<PgTimestamp>,
    available: Decimal,
    held: Decimal,
    version: i64,
    created_at: PgTimestamp,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = ledger_entries, check_for_backend(diesel::pg::Pg))]
pub(crate) struct EntryRow {
    user_id: Uuid,
    version: i64,
    at: PgTimestamp,
    transaction_id: Uuid,
    kind: String,
    available_change: Decimal,
    held_change: Decimal,
    available_after: Decimal,
    held_after: Decimal,
    hash: Vec<u8>,
}

impl TryFrom<AccountRow> for Account {
    type Error = StoreError;

    fn try_from(row: AccountRow) -> Result<Self, StoreError> {
        Ok(Self {
            user: UserId::from_uuid(row.user_id),
            available: credits(row.available)?,
            held: credits(row.held)?,
            version: version(row.version)?,
            earned: credits(row.earned)?,
            spent: credits(row.spent)?,
            forfeited: credits(row.forfeited)?,
            updated_at: from_pg(row.updated_at)?,
            head: digest(row.head_hash)?,
        })
    }
}

impl TryFrom<LotRow> for Lot {
    type Error = StoreError;

    fn try_from(row: LotRow) -> Result<Self, StoreError> {
        let lot = Self {
            id: LotId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            source: named(&LotSource::ALL, LotSource::as_str, &row.source)?,
            amount: credits(row.amount)?,
            remaining: credits(row.remaining)?,
            priority: u16::try_from(row.priority).map_err(|_| corrupt("a lot's priority"))?,
            effective_at: from_pg(row.effective_at)?,
            expires_at: row.expires_at.map(from_pg).transpose()?,
            opened_at: from_pg(row.opened_at)?,
            state: named(&LotState::ALL, LotState::as_str, &row.state)?,
        };
        // Both are there for indexes alone, so nothing else would notice if they were wrong.
        if row.live != lot.is_live() || row.due_at.map(from_pg).transpose()? != lot.due_at() {
            return Err(corrupt("a lot's place in the indexes"));
        }
        Ok(lot)
    }
}

impl TryFrom<TransactionRow> for Transaction {
    type Error = StoreError;

    fn try_from(row: TransactionRow) -> Result<Self, StoreError> {
        let hold = match (row.hold_amount, row.lease_until, row.over_capture, row.late_capture) {
            (None, None, None, None) => None,
            (Some(amount), Some(lease_until), Some(over), Some(late)) => Some(Hold {
                amount: credits(amount)?,
                lease_until: from_pg(lease_until)?,
                over_capture: named(OverCapture::ALL, OverCapture::as_str, &over)?,
                late_capture: named(LateCapture::ALL, LateCapture::as_str, &late)?,
                end: row
                    .hold_end
                    .map(|end| named(HoldEnd::ALL, HoldEnd::as_str, &end))
                    .transpose()?,
            }),
            _ => return Err(corrupt("a hold")),
        };
        Ok(Self {
            id: TransactionId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            kind: named(TransactionKind::ALL, TransactionKind::as_str, &row.kind)?,
            status: named(TransactionStatus::ALL, TransactionStatus::as_str, &row.status)?,
            amount: delta(row.amount)?,
            balance_after: credits(row.balance_after)?,
            operation: Operation {
                operation_type: label(row.operation_type)?,
                model: label(row.model)?,
                operation_id: label(row.operation_id)?,
                edit_price: row.edit_price,
                project: row.project_id.map(ProjectId::from_uuid),
                reference: label(row.reference)?,
                description: label(row.description)?,
                metadata: row.metadata.map(|metadata| metadata.to_string()),
            },
            parent: row.parent_id.map(TransactionId::from_uuid),
            hold,
            captured: credits(row.captured)?,
            refunded: credits(row.refunded)?,
            allocations: allocations(&row.allocations)?,
            created_at: from_pg(row.created_at)?,
            processed_at: row.processed_at.map(from_pg).transpose()?,
        })
    }
}

impl TryFrom<RequestRow> for Recorded {
    type Error = StoreError;

    fn try_from(row: RequestRow) -> Result<Self, StoreError> {
        Ok(Self {
            user: UserId::from_uuid(row.user_id),
            request: row.request_id.parse().map_err(|_| corrupt("a request id"))?,
            digest: digest(row.digest)?,
            transaction: TransactionId::from_uuid(row.transaction_id),
            status: named(TransactionStatus::ALL, TransactionStatus::as_str, &row.status)?,
            lease_until: row.lease_until.map(from_pg).transpose()?,
            balance: Balance {
                available: credits(row.available)?,
                held: credits(row.held)?,
                version: version(row.version)?,
            },
            at: from_pg(row.created_at)?,
        })
    }
}

impl TryFrom<EntryRow> for Entry {
    type Error = StoreError;

    fn try_from(row: EntryRow) -> Result<Self, StoreError> {
        Ok(Self {
            user: UserId::from_uuid(row.user_id),
            version: version(row.version)?,
            transaction: TransactionId::from_uuid(row.transaction_id),
            kind: named(&EntryKind::ALL, EntryKind::as_str, &row.kind)?,
            available: delta(row.available_change)?,
            held: delta(row.held_change)?,
            available_after: credits(row.available_after)?,
            held_after: credits(row.held_after)?,
            at: from_pg(row.at)?,
            hash: digest(row.hash)?,
        })
    }
}

fn label<const MAX: usize>(stored: Option<String>) -> Result<Option<Label<MAX>>, StoreError> {
    stored.map(|text| Label::parse(&text).map_err(|_| corrupt("a label"))).transpose()
}

/// Allocations as the column has them: `[["<lot>","<amount>","<returned>"], …]`.
pub(crate) fn allocations_json(allocations: &[Allocation]) -> String {
    let parts = allocations
        .iter()
        .map(|part| format!("[\"{}\",\"{}\",\"{}\"]", part.lot, part.amount, part.returned));
    format!("[{}]", parts.collect::<Vec<_>>().join(","))
}

fn allocations(stored: &Value) -> Result<Vec<Allocation>, StoreError> {
    let parts = stored.as_array().ok_or_else(|| corrupt("a transaction's allocations"))?;
    parts
        .iter()
        .map(|part| {
            let text = |index| part.get(index).and_then(Value::as_str);
            Some(Allocation {
                lot: text(0)?.parse().ok()?,
                amount: text(1)?.parse().ok()?,
                returned: text(2)?.parse().ok()?,
            })
        })
        .collect::<Option<_>>()
        .ok_or_else(|| corrupt("a transaction's allocations"))
}
