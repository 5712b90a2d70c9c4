//! Common words that are not said as they are written.

const WORDS: &[(&str, &str)] = &[
    ("a", "AX"), ("the", "DH AX"), ("of", "AX V"), ("to", "T UW"), ("do", "D UW"), ("you", "Y UW"),
    ("your", "Y AO R"), ("they", "DH EY"), ("their", "DH EH R"), ("there", "DH EH R"),
    ("are", "AA R"), ("were", "W ER"), ("was", "W AX Z"), ("is", "IH Z"), ("his", "HH IH Z"),
    ("has", "HH AE Z"), ("have", "HH AE V"), ("as", "AE Z"), ("one", "W AH N"), ("once",
        "W AH N S"),
    ("two", "T UW"), ("four", "F AO R"), ("eight", "EY T"), ("who", "HH UW"), ("what", "W AH T"),
    ("where", "W EH R"), ("said", "S EH D"), ("says", "S EH Z"), ("some", "S AH M"),
    ("come", "K AH M"), ("comes", "K AH M Z"), ("done", "D AH N"), ("none", "N AH N"),
    ("love", "L AH V"), ("above", "AX B AH V"), ("give", "G IH V"), ("live", "L IH V"),
    ("gone", "G AO N"), ("people", "P IY P AX L"), ("water", "W AO T ER"), ("world", "W ER L D"),
    ("word", "W ER D"), ("words", "W ER D Z"), ("work", "W ER K"), ("works", "W ER K S"),
    ("would", "W UH D"), ("could", "K UH D"), ("should", "SH UH D"), ("through", "TH R UW"),
    ("though", "DH OW"), ("thought", "TH AO T"), ("enough", "IH N AH F"), ("laugh", "L AE F"),
    ("friend", "F R EH N D"), ("friends", "F R EH N D Z"), ("great", "G R EY T"),
    ("heart", "HH AA R T"), ("hear", "HH IH R"), ("heard", "HH ER D"), ("early", "ER L IY"),
    ("earth", "ER TH"), ("learn", "L ER N"), ("many", "M EH N IY"), ("any", "EH N IY"),
    ("every", "EH V R IY"), ("very", "V EH R IY"), ("only", "OW N L IY"), ("other", "AH DH ER"),
    ("another", "AX N AH DH ER"), ("mother", "M AH DH ER"), ("brother", "B R AH DH ER"),
    ("father", "F AA DH ER"), ("woman", "W UH M AX N"), ("women", "W IH M AX N"),
    ("beautiful", "B Y UW T AX F AX L"), ("because", "B IH K AH Z"), ("been", "B IH N"),
    ("put", "P UH T"), ("push", "P UH SH"), ("full", "F UH L"), ("pull", "P UH L"),
    ("move", "M UW V"), ("moves", "M UW V Z"), ("movie", "M UW V IY"), ("prove", "P R UW V"),
    ("lose", "L UW Z"), ("shoe", "SH UW"), ("blood", "B L AH D"), ("flood", "F L AH D"),
    ("good", "G UH D"), ("book", "B UH K"), ("look", "L UH K"), ("took", "T UH K"),
    ("stood", "S T UH D"), ("wood", "W UH D"), ("foot", "F UH T"), ("door", "D AO R"),
    ("floor", "F L AO R"), ("poor", "P UH R"), ("our", "AW R"), ("hour", "AW R"),
    ("island", "AY L AX N D"), ("ocean", "OW SH AX N"), ("machine", "M AX SH IY N"),
    ("idea", "AY D IY AX"), ("video", "V IH D IY OW"), ("studio", "S T UW D IY OW"),
    ("radio", "R EY D IY OW"), ("image", "IH M IH JH"), ("story", "S T AO R IY"),
    ("color", "K AH L ER"), ("money", "M AH N IY"), ("month", "M AH N TH"), ("front", "F R AH N T"),
    ("young", "Y AH NG"), ("country", "K AH N T R IY"), ("minute", "M IH N AX T"),
    ("second", "S EH K AX N D"), ("again", "AX G EH N"), ("against", "AX G EH N S T"),
    ("always", "AO L W EY Z"), ("also", "AO L S OW"), ("almost", "AO L M OW S T"),
    ("eye", "AY"), ("eyes", "AY Z"), ("i", "AY"), ("i'm", "AY M"), ("it's", "IH T S"),
    ("don't", "D OW N T"), ("won't", "W OW N T"), ("can't", "K AE N T"), ("we", "W IY"),
    ("be", "B IY"), ("he", "HH IY"), ("she", "SH IY"), ("me", "M IY"), ("so", "S OW"), ("go",
        "G OW"),
    ("no", "N OW"), ("my", "M AY"), ("by", "B AY"), ("this", "DH IH S"), ("that", "DH AE T"),
    ("with", "W IH DH"), ("from", "F R AH M"), ("for", "F AO R"), ("or", "AO R"), ("and", "AE N D"),
    ("hello", "HH AX L OW"), ("welcome", "W EH L K AX M"), ("today", "T AX D EY"),
    ("atelier", "AE T AX L Y EY"), ("science", "S AY AX N S"), ("quiet", "K W AY AX T"),
    ("being", "B IY IH NG"), ("lion", "L AY AX N"), ("giant", "JH AY AX N T"), ("build",
        "B IH L D"),
    ("business", "B IH Z N AX S"), ("busy", "B IH Z IY"), ("sure", "SH UH R"),
    ("sugar", "SH UH G ER"),
    ("both", "B OW TH"), ("most", "M OW S T"), ("ghost", "G OW S T"), ("cold", "K OW L D"),
    ("old", "OW L D"), ("gold", "G OW L D"), ("told", "T OW L D"), ("child", "CH AY L D"),
    ("wild", "W AY L D"), ("find", "F AY N D"), ("kind", "K AY N D"), ("mind", "M AY N D"),
    ("behind", "B IH HH AY N D"), ("light", "L AY T"), ("night", "N AY T"), ("right", "R AY T"),
    ("white", "W AY T"), ("were", "W ER"), ("its", "IH T S"), ("if", "IH F"), ("us", "AH S"),
    ("whole", "HH OW L"), ("animal", "AE N AX M AX L"), ("animals", "AE N AX M AX L Z"),
    ("before", "B IH F AO R"), ("below", "B IH L OW"), ("begin", "B IH G IH N"),
    ("into", "IH N T UW"),
    ("castle", "K AE S AX L"), ("listen", "L IH S AX N"), ("nature", "N EY CH ER"),
    ("picture", "P IH K CH ER"), ("future", "F Y UW CH ER"), ("weather", "W EH DH ER"),
    ("forest", "F AO R AX S T"), ("mountain", "M AW N T AX N"), ("mountains", "M AW N T AX N Z"),
    ("little", "L IH T AX L"), ("never", "N EH V ER"), ("river", "R IH V ER"),
    ("seven", "S EH V AX N"),
];

/// How a word is said, if it is one of these.
pub(super) fn find(word: &str) -> Option<Vec<&'static str>> {
    WORDS.iter().find(|(name, _)| *name == word).map(|(_, said)| said.split(' ').collect())
}

/// Words that a sentence does not lean on.
pub(super) fn is_light(word: &str) -> bool {
    const LIGHT: &str = "a an the of to in on at by for from with and or but as is are was were be it \
        its he she they we you i my your his her their our that this than so if into us me him them";
    LIGHT.split_whitespace().any(|light| light == word)
}
