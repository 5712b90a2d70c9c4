//! What one command does to the model.

use super::*;

impl Model {
    /// Carries out what is asked, or says why not and stays as it was.
    pub(in super::super) fn ask(&mut self, now: Micros, ask: &Ask) -> Result<Answer, Refusal> {
        if let Some((_, what, answer)) = self.asked.iter().find(|(id, ..)| *id == ask.request) {
            return if *what == ask.what {
                Ok(Answer { again: true, ..answer.clone() })
            } else {
                Err(Refusal::Reused)
            };
        }
        let asked = std::mem::take(&mut self.asked);
        let mut next = self.clone();
        self.asked = asked;
        next.settle(now);
        if let Some(expected) = ask.expected
            && expected != next.version
        {
            return Err(Refusal::Stale { expected, current: next.version });
        }
        let at = next.moment(now);
        let deal = next.act(at, ask)?;
        if !matches!(ask.what, What::Extend { .. }) {
            next.deals[deal].after = next.available;
        }
        let answer = Answer {
            deal,
            state: next.deals[deal].state,
            lease: next.deals[deal].hold.map(|hold| hold.lease),
            available: next.available,
            held: next.held,
            version: next.version,
            again: false,
        };
        next.asked = std::mem::take(&mut self.asked);
        next.asked.push((ask.request, ask.what.clone(), answer.clone()));
        *self = next;
        Ok(answer)
    }

    fn act(&mut self, at: Micros, ask: &Ask) -> Result<usize, Refusal> {
        let made = (at, ask.nonce);
        match ask.what.clone() {
            What::Deduct { amount } => {
                let mut deal = Deal::over_at(Kind::Deduction, -amount, made);
                deal.parts = self.take(amount)?;
                deal.charged = amount;
                self.spent += amount;
                self.tick(at);
                Ok(self.add(deal))
            }
            What::Down { amount } => {
                let mut deal = Deal::over_at(Kind::Adjustment, -amount, made);
                deal.parts = self.take(amount)?;
                self.forfeited += amount;
                self.tick(at);
                Ok(self.add(deal))
            }
            What::Reserve { amount, lease, over, late } => {
                let mut deal = Deal::over_at(Kind::Deduction, -amount, made);
                deal.parts = self.take(amount)?;
                deal.state = State::Pending;
                deal.over = None;
                deal.hold = Some(Hold { amount, lease: at + lease, over, late, end: None });
                self.held += amount;
                self.tick(at);
                Ok(self.add(deal))
            }
            What::Capture { target, amount } => self.capture(target, amount, at),
            What::Release { target, failed } => self.release(target, failed, at),
            What::Extend { target, lease } => {
                let hold = self.open_hold(target)?;
                self.deals[target].hold = Some(Hold { lease: at + lease, ..hold });
                Ok(target)
            }
            What::Refund { target, amount } => self.refund(target, amount, made),
            What::Purchase { amount, until } => {
                let source = Source::Purchase;
                let terms = Terms { source, amount, priority: None, from: None, until };
                self.inflow(Kind::Purchase, &terms, made)
            }
            What::Grant(terms) => self.inflow(Kind::Grant, &terms, made),
            What::Up { amount } => {
                let source = Source::Adjustment;
                let terms = Terms { source, amount, priority: None, from: None, until: None };
                self.inflow(Kind::Adjustment, &terms, made)
            }
        }
    }

    fn capture(&mut self, target: usize, asked: Money, at: Micros) -> Result<usize, Refusal> {
        let hold = self.hold(target)?;
        let late = match hold.end {
            None => false,
            Some(End::Lapsed) if hold.late && asked > 0 => true,
            Some(_) => return Err(self.why_ended(target, hold)),
        };
        let charged = match hold.over {
            Over::Reject if asked > hold.amount => {
                return Err(Refusal::OverHold { held: hold.amount, requested: asked });
            }
            Over::Reject | Over::Balance => asked,
            Over::Cap => asked.min(hold.amount),
        };
        let mut parts = Vec::new();
        if late {
            parts = self.take(charged)?;
        } else {
            let extra = self.take((charged - hold.amount).max(0))?;
            let mut owed = charged;
            let mut rest = Vec::new();
            for Part { lot, amount, .. } in self.deals[target].parts.clone() {
                let pays = amount.min(owed);
                owed -= pays;
                rest.push(Part { lot, amount: amount - pays, back: 0 });
                if pays > 0 {
                    parts.push(Part { lot, amount: pays, back: 0 });
                }
            }
            self.available += (hold.amount - charged).max(0);
            self.held -= hold.amount;
            self.put_back(rest, target, at);
            for part in extra {
                match parts.iter().position(|paid| paid.lot == part.lot) {
                    Some(place) => parts[place].amount += part.amount,
                    None => parts.push(part),
                }
            }
        }
        self.spent += charged;
        self.tick(at);
        let end = if late { End::Late } else { End::Captured };
        let deal = &mut self.deals[target];
        deal.state = State::Completed;
        deal.amount = -charged;
        deal.charged = charged;
        deal.parts = parts;
        deal.over = Some(at);
        deal.hold = Some(Hold { end: Some(end), ..hold });
        Ok(target)
    }

