//! What is streamed: balances, journals, verifications.

use app::ledger::Verified;
use kernel::UserId;
use ledger::{Account, Entry, Finding};
use proto::atelier::ledger::v1 as pb;

use super::{number, render_account, render_entry};
use crate::wire::fields::{Fields, Violations};

/// How many accounts are checked between two messages of progress.
const PROGRESS_EVERY: u64 = 1_000;

pub fn parse_watch(request: pb::WatchBalanceRequest) -> Result<UserId, Violations> {
    let pb::WatchBalanceRequest { user_id } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    fields.finish(|| user)
}

/// Whose journal, and after which version.
pub fn parse_export(request: pb::ExportEntriesRequest) -> Result<(UserId, u64), Violations> {
    let pb::ExportEntriesRequest { user_id, after_version } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let after = u64::try_from(after_version).map_err(|_| "must not be negative");
    let after = fields.check("after_version", after);
    fields.finish(|| Some((user?, after?)))
}

/// Which account, or after which one all of them.
pub fn parse_verify(
    request: pb::VerifyLedgerRequest,
) -> Result<(Option<UserId>, Option<UserId>), Violations> {
    let pb::VerifyLedgerRequest { user_id, after_user_id } = request;
    let mut fields = Fields::new();
    if user_id.is_some() && after_user_id.is_some() {
        fields.note("after_user_id", "must be absent where user_id is given");
    }
    let user = fields.optional("user_id", user_id.as_deref());
    let after = fields.optional("after_user_id", after_user_id.as_deref());
    fields.finish(|| Some((user?, after?)))
}

pub fn render_watched(account: Account) -> pb::WatchBalanceResponse {
    pb::WatchBalanceResponse { account: Some(render_account(account)) }
}

pub fn render_entries(entries: Vec<Entry>) -> pb::ExportEntriesResponse {
    pb::ExportEntriesResponse { entries: entries.into_iter().map(render_entry).collect() }
}

/// Counts what has been verified so far.
#[derive(Debug, Default)]
pub struct Tally {
    accounts: u64,
    entries: u64,
    findings: u64,
    last: Option<UserId>,
}

impl Tally {
    /// Counts an account, and renders what there is to say of it: its findings, and now and then
    /// how far the verification is.
    pub fn count(&mut self, verified: Verified) -> Vec<pb::VerifyLedgerResponse> {
        let Verified { user, entries, findings } = verified;
        self.accounts += 1;
        self.entries += u64::try_from(entries).unwrap_or(u64::MAX);
        self.last = Some(user);
        let mut messages = Vec::new();
        for finding in findings {
            self.findings += 1;
            messages.push(self.render(Some(render_finding(user, &finding)), false));
        }
        if self.accounts.is_multiple_of(PROGRESS_EVERY) {
            messages.push(self.render(None, false));
        }
        messages
    }

    /// The last message.
    pub fn done(&self) -> pb::VerifyLedgerResponse {
        self.render(None, true)
    }

    fn render(&self, finding: Option<pb::LedgerFinding>, done: bool) -> pb::VerifyLedgerResponse {
        pb::VerifyLedgerResponse {
            finding,
            accounts: number(self.accounts),
            entries: number(self.entries),
            findings: number(self.findings),
            last_user_id: self.last.map(|user| user.to_string()).unwrap_or_default(),
            done,
        }
    }
}

fn render_finding(user: UserId, finding: &Finding) -> pb::LedgerFinding {
    pb::LedgerFinding {
        user_id: user.to_string(),
        kind: kind(finding).to_owned(),
        description: finding.to_string(),
    }
}

/// The name of a finding: never renamed.
fn kind(finding: &Finding) -> &'static str {
    match finding {
        Finding::MissingEntry { .. } => "missing_entry",
        Finding::MissingTail { .. } => "missing_tail",
        Finding::AlteredEntry { .. } => "altered_entry",
        Finding::BrokenSum { .. } => "broken_sum",
        Finding::OutOfOrder { .. } => "out_of_order",
        Finding::AlteredAccount { .. } => "altered_account",
        Finding::AlteredHead => "altered_head",
        Finding::LotsDiffer { .. } => "lots_differ",
        Finding::LotDiffers { .. } => "lot_differs",
        Finding::HoldsDiffer { .. } => "holds_differ",
        Finding::TransactionDiffers { .. } => "transaction_differs",
        Finding::PartsDiffer { .. } => "parts_differ",
        Finding::TransactionMissing { .. } => "transaction_missing",
        Finding::Overflow => "overflow",
    }
}

#[cfg(test)]
mod tests;
