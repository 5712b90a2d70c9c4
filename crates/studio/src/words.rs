//! Words of a text: lower case, plain, and in the singular where that is easy.

/// The words of `text`.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '\''))
        .map(|word| word.trim_matches(['-', '\'']).to_lowercase())
        .filter(|word| !word.is_empty())
        .flat_map(|word| {
            // "blue-haired" is two words to us; "t-shirt" and "ice-cream" are one.
            let keep = word.len() < 10 || !word.contains('-');
            let parts: Vec<String> =
                if keep { vec![word] } else { word.split('-').map(str::to_owned).collect() };
            parts
        })
        .collect()
}

/// The singular that a plural is likely of.
pub(crate) fn singular(word: &str) -> String {
    const ODD: &[(&str, &str)] = &[
        ("people", "person"),
        ("men", "man"),
        ("women", "woman"),
        ("children", "child"),
        ("kids", "child"),
        ("wolves", "wolf"),
        ("leaves", "leaf"),
        ("knives", "knife"),
        ("mice", "mouse"),
        ("geese", "goose"),
        ("sheep", "sheep"),
        ("fishes", "fish"),
        ("cherries", "cherry"),
        ("glasses", "glasses"),
        ("bus", "bus"),
        ("octopus", "octopus"),
        ("cactus", "cactus"),
        ("cacti", "cactus"),
        ("horses", "horse"),
        ("houses", "house"),
        ("roses", "rose"),
    ];
    if let Some((_, one)) = ODD.iter().find(|(many, _)| *many == word) {
        return (*one).to_owned();
    }
    let stem = |cut: usize| &word[..word.len() - cut];
    if word.len() > 4 && word.ends_with("ies") {
        return format!("{}y", stem(3));
    }
    if ["ches", "shes", "xes", "sses", "toes"].iter().any(|end| word.ends_with(end)) {
        return stem(2).to_owned();
    }
    if word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") {
        return stem(1).to_owned();
    }
    word.to_owned()
}

/// How many a word says: a number, a figure, or a company of several.
pub(crate) fn count(word: &str) -> Option<usize> {
    const COUNTS: &[(&str, usize)] = &[
        ("one", 1),
        ("two", 2),
        ("pair", 2),
        ("couple", 2),
        ("both", 2),
        ("three", 3),
        ("trio", 3),
        ("four", 4),
        ("few", 3),
        ("several", 4),
        ("five", 5),
        ("six", 6),
        ("group", 4),
        ("family", 3),
        ("seven", 7),
        ("many", 7),
        ("flock", 8),
        ("herd", 6),
        ("crowd", 9),
        ("eight", 8),
        ("nine", 9),
        ("ten", 10),
        ("dozen", 12),
        ("dozens", 12),
    ];
    let found = COUNTS.iter().find(|(name, _)| *name == word).map(|(_, count)| *count);
    found.or_else(|| word.parse().ok().filter(|count| (1..=12).contains(count)))
}
