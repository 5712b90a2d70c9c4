//! The mock as clients see it: raw HTTP for every scenario, and the vendors' own SDKs.

// Always so here; said for clippy, which lets only such modules unwrap.
#[cfg(test)]
mod suite {
    mod admin;
    mod client;
    mod documents;
    mod elevenlabs;
    mod fal;
    mod gemini;
    mod openai;
    mod recraft;
    mod replicate;
    mod sdks;
    mod tavily;
    mod transport;
}
