//! What pictures are painted with: colours, chance, the look of a style, a pen, and filters of
//! whole pictures.

pub mod chance;
pub mod color;
pub mod filter;
pub mod letters;
pub mod look;
pub mod pen;

pub use chance::Chance;
pub use color::Rgb;
pub use look::{Line, Look, Shade, Style};
pub use pen::Pen;
