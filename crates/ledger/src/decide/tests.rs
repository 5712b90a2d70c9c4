//! Tables for each decision. Each desk checks at its end that the books close and verify.

mod capture;
mod charge;
mod fund;
mod lots;
mod refund;
mod release;
mod replay;
mod speed;
mod unsound;
