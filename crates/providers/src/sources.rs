//! Where answers come from: each page once, whatever was hung on its address on the way.

use generation::Source;
use url::Url;

/// What readers are followed by. No page is another for them.
const TRACKERS: &[&str] = &["fbclid", "gclid", "mc_cid", "mc_eid", "msclkid", "ref_src"];

/// What is kept of an address and of the texts of a source.
const URL_CHARS_MAX: usize = 2_048;
const TITLE_CHARS_MAX: usize = 200;
const EXCERPT_CHARS_MAX: usize = 4_000;

/// More than that nobody reads.
const SOURCES_MAX: usize = 100;

/// The sources in their order, each page once. Of two that are the same page the first stays, with
/// what the other knows better.
pub(crate) fn distinct(found: impl Iterator<Item = Source>) -> Vec<Source> {
    let mut distinct: Vec<Source> = Vec::new();
    for source in found {
        let Some(url) = canonical(&source.url) else { continue };
        let title = source.title.and_then(|text| shortened(&text, TITLE_CHARS_MAX, " "));
        let excerpt = source.excerpt.and_then(|text| shortened(&text, EXCERPT_CHARS_MAX, "\n"));
        match distinct.iter().position(|one| one.url == url) {
            Some(at) => {
                let same = &mut distinct[at];
                same.title = same.title.take().or(title);
                same.excerpt = same.excerpt.take().or(excerpt);
            }
            None if distinct.len() < SOURCES_MAX => distinct.push(Source { url, title, excerpt }),
            None => {}
        }
    }
    distinct
}

/// The address without what does not name the page. `None` if it is none of the web.
pub(crate) fn canonical(url: &str) -> Option<String> {
    let mut url = Url::parse(url.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    url.set_fragment(None);
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    if url.query().is_some() {
        let kept: Vec<(String, String)> =
            url.query_pairs().into_owned().filter(|(name, _)| !is_tracker(name)).collect();
        if kept.is_empty() {
            url.set_query(None);
        } else if kept.len() < url.query_pairs().count() {
            url.query_pairs_mut().clear().extend_pairs(kept);
        }
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    let text = String::from(url);
    (text.chars().count() <= URL_CHARS_MAX).then_some(text)
}

fn is_tracker(name: &str) -> bool {
    name.starts_with("utm_") || TRACKERS.contains(&name)
}

// Lines are kept where the joint is one.
fn shortened(text: &str, max: usize, joint: &str) -> Option<String> {
    let lines = text.lines().map(|line| {
        let words = line.split_whitespace().map(|word| word.replace(char::is_control, ""));
        words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    });
    let text = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(joint);
    (!text.is_empty()).then(|| text.chars().take(max).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(url: &str, title: Option<&str>) -> Source {
        Source { url: url.to_owned(), title: title.map(str::to_owned), excerpt: None }
    }

    #[test]
    fn a_page_has_one_address() {
        for (url, page) in [
            ("https://Example.com:443/a/?utm_source=x#top", "https://example.com/a"),
            ("https://example.com", "https://example.com/"),
            ("https://example.com/?b=2&gclid=1&a=1", "https://example.com/?b=2&a=1"),
            ("https://example.com/a?q=x%20y", "https://example.com/a?q=x%20y"),
            ("https://me:pw@example.com/a", "https://example.com/a"),
        ] {
            assert_eq!(canonical(url).as_deref(), Some(page));
        }
        for url in ["", "example.com", "ftp://x/", "javascript:alert(1)"] {
            assert_eq!(canonical(url), None, "{url}");
        }
    }

    #[test]
    fn pages_are_named_once_and_bounded() {
        let found = [
            source("https://a.example/x", None),
            source("https://b.example/", Some("B\n\u{7}page")),
            source("https://a.example/x#part", Some("A")),
            source("nonsense", None),
        ];
        let distinct = distinct(found.into_iter());
        let told: Vec<_> = distinct.iter().map(|s| (s.url.as_str(), s.title.as_deref())).collect();
        let expected = [("https://a.example/x", Some("A")), ("https://b.example/", Some("B page"))];
        assert_eq!(told, expected);
    }
}
