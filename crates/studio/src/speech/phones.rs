//! The sounds of English: how long each is, and where its resonances are.

/// How a sound is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    Vowel,
    /// L, R, W, Y.
    Glide,
    Nasal,
    Fricative,
    /// A closure, then a burst.
    Stop,
    Silence,
}

/// One sound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Phone {
    pub(super) name: &'static str,
    pub(super) manner: Manner,
    pub(super) millis: f32,
    pub(super) formants: [f32; 3],
    /// Where a vowel that moves goes.
    pub(super) toward: Option<[f32; 3]>,
    /// How strong the voice is.
    pub(super) voice: f32,
    /// How strong the hiss is, where it is, how wide.
    pub(super) hiss: (f32, f32, f32),
}

macro_rules! phones {
    ($($name:literal $manner:ident $millis:literal [$f1:literal $f2:literal $f3:literal]
        $(to [$t1:literal $t2:literal $t3:literal])? voice $voice:literal
        $(hiss $amount:literal at $at:literal wide $wide:literal)?;)*) => {
        pub(super) const PHONES: &[Phone] = &[$(
            Phone {
                name: $name,
                manner: Manner::$manner,
                millis: $millis,
                formants: [$f1, $f2, $f3],
                toward: phones!(@toward $($t1 $t2 $t3)?),
                voice: $voice,
                hiss: phones!(@hiss $($amount $at $wide)?),
            },
        )*];
    };
    (@toward) => { None };
    (@toward $a:literal $b:literal $c:literal) => { Some([$a, $b, $c]) };
    (@hiss) => { (0.0, 3000.0, 1000.0) };
    (@hiss $a:literal $b:literal $c:literal) => { ($a, $b, $c) };
}

phones! {
    "IY" Vowel 135.0 [280.0 2250.0 2950.0] voice 1.0;
    "IH" Vowel 100.0 [400.0 1950.0 2550.0] voice 1.0;
    "EH" Vowel 115.0 [550.0 1800.0 2500.0] voice 1.0;
    "AE" Vowel 145.0 [690.0 1680.0 2450.0] voice 1.0;
    "AA" Vowel 150.0 [730.0 1120.0 2450.0] voice 1.0;
    "AO" Vowel 150.0 [580.0 880.0 2450.0] voice 1.0;
    "UH" Vowel 100.0 [440.0 1050.0 2250.0] voice 1.0;
    "UW" Vowel 135.0 [310.0 940.0 2250.0] voice 1.0;
    "AH" Vowel 105.0 [620.0 1210.0 2500.0] voice 1.0;
    "AX" Vowel 62.0 [490.0 1400.0 2500.0] voice 0.9;
    "ER" Vowel 140.0 [480.0 1330.0 1690.0] voice 1.0;
    "EY" Vowel 155.0 [500.0 1880.0 2550.0] to [320.0 2200.0 2800.0] voice 1.0;
    "AY" Vowel 175.0 [730.0 1180.0 2450.0] to [380.0 2000.0 2600.0] voice 1.0;
    "OY" Vowel 190.0 [560.0 880.0 2450.0] to [380.0 1950.0 2550.0] voice 1.0;
    "AW" Vowel 180.0 [730.0 1280.0 2450.0] to [430.0 950.0 2350.0] voice 1.0;
    "OW" Vowel 155.0 [540.0 1050.0 2400.0] to [380.0 860.0 2300.0] voice 1.0;
    "L" Glide 70.0 [350.0 1050.0 2850.0] voice 0.75;
    "R" Glide 75.0 [350.0 1180.0 1580.0] voice 0.75;
    "W" Glide 75.0 [300.0 680.0 2200.0] voice 0.75;
    "Y" Glide 65.0 [280.0 2200.0 2950.0] voice 0.75;
    "M" Nasal 75.0 [260.0 1050.0 2200.0] voice 0.5;
    "N" Nasal 70.0 [260.0 1550.0 2550.0] voice 0.5;
    "NG" Nasal 85.0 [260.0 2000.0 2650.0] voice 0.5;
    "F" Fricative 100.0 [340.0 1100.0 2100.0] voice 0.0 hiss 0.2 at 6200.0 wide 5000.0;
    "V" Fricative 65.0 [300.0 1100.0 2100.0] voice 0.5 hiss 0.1 at 6000.0 wide 5000.0;
    "TH" Fricative 95.0 [320.0 1350.0 2600.0] voice 0.0 hiss 0.17 at 6800.0 wide 4500.0;
    "DH" Fricative 50.0 [290.0 1350.0 2600.0] voice 0.6 hiss 0.07 at 6500.0 wide 4500.0;
    "S" Fricative 110.0 [320.0 1550.0 2600.0] voice 0.0 hiss 0.85 at 6400.0 wide 2200.0;
    "Z" Fricative 80.0 [280.0 1550.0 2600.0] voice 0.45 hiss 0.45 at 6400.0 wide 2200.0;
    "SH" Fricative 115.0 [320.0 1750.0 2500.0] voice 0.0 hiss 0.95 at 3000.0 wide 1500.0;
    "ZH" Fricative 75.0 [280.0 1750.0 2500.0] voice 0.45 hiss 0.5 at 3000.0 wide 1500.0;
    "HH" Fricative 60.0 [500.0 1500.0 2500.0] voice 0.0 hiss 0.25 at 1800.0 wide 3000.0;
    "P" Stop 85.0 [300.0 850.0 2150.0] voice 0.0 hiss 0.3 at 1000.0 wide 1800.0;
    "B" Stop 70.0 [220.0 850.0 2150.0] voice 0.35 hiss 0.2 at 900.0 wide 1600.0;
    "T" Stop 80.0 [320.0 1750.0 2650.0] voice 0.0 hiss 0.8 at 5200.0 wide 3000.0;
    "D" Stop 62.0 [240.0 1750.0 2650.0] voice 0.35 hiss 0.45 at 4600.0 wide 3000.0;
    "K" Stop 88.0 [320.0 1850.0 2350.0] voice 0.0 hiss 0.65 at 2300.0 wide 1300.0;
    "G" Stop 70.0 [240.0 1850.0 2350.0] voice 0.35 hiss 0.4 at 2200.0 wide 1300.0;
    "_" Silence 60.0 [500.0 1500.0 2500.0] voice 0.0;
}

/// The sounds of a name; `CH` and `JH` are two.
pub(super) fn find(name: &str) -> Vec<&'static Phone> {
    let parts: &[&str] = match name {
        "CH" => &["T", "SH"],
        "JH" => &["D", "ZH"],
        other => &[other],
    };
    parts.iter().filter_map(|part| PHONES.iter().find(|phone| phone.name == *part)).collect()
}
