//! Random cases: what to ask and when, told relative to what there is when its turn comes, so that
//! a case stays meaningful when parts of it are left out.

use super::model::{Micros, Money, Over, Source};

/// SplitMix64: small, seeded, and the same everywhere.
pub(super) struct Dice(pub(super) u64);

#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) grace: Micros,
    pub(super) users: usize,
    pub(super) batches: Vec<Batch>,
}

/// Steps that are decided at one moment, each on top of those before it.
#[derive(Debug, Clone)]
pub(super) struct Batch {
    pub(super) tick: Tick,
    /// Whether a sweeper posts what is due before the steps.
    pub(super) sweep: bool,
    pub(super) steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Tick {
    /// Forward, or back where another server's clock is behind.
    By(Micros),
    /// To one of the moments at which the clock will do something, or close by.
    ToDue { pick: usize, off: Micros },
}

#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) user: usize,
    /// Ask again what was asked before, word for word or with another payload.
    pub(super) again: Option<(usize, bool)>,
    pub(super) expected: Expect,
    pub(super) wish: Wish,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Expect {
    Nothing,
    Current,
    Stale(u64),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Wish {
    Deduct(Size),
    Reserve {
        size: Size,
        lease: When,
        over: Over,
        late: bool,
    },
    Capture {
        target: Pick,
        size: Size,
    },
    Release {
        target: Pick,
        failed: bool,
    },
    Extend {
        target: Pick,
        lease: When,
    },
    Refund {
        target: Pick,
        size: Option<Size>,
    },
    Purchase {
        size: Size,
        until: Option<When>,
    },
    Grant {
        source: Source,
        size: Size,
        priority: Option<u16>,
        from: Option<When>,
        until: Option<When>,
    },
    Up(Size),
    Down(Size),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Size {
    /// So many hundredths.
    Just(Money),
    /// What is natural for the wish (the balance, the hold, what is left of the charge, the room
    /// below the limit) and so much more.
    Natural(Money),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum When {
    In(Micros),
    /// At a moment at which the clock will do something anyway, or close by.
    Due {
        pick: usize,
        off: Micros,
    },
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Pick {
    OpenHold(usize),
    Hold(usize),
    Charge(usize),
    Any(usize),
    Nowhere,
}

impl Dice {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    fn pick(&mut self) -> usize {
        self.below(1 << 20) as usize
    }

    fn near(&mut self) -> i64 {
        self.of(&[0, 0, 0, -1, 1])
    }

    pub(super) fn case(&mut self) -> Case {
        let grace = self.of(&[0, 1, 7, 1_000, 30 * DAY]);
        let users = self.of(&[1, 1, 2, 3]);
        let length = self.of(&[12, 25, 25, 40, 90]);
        // Some cases come to the limit of what an account can hold.
        let rich = self.one_in(12);
        let first =
            |user: usize, wish: Wish| Step { user, again: None, expected: Expect::Nothing, wish };
        let funds: Vec<_> = (0..users)
            .flat_map(|user| {
                let (over, late) = (Over::Balance, true);
                let (size, lease) = (self.size(), self.lease());
                let hold = Wish::Reserve { size, lease, over, late };
                [first(user, Wish::Up(self.inflow(false))), first(user, hold)]
            })
            .collect();
        let mut batches = vec![Batch { tick: Tick::By(0), sweep: false, steps: funds }];
        let mut steps = 0;
        while steps < length {
            let size = self.of(&[1, 1, 1, 1, 1, 1, 2, 3, 6]);
            steps += size;
            let steps = (0..size).map(|_| self.step(users, rich)).collect();
            batches.push(Batch { tick: self.tick(), sweep: self.one_in(9), steps });
        }
        Case { grace, users, batches }
    }

    fn tick(&mut self) -> Tick {
        match self.below(24) {
            0..=5 => Tick::By(self.of(&[0, 1, 2])),
            6..=10 => Tick::ToDue { pick: self.of(&[0, 0, 0, 1, 2, 5]), off: self.near() },
            11 | 12 => Tick::By(self.of(&[-1, -5, -40])),
            13 => Tick::By(self.of(&[DAY, -DAY, 29 * DAY, 31 * DAY])),
            _ => Tick::By(self.below(25) as Micros),
        }
    }

    fn step(&mut self, users: usize, rich: bool) -> Step {
        Step {
            user: self.below(users as u64) as usize,
            again: self.one_in(8).then(|| (self.pick(), self.one_in(3))),
            expected: match self.below(24) {
                0 => Expect::Stale(self.below(3)),
                1..=3 => Expect::Current,
                _ => Expect::Nothing,
            },
            wish: self.wish(rich),
        }
    }

    fn wish(&mut self, rich: bool) -> Wish {
        let over = self.of(&[Over::Reject, Over::Cap, Over::Balance]);
        match self.below(24) {
            0 | 1 => Wish::Deduct(self.size()),
            2..=5 => {
                Wish::Reserve { size: self.size(), lease: self.lease(), over, late: self.one_in(2) }
            }
            7..=11 => Wish::Capture { target: self.target(), size: self.size() },
            12 | 13 => Wish::Release { target: self.target(), failed: self.one_in(2) },
            14 => Wish::Extend { target: self.target(), lease: self.lease() },
            15..=18 => Wish::Refund {
                target: if self.one_in(6) { self.target() } else { Pick::Charge(self.pick()) },
                size: if self.one_in(3) { None } else { Some(self.size()) },
            },
            19 => Wish::Purchase { size: self.inflow(rich), until: self.perhaps() },
            20 | 21 => Wish::Grant {
                source: self.of(&[
                    Source::Signup,
                    Source::Purchase,
                    Source::Plan,
                    Source::Promotion,
                    Source::Adjustment,
                    Source::Refund,
                ]),
                size: self.inflow(rich),
                priority: if self.one_in(2) { Some(self.of(&[0, 10, 30, 60])) } else { None },
                from: self.perhaps(),
                until: self.perhaps(),
            },
            22 => Wish::Up(self.inflow(rich)),
            _ => Wish::Down(self.size()),
        }
    }

    fn target(&mut self) -> Pick {
        match self.below(10) {
            0..=5 => Pick::OpenHold(self.pick()),
            6 | 7 => Pick::Hold(self.pick()),
            8 => Pick::Any(self.pick()),
            _ => {
                if self.one_in(3) {
                    Pick::Nowhere
                } else {
                    Pick::Charge(self.pick())
                }
            }
        }
    }

    fn size(&mut self) -> Size {
        match self.below(12) {
            0 => Size::Just(0),
            1 => Size::Natural(Money::from(self.near())),
            2 | 3 => Size::Natural(self.of(&[0, 0, 1, 150])),
            _ => Size::Just(1 + Money::from(self.below(400))),
        }
    }

    fn inflow(&mut self, rich: bool) -> Size {
        if rich && self.one_in(3) {
            Size::Natural(self.of(&[0, -1, 1, -700, -400_000_000_000]))
        } else {
            Size::Just(1 + Money::from(self.below(2_500)))
        }
    }

    fn perhaps(&mut self) -> Option<When> {
        self.one_in(2).then(|| self.when())
    }

    fn lease(&mut self) -> When {
        match self.below(8) {
            0 | 1 => When::Due { pick: self.pick(), off: self.near() },
            2 => When::In(self.of(&[0, 1, 2, DAY, 40 * DAY])),
            _ => When::In(20 + self.below(500) as Micros),
        }
    }

    fn when(&mut self) -> When {
        match self.below(4) {
            0 => When::Due { pick: self.pick(), off: self.near() },
            1 => When::In(self.of(&[-20, 0, 1, 2, DAY, 40 * DAY])),
            _ => When::In(self.below(120) as Micros),
        }
    }
}

const DAY: Micros = 24 * 60 * 60 * 1_000_000;
