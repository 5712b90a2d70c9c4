//! Sounds, as far as they can be checked: WAV and FLAC as a whole, MP3 frame by frame, Ogg page by
//! page.

pub(crate) mod flac;
pub(crate) mod mp3;
pub(crate) mod ogg;
pub(crate) mod wav;
