//! The fields of `generateContent`.

use crate::check::{Field, Kind, may, need};

/// Four million characters are about the million tokens that models take.
const TEXT_MAX: usize = 4_000_000;

const ASPECTS: &[&str] = &[
    "1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9", "1:8", "8:1", "1:4",
    "4:1",
];

pub(super) const TABLE: &[Field] = &[
    need("contents", Kind::List(1, 1000)),
    may("contents[].role", Kind::OneOf(&["user", "model", "function"])),
    need("contents[].parts", Kind::List(1, 1000)),
    may("contents[].parts[].text", Kind::Text(TEXT_MAX)),
    may("contents[].parts[].inlineData", Kind::Object),
    need("contents[].parts[].inlineData.mimeType", Kind::Text(100)),
    need("contents[].parts[].inlineData.data", Kind::Text(40_000_000)),
    may("contents[].parts[].fileData", Kind::Object),
    may("contents[].parts[].fileData.mimeType", Kind::Text(100)),
    need("contents[].parts[].fileData.fileUri", Kind::Text(2000)),
    may("contents[].parts[].thought", Kind::Bool),
    may("contents[].parts[].thoughtSignature", Kind::Any),
    may("contents[].parts[].functionCall", Kind::Object),
    may("contents[].parts[].functionResponse", Kind::Object),
    may("systemInstruction", Kind::Object),
    may("systemInstruction.role", Kind::Text(20)),
    need("systemInstruction.parts", Kind::List(1, 100)),
    may("systemInstruction.parts[].text", Kind::Text(TEXT_MAX)),
    may("tools", Kind::List(0, 128)),
    may("tools[].googleSearch", Kind::Object),
    may("tools[].urlContext", Kind::Object),
    may("tools[].functionDeclarations", Kind::List(1, 512)),
    may("toolConfig", Kind::Object),
    may("safetySettings", Kind::List(0, 10)),
    need("safetySettings[].category", Kind::OneOf(CATEGORIES)),
    need("safetySettings[].threshold", Kind::OneOf(THRESHOLDS)),
    may("cachedContent", Kind::Text(200)),
    may("labels", Kind::Object),
    may("serviceTier", Kind::Text(40)),
    may("store", Kind::Bool),
    may("generationConfig", Kind::Object),
    may("generationConfig.temperature", Kind::Number(0.0, 2.0)),
    may("generationConfig.topP", Kind::Number(0.0, 1.0)),
    may("generationConfig.topK", Kind::Number(1.0, 1000.0)),
    may("generationConfig.candidateCount", Kind::Int(1, 8)),
    may("generationConfig.maxOutputTokens", Kind::Int(1, 65_536)),
    may("generationConfig.stopSequences", Kind::List(0, 5)),
    may("generationConfig.presencePenalty", Kind::Number(-2.0, 2.0)),
    may("generationConfig.frequencyPenalty", Kind::Number(-2.0, 2.0)),
    may("generationConfig.seed", Kind::Int(-2_147_483_648, 2_147_483_647)),
    may("generationConfig.responseMimeType", Kind::OneOf(&["text/plain", "application/json"])),
    may("generationConfig.responseSchema", Kind::Object),
    may("generationConfig.responseJsonSchema", Kind::Object),
    may("generationConfig.responseModalities", Kind::List(0, 3)),
    may("generationConfig.speechConfig", Kind::Object),
    may("generationConfig.thinkingConfig", Kind::Object),
    may("generationConfig.mediaResolution", Kind::Text(40)),
    may("generationConfig.imageConfig", Kind::Object),
    may("generationConfig.imageConfig.aspectRatio", Kind::OneOf(ASPECTS)),
    may("generationConfig.imageConfig.imageSize", Kind::OneOf(&["512", "1K", "2K", "4K"])),
];

const CATEGORIES: &[&str] = &[
    "HARM_CATEGORY_HARASSMENT",
    "HARM_CATEGORY_HATE_SPEECH",
    "HARM_CATEGORY_SEXUALLY_EXPLICIT",
    "HARM_CATEGORY_DANGEROUS_CONTENT",
    "HARM_CATEGORY_CIVIC_INTEGRITY",
    "HARM_CATEGORY_JAILBREAK",
];
const THRESHOLDS: &[&str] =
    &["BLOCK_LOW_AND_ABOVE", "BLOCK_MEDIUM_AND_ABOVE", "BLOCK_ONLY_HIGH", "BLOCK_NONE", "OFF"];

/// Below these, names are the caller's own.
pub(super) const OPAQUE: &[&str] = &[
    "responseSchema",
    "responseJsonSchema",
    "functionDeclarations",
    "functionCall",
    "functionResponse",
    "labels",
];
