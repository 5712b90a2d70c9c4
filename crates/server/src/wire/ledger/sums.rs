//! Statements and usage.

use app::ledger::Statement;
use kernel::{Timestamp, UserId};
use ports::{EntrySum, Usage, UsageBy};
use proto::atelier::ledger::v1 as pb;

use super::{number, render_balance};
use crate::wire::fields::{Fields, Violations};
use crate::wire::time::{check_order, optional_moment as moment};

/// A statement from one moment to another, or to this day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedStatement {
    pub user: UserId,
    pub from: Timestamp,
    pub until: Option<Timestamp>,
}

/// Sums of usage from one moment to another, or to this day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedUsage {
    pub user: UserId,
    pub from: Timestamp,
    pub until: Option<Timestamp>,
    pub by: UsageBy,
}

pub fn parse_statement(request: pb::GetStatementRequest) -> Result<AskedStatement, Violations> {
    let pb::GetStatementRequest { user_id, start_time, end_time } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let span = read_times(&mut fields, start_time, end_time);
    fields.finish(|| {
        let (from, until) = span?;
        Some(AskedStatement { user: user?, from, until })
    })
}

pub fn parse_usage(request: pb::GetUsageRequest) -> Result<AskedUsage, Violations> {
    let pb::GetUsageRequest { user_id, start_time, end_time, group_by } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let span = read_times(&mut fields, start_time, end_time);
    let mut by = UsageBy::default();
    for (index, dimension) in group_by.into_iter().enumerate() {
        fields.choice(&format!("group_by[{index}]"), dimension, |dimension| {
            let flag = match dimension {
                pb::UsageDimension::Unspecified => return None,
                pb::UsageDimension::OperationType => &mut by.operation_type,
                pb::UsageDimension::Model => &mut by.model,
                pb::UsageDimension::Project => &mut by.project,
                pb::UsageDimension::Day => &mut by.day,
            };
            *flag = true;
            Some(())
        });
    }
    fields.finish(|| {
        let (from, until) = span?;
        Some(AskedUsage { user: user?, from, until, by })
    })
}

pub fn render_statement(statement: Statement) -> pb::GetStatementResponse {
    let Statement { opening, closing, lines } = statement;
    pb::GetStatementResponse {
        opening: Some(render_balance(opening)),
        closing: Some(render_balance(closing)),
        lines: lines.into_iter().map(render_line).collect(),
    }
}

pub fn render_usage(groups: Vec<Usage>) -> pb::GetUsageResponse {
    pb::GetUsageResponse { lines: groups.into_iter().map(render_group).collect() }
}

/// A beginning that must be there, and an end that may be.
fn read_times(
    fields: &mut Fields,
    start: Option<prost_types::Timestamp>,
    end: Option<prost_types::Timestamp>,
) -> Option<(Timestamp, Option<Timestamp>)> {
    if start.is_none() {
        fields.note("start_time", "is required");
    }
    let from = moment(fields, "start_time", start);
    let until = moment(fields, "end_time", end);
    check_order(fields, ("start_time", from.flatten()), ("end_time", until.flatten()));
    Some((from??, until?))
}

fn render_line(sum: EntrySum) -> pb::StatementLine {
    let EntrySum { kind, count, available, held } = sum;
    pb::StatementLine {
        kind: kind.as_str().to_owned(),
        count: number(count),
        available_change: available.to_string(),
        held_change: held.to_string(),
    }
}

fn render_group(usage: Usage) -> pb::UsageLine {
    let Usage { operation_type, model, project, day, charges, refunds, charged, refunded } = usage;
    pb::UsageLine {
        operation_type,
        model,
        project_id: project.map(|id| id.to_string()),
        day: day.map(render_day),
        charges: number(charges),
        refunds: number(refunds),
        charged: charged.to_string(),
        refunded: refunded.to_string(),
    }
}

// A moment prints as `2026-01-31T00:00:00.000000Z`.
fn render_day(day: Timestamp) -> String {
    let mut text = day.to_string();
    text.truncate("2026-01-31".len());
    text
}

#[cfg(test)]
mod tests;