    fn release(&mut self, target: usize, failed: bool, at: Micros) -> Result<usize, Refusal> {
        let hold = self.open_hold(target)?;
        let parts = std::mem::take(&mut self.deals[target].parts);
        self.put_back(parts, target, at);
        self.available += hold.amount;
        self.held -= hold.amount;
        self.tick(at);
        let deal = &mut self.deals[target];
        deal.state = if failed { State::Failed } else { State::Cancelled };
        deal.over = Some(at);
        deal.hold = Some(Hold { end: Some(End::Released), ..hold });
        Ok(target)
    }

    fn refund(
        &mut self,
        target: usize,
        asked: Option<Money>,
        made: (Micros, u64),
    ) -> Result<usize, Refusal> {
        let charge = self.deals.get(target).ok_or(Refusal::NoSuch)?;
        let Deal { kind, state, charged, refunded, .. } = *charge;
        if kind != Kind::Deduction || !matches!(state, State::Completed | State::Refunded) {
            return Err(Refusal::NotRefundable { kind, state });
        }
        let amount = asked.unwrap_or(charged - refunded);
        if amount == 0 || refunded + amount > charged {
            return Err(Refusal::OverCharge { charged, refunded, requested: amount });
        }
        // Credit by credit from the last that burned: each returns to the lot it was from.
        let mut rest = amount;
        let mut returning = Vec::new();
        for part in self.deals[target].parts.iter_mut().rev() {
            let back = rest.min(part.amount - part.back);
            rest -= back;
            part.back += back;
            returning.push(Part { lot: part.lot, amount: back, back: 0 });
        }
        let mut deal = Deal::over_at(Kind::Refund, amount, made);
        deal.parent = Some(target);
        let number = self.add(deal);
        self.deals[number].parts = self.put_back(returning, number, made.0);
        self.available += amount;
        self.spent -= amount;
        self.tick(made.0);
        let charge = &mut self.deals[target];
        charge.refunded += amount;
        if charge.refunded == charge.charged {
            charge.state = State::Refunded;
        }
        Ok(number)
    }

    fn inflow(&mut self, kind: Kind, terms: &Terms, made: (Micros, u64)) -> Result<usize, Refusal> {
        let at = made.0;
        let from = terms.from.unwrap_or(at).max(at);
        if let Some(until) = terms.until
            && until <= from
        {
            return Err(Refusal::TooSoon { until });
        }
        let waiting = self.lots.iter().filter(|lot| lot.state == LotState::Waiting);
        let promised: Money = waiting.map(|lot| lot.amount).sum();
        if self.earned + promised + terms.amount > MOST {
            return Err(Refusal::TooMuch);
        }
        let waits = from > at;
        let mut deal = Deal::over_at(kind, terms.amount, made);
        deal.parts = vec![Part { lot: self.lots.len(), amount: terms.amount, back: 0 }];
        if waits {
            deal.state = State::Pending;
            deal.over = None;
        } else {
            self.available += terms.amount;
            self.earned += terms.amount;
            self.tick(at);
        }
        let opener = self.add(deal);
        self.lots.push(Lot {
            opener,
            source: terms.source,
            amount: terms.amount,
            left: terms.amount,
            priority: terms.priority.unwrap_or(terms.source.priority()),
            from,
            until: terms.until,
            opened: at,
            state: if waits { LotState::Waiting } else { LotState::Open },
        });
        Ok(opener)
    }

    fn add(&mut self, deal: Deal) -> usize {
        self.deals.push(deal);
        self.deals.len() - 1
    }

    fn hold(&self, target: usize) -> Result<Hold, Refusal> {
        let deal = self.deals.get(target).ok_or(Refusal::NoSuch)?;
        deal.hold.ok_or(Refusal::NotAHold)
    }

    fn open_hold(&self, target: usize) -> Result<Hold, Refusal> {
        let hold = self.hold(target)?;
        if hold.end.is_some() { Err(self.why_ended(target, hold)) } else { Ok(hold) }
    }

    fn why_ended(&self, target: usize, hold: Hold) -> Refusal {
        match hold.end {
            Some(End::Captured | End::Late) => {
                Refusal::WasCaptured { charged: self.deals[target].charged }
            }
            Some(End::Released) => Refusal::WasReleased,
            Some(End::Lapsed) | None => Refusal::HasLapsed { at: hold.lease },
        }
    }
}
