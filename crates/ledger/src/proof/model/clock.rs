//! What the clock does to the model.

use super::*;

impl Model {
    /// Lets everything happen that is due by `now`, one thing at a time: the earliest; then what
    /// arrives, before holds, before what expires; then the oldest.
    pub(in super::super) fn settle(&mut self, now: Micros) {
        loop {
            let mut next: Option<(Micros, u8, (Micros, u64), usize)> = None;
            let mut consider = |due: (Micros, u8, (Micros, u64), usize)| {
                if due.0 <= now && next.is_none_or(|next| due < next) {
                    next = Some(due);
                }
            };
            for (number, lot) in self.lots.iter().enumerate() {
                let made = self.deals[lot.opener].made;
                match (lot.state, lot.until) {
                    (LotState::Waiting, _) => consider((lot.from, 0, made, number)),
                    (LotState::Open, Some(until)) if lot.left > 0 => {
                        consider((until, 2, made, number));
                    }
                    (LotState::Open | LotState::Gone, _) => {}
                }
            }
            for (number, hold) in self.open_holds() {
                consider((hold.lease, 1, self.deals[number].made, number));
            }
            match next {
                None => return,
                Some((due, 0, _, lot)) => self.begin(lot, due),
                Some((due, 1, _, hold)) => self.lapse(hold, due),
                Some((due, _, _, lot)) => self.expire(lot, due),
            }
        }
    }

    fn begin(&mut self, lot: usize, due: Micros) {
        let at = self.moment(due);
        let Lot { amount, opener, .. } = self.lots[lot];
        self.lots[lot].state = LotState::Open;
        self.available += amount;
        self.earned += amount;
        self.tick(at);
        self.deals[opener].state = State::Completed;
        self.deals[opener].over = Some(at);
        self.deals[opener].after = self.available;
    }

    fn lapse(&mut self, number: usize, due: Micros) {
        let at = self.moment(due);
        let parts = std::mem::take(&mut self.deals[number].parts);
        let amount: Money = parts.iter().map(|part| part.amount).sum();
        self.put_back(parts, number, at);
        self.available += amount;
        self.held -= amount;
        self.tick(at);
        let deal = &mut self.deals[number];
        deal.state = State::Cancelled;
        deal.over = Some(at);
        deal.after = self.available;
        if let Some(hold) = &mut deal.hold {
            hold.end = Some(End::Lapsed);
        }
    }

    fn expire(&mut self, number: usize, due: Micros) {
        let at = self.moment(due);
        let lot = &mut self.lots[number];
        let amount = std::mem::take(&mut lot.left);
        lot.state = LotState::Gone;
        self.available -= amount;
        self.forfeited += amount;
        self.tick(at);
        let parts = vec![Part { lot: number, amount, back: 0 }];
        // Its nonce is the ledger's own affair; no two changes share a moment.
        let mut deal = Deal::over_at(Kind::Expiration, -amount, (at, 0));
        deal.parts = parts;
        deal.after = self.available;
        self.deals.push(deal);
    }
}
