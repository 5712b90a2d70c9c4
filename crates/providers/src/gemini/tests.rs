//! Gemini's requests and answers, in the shapes that its documents and clients have.

mod answers;
mod operations;
mod refusals;
mod requests;
