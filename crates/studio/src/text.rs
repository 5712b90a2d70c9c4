//! Texts from texts: answers, ideas, research, summaries, plans. Nothing here understands anything;
//! what it says comes from the words it was given, and it does not pretend otherwise.

mod chat;
mod concept;
mod corpus;
mod keywords;
mod research;
mod segments;
mod sentences;
mod summary;

pub use chat::answer;
pub use concept::{Idea, idea};
pub use research::{Finding, research};
pub use segments::{Planned, plan};
pub use summary::summarise;
