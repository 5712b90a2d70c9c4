//! JSON objects that are carried and not looked into.

use std::fmt;

/// A JSON object as text in a normal form, at most `BYTES` long: keys sorted, no spaces, whole
/// numbers without a fraction. Whoever reads JSON makes the form; equal objects are equal texts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Json<const BYTES: usize>(String);

impl<const BYTES: usize> Json<BYTES> {
    /// Takes a text that is in the normal form already. `None` if it is no object or too long.
    pub fn from_normal(text: String) -> Option<Self> {
        let object = text.starts_with('{') && text.ends_with('}');
        (object && text.len() <= BYTES).then_some(Self(text))
    }

    /// An object of texts. `None` if it is too long.
    pub fn of_texts(fields: &[(&str, &str)]) -> Option<Self> {
        let mut fields = fields.to_vec();
        fields.sort_unstable();
        let fields = fields.iter().map(|(key, value)| format!("{}:{}", quoted(key), quoted(value)));
        Self::from_normal(format!("{{{}}}", fields.collect::<Vec<_>>().join(",")))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const BYTES: usize> fmt::Display for Json<BYTES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// As other writers of the normal form quote: nothing is escaped that need not be.
fn quoted(text: &str) -> String {
    let escaped = text.chars().map(|c| match c {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        '\u{8}' => "\\b".to_owned(),
        '\u{c}' => "\\f".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        c if u32::from(c) < 0x20 => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_bounded() {
        assert!(Json::<7>::from_normal("{\"a\":1}".to_owned()).is_some());
        for text in ["", "[]", "1", "{\"ab\":1}"] {
            assert_eq!(Json::<7>::from_normal(text.to_owned()), None, "{text:?}");
        }
    }

    #[test]
    fn texts_are_sorted_and_quoted() {
        let json = Json::<64>::of_texts(&[("b", "x\"\\\n\u{1}é"), ("a", "")]);
        let text = json.map(|json| json.to_string());
        assert_eq!(text.as_deref(), Some("{\"a\":\"\",\"b\":\"x\\\"\\\\\\n\\u0001é\"}"));
        assert_eq!(Json::<8>::of_texts(&[("a", "b")]), None);
    }
}
