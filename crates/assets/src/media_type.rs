//! The types of media that are taken, what kind each is of, and how large a file of a kind may be.

use std::fmt;
use std::str::FromStr;

/// What a file is to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Image,
    Video,
    Audio,
    Document,
}

/// The text is none of the types that are taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of {}", MediaType::ALL.map(MediaType::as_str).join(", "))]
pub struct MediaTypeError;

macro_rules! media_types {
    ($($name:ident $kind:ident $text:literal $extension:literal;)*) => {
        /// A type of media that is taken.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum MediaType {
            $($name,)*
        }

        impl MediaType {
            pub const ALL: [Self; [$($text),*].len()] = [$(Self::$name),*];

            /// The name on the wire and in storage.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// What names of files of the type end in.
            pub const fn extension(self) -> &'static str {
                match self {
                    $(Self::$name => $extension,)*
                }
            }

            pub const fn kind(self) -> Kind {
                match self {
                    $(Self::$name => Kind::$kind,)*
                }
            }
        }
    };
}

media_types! {
    Png Image "image/png" "png";
    Jpeg Image "image/jpeg" "jpg";
    Webp Image "image/webp" "webp";
    Gif Image "image/gif" "gif";
    Avif Image "image/avif" "avif";
    Mp4 Video "video/mp4" "mp4";
    Webm Video "video/webm" "webm";
    Wav Audio "audio/wav" "wav";
    Mp3 Audio "audio/mpeg" "mp3";
    Ogg Audio "audio/ogg" "ogg";
    Flac Audio "audio/flac" "flac";
    Json Document "application/json" "json";
    Text Document "text/plain" "txt";
    Pdf Document "application/pdf" "pdf";
}

/// 1 MiB.
const MIB: u64 = 1024 * 1024;

impl Kind {
    pub const ALL: [Self; 4] = [Self::Image, Self::Video, Self::Audio, Self::Document];

    /// The name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Document => "document",
        }
    }

    /// How large a file of the kind may be.
    pub const fn bytes_max(self) -> u64 {
        match self {
            // A lossless picture of 8K by 8K.
            Self::Image => 64 * MIB,
            // Ten minutes at 13 Mbit/s: ten times the longest that a provider makes.
            Self::Video => 1024 * MIB,
            // An hour of a voice without compression.
            Self::Audio => 256 * MIB,
            // Documents are read whole when they are checked.
            Self::Document => 16 * MIB,
        }
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for MediaType {
    type Err = MediaTypeError;

    fn from_str(text: &str) -> Result<Self, MediaTypeError> {
        Self::ALL.into_iter().find(|media| media.as_str() == text).ok_or(MediaTypeError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_read_back_and_are_of_the_kind_that_their_name_says() {
        for media in MediaType::ALL {
            assert_eq!(media.to_string().parse(), Ok(media));
            let class = media.as_str().split('/').next().unwrap_or_default();
            match media.kind() {
                Kind::Document => assert!(["application", "text"].contains(&class), "{media}"),
                kind @ (Kind::Image | Kind::Video | Kind::Audio) => {
                    assert_eq!(class, kind.as_str());
                }
            }
        }
        for text in ["", "image", "image/svg+xml", "IMAGE/PNG", "image/png; q=1", "text/html"] {
            assert_eq!(text.parse::<MediaType>(), Err(MediaTypeError), "{text}");
        }
    }
}
