//! Characters: who they are by a description, and how they look from every side.

pub mod figure;
#[rustfmt::skip]
mod front;
#[rustfmt::skip]
mod head;
mod kit;
pub mod rig;
pub mod sheet;

pub use figure::Figure;
pub use rig::Pose;
pub use sheet::{CharacterOrder, Side};
