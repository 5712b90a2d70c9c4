//! Taking credits from the model's lots, and putting them back.

use super::*;

impl Model {
    /// Takes credits from open lots: lowest priority number, soonest end, oldest.
    pub(super) fn take(&mut self, amount: Money) -> Result<Vec<Part>, Refusal> {
        if amount > self.available {
            return Err(Refusal::Short { required: amount, available: self.available });
        }
        self.available -= amount;
        let mut owed = amount;
        let mut parts = Vec::new();
        while owed > 0 {
            let open = self.lots.iter().enumerate();
            let open = open.filter(|(_, lot)| lot.state == LotState::Open && lot.left > 0);
            let first = open.min_by_key(|(_, lot)| {
                let never = lot.until.is_none();
                (lot.priority, never, lot.until, lot.opened, self.deals[lot.opener].made)
            });
            let number = first.map(|(number, _)| number).expect("lots cover the balance");
            let lot = &mut self.lots[number];
            let pays = owed.min(lot.left);
            lot.left -= pays;
            owed -= pays;
            parts.push(Part { lot: number, amount: pays, back: 0 });
        }
        Ok(parts)
    }

    /// Puts credits back where they came from, or into one new lot for all that cannot go there.
    pub(super) fn put_back(&mut self, parts: Vec<Part>, opener: usize, at: Micros) -> Vec<Part> {
        let mut placed = Vec::new();
        let mut stranded = 0;
        for part in parts.into_iter().filter(|part| part.amount > 0) {
            let lot = &mut self.lots[part.lot];
            if lot.state == LotState::Gone || lot.until.is_some_and(|until| until <= at) {
                stranded += part.amount;
            } else {
                lot.left += part.amount;
                placed.push(part);
            }
        }
        if stranded > 0 {
            placed.push(Part { lot: self.lots.len(), amount: stranded, back: 0 });
            self.lots.push(Lot {
                opener,
                source: Source::Refund,
                amount: stranded,
                left: stranded,
                priority: Source::Refund.priority(),
                from: at,
                until: Some(at + self.grace.max(1)),
                opened: at,
                state: LotState::Open,
            });
        }
        placed
    }
}
