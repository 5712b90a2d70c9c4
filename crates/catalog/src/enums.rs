//! The closed lists of the catalogue. Their names are those in storage.

kernel::named_enums! {
    /// How a character or a scene is drawn.
    Style {
        #[default]
        Realistic = "realistic",
        Anime = "anime",
        Cartoon = "cartoon",
        Fantasy = "fantasy",
        Cyberpunk = "cyberpunk",
        Vintage = "vintage",
        Minimalist = "minimalist",
    }

    /// How far the pictures of a character are.
    GenerationStatus {
        #[default]
        Pending = "pending",
        Processing = "processing",
        Completed = "completed",
        Failed = "failed",
    }
}

#[cfg(test)]
mod tests {
    use kernel::UnknownName;

    use super::*;

    #[test]
    fn every_value_reads_back_from_its_name() {
        assert_eq!(Style::ALL.len(), 7);
        for style in Style::ALL {
            assert_eq!(style.as_str().parse(), Ok(*style));
        }
        for status in GenerationStatus::ALL {
            assert_eq!(status.as_str().parse(), Ok(*status));
        }
        assert_eq!("Anime".parse::<Style>(), Err(UnknownName));
    }
}
