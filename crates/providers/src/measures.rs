//! Measures that vendors offer, and those of them that are nearest to what is asked for.

use generation::{Aspect, Failure, Size, VideoAsk};

use crate::failures::unfit;

/// The ratio among those offered that is nearest. They are written as `16:9`.
pub(crate) fn nearest_ratio(aspect: Aspect, offered: &[&'static str]) -> &'static str {
    let sizes: Vec<Size> = offered.iter().filter_map(|ratio| size(ratio, ':')).collect();
    let nearest = aspect.nearest(&sizes);
    let found = offered.iter().find(|ratio| size(ratio, ':') == nearest);
    found.copied().unwrap_or("1:1")
}

/// The size among those offered that has the nearest ratio. They are written as `1024x1024`.
pub(crate) fn nearest_size(aspect: Aspect, offered: &[&'static str]) -> &'static str {
    let sizes: Vec<Size> = offered.iter().filter_map(|one| size(one, 'x')).collect();
    let nearest = aspect.nearest(&sizes);
    offered.iter().find(|one| size(one, 'x') == nearest).copied().unwrap_or("1024x1024")
}

/// The shortest length among those offered that is long enough.
pub(crate) fn seconds(video: &VideoAsk, offered: &[u32]) -> Result<u32, Failure> {
    let wanted = video.millis.div_ceil(1_000);
    let found = offered.iter().copied().filter(|seconds| *seconds >= wanted).min();
    let longest = offered.iter().max().copied().unwrap_or_default();
    found.ok_or_else(|| unfit(format!("the model makes at most {longest} seconds of video")))
}

/// The smallest resolution among those offered that is large enough, or the largest.
pub(crate) fn resolution(pixels: u32, offered: &[(u32, &'static str)]) -> &'static str {
    let found = offered.iter().find(|(side, _)| *side >= pixels).or(offered.last());
    found.map_or("720p", |(_, name)| name)
}

fn size(text: &str, between: char) -> Option<Size> {
    let (width, height) = text.split_once(between)?;
    Some(Size { width: width.parse().ok()?, height: height.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_is_chosen_of_what_is_offered() {
        let aspect = |text: &str| text.parse().unwrap();
        let ratios = ["1:1", "16:9", "9:16"];
        assert_eq!(nearest_ratio(aspect("2:1"), &ratios), "16:9");
        assert_eq!(nearest_ratio(aspect("4:5"), &ratios), "1:1");
        assert_eq!(nearest_size(aspect("1:2"), &["1024x1024", "1024x1536"]), "1024x1536");
        let offered = [(720, "720p"), (1080, "1080p")];
        let names = [480, 720, 721, 2160].map(|pixels| resolution(pixels, &offered));
        assert_eq!(names, ["720p", "720p", "1080p", "1080p"]);
    }
}
