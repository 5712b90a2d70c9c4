//! From letters to sounds: rules for how English is mostly said as it is written.
//!
//! A rule is what stands before, the letters, what stands after, and the sounds. In what stands
//! beside: `#` vowels, `^` one consonant, `:` any consonants, `+` one of e, i, y, `_` the end of
//! the word, `%` an ending such as -ed or -ing, `.` one voiced consonant.

type Rule = (&'static str, &'static str, &'static str, &'static str);

const RULES: &[Rule] = &[
    ("", "air", "", "EH R"), ("", "are", "_", "EH R"), ("", "alk", "", "AO K"),
    ("", "all", "", "AO L"),
    ("", "ar", "", "AA R"), ("w", "ar", "", "AO R"), ("", "augh", "", "AO"), ("", "au", "", "AO"),
    ("", "aw", "", "AO"), ("", "ay", "", "EY"), ("", "ai", "", "EY"), ("_", "a", "_", "AX"),
    ("", "able", "_", "AX B AX L"), ("", "al", "_", "AX L"), ("", "age", "_", "IH JH"),
    ("", "ange", "", "EY N JH"), ("", "aste", "", "EY S T"), ("", "a", "tion", "EY"),
    ("", "a", "^e_", "EY"), ("", "a", "^es_", "EY"), ("", "a", "^ing_", "EY"),
    ("", "a", "^ed_", "EY"),
    ("", "a", "^ers", "EY"), ("", "a", "^er_", "EY"), ("#:", "a", "_", "AX"), ("_", "a", "^#",
        "AX"),
    ("qu", "a", "", "AA"), ("w", "a", "", "AA"), ("", "a", "", "AE"),
    ("m", "b", "_", ""), ("b", "b", "", ""), ("", "b", "", "B"),
    ("", "ch", "r", "K"), ("s", "ch", "", "K"), ("", "ch", "", "CH"), ("", "ck", "", "K"),
    ("s", "c", "+", ""), ("", "cia", "", "SH AX"), ("", "cious", "", "SH AX S"),
    ("", "cc", "+", "K S"),
    ("", "cc", "", "K"), ("", "c", "+", "S"), ("", "c", "", "K"),
    ("", "dge", "", "JH"), ("d", "d", "", ""), ("", "d", "", "D"),
    ("t", "ed", "_", "AX D"), ("d", "ed", "_", "AX D"), (".", "ed", "_", "D"), ("#", "ed", "_",
        "D"),
    ("^", "ed", "_", "T"), ("s", "es", "_", "AX Z"), ("z", "es", "_", "AX Z"),
    ("h", "es", "_", "AX Z"),
    ("c", "es", "_", "AX Z"), ("g", "es", "_", "AX Z"), ("#:", "e", "s_", ""), ("#:", "e", "_", ""),
    ("#:", "e", "ly_", ""), ("#:", "e", "ment", ""), ("#:", "e", "ful", ""), ("#:", "e", "less",
        ""),
    ("", "ear", "", "IH R"), ("", "eer", "", "IH R"), ("", "eigh", "", "EY"), ("", "ead", "",
        "EH D"),
    ("", "ea", "ther", "EH"), ("", "eau", "", "OW"), ("", "ee", "", "IY"), ("", "ea", "", "IY"),
    ("r", "ew", "", "UW"), ("", "ew", "", "Y UW"), ("", "ey", "_", "IY"), ("", "ey", "", "EY"),
    ("", "ei", "", "IY"), ("", "eu", "", "Y UW"), ("", "ere", "_", "IH R"), ("", "er", "_", "ER"),
    ("", "ers", "_", "ER Z"), ("", "er", "^", "ER"), ("", "er", "#", "EH R"), ("", "er", "", "ER"),
    ("", "e", "^e_", "IY"), ("_:", "e", "_", "IY"), ("_r", "e", "^#", "IY"),
    ("#:", "en", "_", "AX N"),
    ("#:", "el", "_", "AX L"), ("#:", "ent", "", "AX N T"), ("#:", "ence", "", "AX N S"),
    ("#:", "est", "_", "AX S T"), ("#:", "et", "_", "AX T"), ("", "e", "", "EH"),
    ("f", "f", "", ""), ("", "f", "", "F"),
    ("", "ght", "", "T"), ("", "gh", "t", ""), ("_", "gh", "", "G"), ("", "gh", "", ""),
    ("_", "gn", "", "N"), ("", "gn", "_", "N"), ("", "gg", "", "G"), ("_", "g", "et", "G"),
    ("_", "g", "i", "G"), ("", "g", "+", "JH"), ("", "gu", "+", "G"), ("", "g", "", "G"),
    ("_", "hou", "r", "AW"), ("", "h", "#", "HH"), ("", "h", "", ""),
    ("", "igh", "", "AY"), ("", "ign", "", "AY N"), ("", "ild", "", "AY L D"),
    ("", "ind", "", "AY N D"),
    ("", "ing", "_", "IH NG"), ("", "ings", "_", "IH NG Z"), ("", "ique", "", "IY K"),
    ("", "ious", "_", "IY AX S"), ("", "ire", "", "AY ER"), ("", "ir", "", "ER"),
    ("", "ies", "_", "IY Z"),
    ("_:", "ies", "_", "AY Z"), ("", "ied", "_", "IY D"), ("_:", "ie", "_", "AY"), ("", "ier", "_",
        "IY ER"),
    ("", "ie", "", "IY"), ("", "ia", "", "IY AX"), ("", "io", "", "IY OW"), ("", "i", "^e_", "AY"),
    ("", "i", "^es_", "AY"), ("", "i", "^ed_", "AY"), ("", "i", "^ing_", "AY"),
    ("", "i", "^er_", "AY"),
    ("_", "i", "_", "AY"), ("_b", "i", "#", "AY"), ("#:", "i", "ty_", "AX"),
    ("#:", "il", "_", "AX L"),
    ("", "i", "_", "IY"), ("", "i", "", "IH"),
    ("", "j", "", "JH"), ("_", "kn", "", "N"), ("k", "k", "", ""), ("", "k", "", "K"),
    ("", "le", "_", "AX L"), ("", "les", "_", "AX L Z"), ("l", "l", "", ""), ("", "l", "f_", ""),
    ("", "lk", "_", "K"), ("", "lm", "_", "M"), ("", "l", "", "L"),
    ("", "mn", "_", "M"), ("m", "m", "", ""), ("", "m", "", "M"),
    ("", "ng", "+", "N JH"), ("", "ng", "_", "NG"), ("", "ng", "", "NG G"), ("", "nk", "", "NG K"),
    ("n", "n", "", ""), ("", "n", "", "N"),
    ("", "ought", "", "AO T"), ("", "ough", "_", "OW"), ("", "ould", "", "UH D"),
    ("", "our", "", "AO R"),
    ("", "oul", "", "AW L"), ("", "ous", "_", "AX S"), ("", "ou", "", "AW"), ("", "oor", "",
        "AO R"),
    ("", "ook", "", "UH K"), ("", "ood", "", "UH D"), ("", "oo", "", "UW"), ("", "oar", "", "AO R"),
    ("", "oa", "", "OW"), ("", "oi", "", "OY"), ("", "oy", "", "OY"), ("", "own", "_", "OW N"),
    ("_d", "own", "_", "AW N"), ("", "ow", "_", "OW"), ("", "ow", "er", "AW"), ("", "ow", "", "AW"),
    ("", "oe", "_", "OW"), ("", "old", "", "OW L D"), ("w", "or", "", "ER"), ("#:", "or", "_",
        "ER"),
    ("", "ore", "", "AO R"), ("", "or", "", "AO R"), ("", "ost", "_", "OW S T"),
    ("", "o", "^e_", "OW"),
    ("", "o", "^es_", "OW"), ("", "o", "^ed_", "OW"), ("", "o", "^ing_", "OW"),
    ("", "o", "^er_", "OW"),
    ("", "o", "_", "OW"), ("", "oll", "_", "OW L"), ("#:", "on", "_", "AX N"),
    ("#:", "om", "_", "AX M"),
    ("", "ove", "_", "AH V"), ("", "o", "", "AA"),
    ("", "ph", "", "F"), ("_", "ps", "", "S"), ("p", "p", "", ""), ("", "p", "", "P"),
    ("", "que", "_", "K"), ("", "qu", "", "K W"), ("", "q", "", "K"),
    ("_", "rh", "", "R"), ("r", "r", "", ""), ("", "r", "", "R"),
    ("", "sh", "", "SH"), ("", "sion", "", "ZH AX N"), ("s", "sion", "", "SH AX N"),
    ("", "ssion", "", "SH AX N"),
    ("", "sure", "", "ZH ER"), ("", "sch", "", "S K"), ("", "sc", "+", "S"), ("", "ss", "", "S"),
    ("#", "s", "e_", "Z"), ("#", "s", "#", "Z"), (".", "s", "_", "Z"), ("#", "s", "_", "Z"),
    ("", "s", "m_", "Z"),
    ("", "s", "", "S"),
    ("", "tch", "", "CH"), ("", "tion", "", "SH AX N"), ("", "tions", "", "SH AX N Z"), ("",
        "tial", "", "SH AX L"),
    ("", "tious", "", "SH AX S"), ("", "ture", "", "CH ER"), ("s", "t", "le_", ""), ("s", "t",
        "en", ""),
    ("_", "th", "e", "DH"), ("_", "th", "is", "DH"), ("_", "th", "a", "DH"), ("", "th", "er", "DH"),
    ("", "the", "_", "DH"), ("", "th", "", "TH"), ("t", "t", "", ""), ("", "t", "", "T"),
    ("r", "u", "^#", "UW"), ("l", "u", "^#", "UW"), ("j", "u", "^#", "UW"), ("", "ure", "",
        "Y UH R"),
    ("", "ur", "", "ER"), ("", "uy", "", "AY"), ("l", "ue", "", "UW"), ("r", "ue", "", "UW"),
    ("", "ue", "_", "Y UW"),
    ("r", "ui", "", "UW"), ("", "ui", "", "UW"), ("", "u", "^e_", "Y UW"), ("_", "u", "ni", "Y UW"),
    ("#:", "u", "^#", "Y UW"), ("_:", "u", "^#", "Y UW"), ("", "u", "", "AH"),
    ("v", "v", "", ""), ("", "v", "", "V"),
    ("_", "wr", "", "R"), ("_", "who", "", "HH UW"), ("", "wh", "", "W"), ("", "w", "#", "W"), ("",
        "w", "", "W"),
    ("_", "x", "", "Z"), ("", "x", "", "K S"),
    ("_", "y", "#", "Y"), ("_:", "y", "_", "AY"), ("", "y", "^e_", "AY"), ("#:", "y", "_", "IY"),
    ("", "y", "ing", "IY"),
    ("", "y", "", "IH"), ("z", "z", "", ""), ("", "z", "", "Z"),
];

