//! Sentences of a text, as they stand in it.

/// Abbreviations whose full stop ends no sentence.
const SHORT: &[&str] = &["mr.", "mrs.", "ms.", "dr.", "st.", "e.g.", "i.e.", "etc.", "vs.", "no."];

/// The sentences of `text`, without the white space around them.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut made = Vec::new();
    let mut start = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let end = at + letter.len_utf8();
        let next = letters.peek().map(|(_, next)| *next);
        let stop = match letter {
            '\n' => next == Some('\n') || next.is_none_or(|next| !next.is_alphanumeric()),
            '.' | '!' | '?' => next.is_none_or(char::is_whitespace) && !short(&text[start..end]),
            '。' | '！' | '？' => true,
            _ => false,
        };
        if stop {
            made.push(text[start..end].trim());
            start = end;
        }
    }
    made.push(text[start..].trim());
    made.retain(|sentence| sentence.chars().any(char::is_alphanumeric));
    made
}

fn short(sentence: &str) -> bool {
    let last = sentence.rsplit(char::is_whitespace).next().unwrap_or_default().to_lowercase();
    SHORT.contains(&last.as_str())
}

/// A text of at most `max` characters, cut where a word ends.
pub(super) fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let head: String = text.chars().take(max.saturating_sub(1)).collect();
    let end = head.rfind(char::is_whitespace).unwrap_or(head.len());
    format!("{}…", head[..end].trim_end_matches([',', ';', ':', '.', ' ']))
}

/// With its first letter large.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
