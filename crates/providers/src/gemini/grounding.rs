//! Where an answer that was searched for comes from.

use generation::Source;
use serde_json::Value;

use crate::sources;

/// The pages in `groundingChunks`, each with the first sentence that it supports.
///
/// Their addresses are redirects of Google's that work for some weeks; the title is the page's host
/// or name, and what can be shown later.
pub(super) fn sources(value: &Value) -> Vec<Source> {
    let metadata = value.pointer("/candidates/0/groundingMetadata");
    let list = |name: &str| {
        let list = metadata.and_then(|metadata| metadata.get(name)).and_then(Value::as_array);
        list.map(Vec::as_slice).unwrap_or_default()
    };
    let supports = list("groundingSupports");
    let found = list("groundingChunks").iter().enumerate().filter_map(|(at, chunk)| {
        let web = chunk.get("web")?;
        let of_web = |name: &str| web.get(name).and_then(Value::as_str).map(str::to_owned);
        let excerpt = supports.iter().find_map(|support| {
            let chunks = support.get("groundingChunkIndices")?.as_array()?;
            let index = |chunk: &Value| chunk.as_u64().and_then(|n| usize::try_from(n).ok());
            let supported = chunks.iter().any(|chunk| index(chunk) == Some(at));
            supported.then(|| support.pointer("/segment/text")?.as_str()).flatten()
        });
        let title = of_web("title").or_else(|| of_web("domain"));
        Some(Source { url: of_web("uri")?, title, excerpt: excerpt.map(str::to_owned) })
    });
    sources::distinct(found)
}