fn vowel(letter: u8) -> bool {
    b"aeiouy".contains(&letter)
}

fn voiced(letter: u8) -> bool {
    b"bdvgjlmnrwz".contains(&letter)
}

/// Whether what stands after a rule's letters fits.
fn after(rest: &[u8], pattern: &[u8]) -> bool {
    let Some((sign, pattern)) = pattern.split_first() else { return true };
    match sign {
        b'_' => rest.is_empty() && pattern.is_empty(),
        b'#' => rest.first().is_some_and(|l| vowel(*l)) && after(&rest[1..], pattern),
        b'^' => rest.first().is_some_and(|l| !vowel(*l)) && after(&rest[1..], pattern),
        b'+' => rest.first().is_some_and(|l| b"eiy".contains(l)) && after(&rest[1..], pattern),
        letter => rest.first() == Some(letter) && after(&rest[1..], pattern),
    }
}

/// Whether what stands before fits; patterns are read from their end.
fn before(head: &[u8], pattern: &[u8]) -> bool {
    let Some((sign, pattern)) = pattern.split_last() else { return true };
    let last = head.last().copied();
    let rest = &head[..head.len().saturating_sub(1)];
    match sign {
        b'_' => head.is_empty(),
        b'#' => last.is_some_and(vowel) && before(rest, pattern),
        b'^' => last.is_some_and(|l| !vowel(l)) && before(rest, pattern),
        b'.' => last.is_some_and(voiced) && before(rest, pattern),
        b':' => before(head, pattern) || last.is_some_and(|l| !vowel(l)) && before(rest, &[pattern,
            b":"].concat()),
        letter => last == Some(*letter) && before(rest, pattern),
    }
}

/// How a word of letters is said.
pub(super) fn say(word: &str) -> Vec<&'static str> {
    let letters: Vec<u8> = word.bytes().filter(u8::is_ascii_lowercase).collect();
    let (mut at, mut said) = (0, Vec::new());
    while at < letters.len() {
        let rest = &letters[at..];
        let rule = RULES
            .iter()
            .filter(|(head, part, tail, _)| {
                rest.starts_with(part.as_bytes())
                    && before(&letters[..at], head.as_bytes())
                    && after(&rest[part.len()..], tail.as_bytes())
            })
            // The longest letters win; of equals, the first.
            .max_by(|a, b| a.1.len().cmp(&b.1.len()).then(std::cmp::Ordering::Greater));
        match rule {
            Some((_, part, _, sounds)) => {
                said.extend(sounds.split(' ').filter(|sound| !sound.is_empty()));
                at += part.len();
            }
            None => at += 1,
        }
    }
    said
}

/// How a letter is called: for what cannot be said as a word.
pub(super) fn spell(letter: char) -> &'static str {
    match letter {
        'a' => "EY", 'b' => "B IY", 'c' => "S IY", 'd' => "D IY", 'e' => "IY", 'f' => "EH F",
        'g' => "JH IY", 'h' => "EY CH", 'i' => "AY", 'j' => "JH EY", 'k' => "K EY", 'l' => "EH L",
        'm' => "EH M", 'n' => "EH N", 'o' => "OW", 'p' => "P IY", 'q' => "K Y UW", 'r' => "AA R",
        's' => "EH S", 't' => "T IY", 'u' => "Y UW", 'v' => "V IY", 'w' => "D AH B AX L Y UW",
        'x' => "EH K S", 'y' => "W AY", 'z' => "Z IY", _ => "AX",
    }
}
