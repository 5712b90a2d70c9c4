//! What a prompt says, as a scene to draw: when, where, what weather, which things, how many, of
//! which colours, how near.

use super::thing::Thing;
use crate::paint::{Rgb, Style, color};
use crate::words::{count, singular, words};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hour {
    Dawn,
    Day,
    Sunset,
    Night,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    Clear,
    Cloudy,
    Rain,
    Snow,
    Storm,
    Fog,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Meadow,
    Forest,
    Mountains,
    Sea,
    Beach,
    Lake,
    Desert,
    City,
    Street,
    Room,
    Table,
    Space,
    Underwater,
    Snowfield,
    Sky,
    /// Nothing but a backdrop.
    Plain,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    Close,
    Medium,
    Wide,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

/// Something that is put on a head or held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wear {
    Hat,
    TopHat,
    WizardHat,
    Crown,
    Glasses,
    Scarf,
    Umbrella,
    Balloon,
    Sword,
    Headphones,
    Bow,
}

/// A kind of thing in the scene.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    pub thing: Thing,
    pub count: usize,
    pub color: Option<Rgb>,
    /// Multiplies its usual size.
    pub size: f32,
    pub wears: Vec<(Wear, Option<Rgb>)>,
    /// The words from the one before it to the next: what a person is drawn from.
    pub words: String,
    pub flying: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    pub style: Style,
    pub hour: Hour,
    pub weather: Weather,
    pub place: Place,
    pub season: Season,
    pub framing: Framing,
    pub subjects: Vec<Subject>,
    /// The first subject sits on, or in, the second.
    pub riding: bool,
    pub mirrored: bool,
    pub silhouette: bool,
    pub rainbow: bool,
    pub stars: bool,
    pub moon: bool,
    pub aurora: bool,
    pub fireworks: bool,
    /// A colour that is said of no thing: of the light, then, or of the backdrop.
    pub tint: Option<Rgb>,
}

/// Up to so many kinds of things: more do not fit into one picture.
const SUBJECTS_MAX: usize = 5;

impl Scene {
    /// Reads a prompt. `style` wins over a style that the prompt names.
    pub fn read(prompt: &str, style: Option<Style>) -> Self {
        let spoken = words(prompt);
        let has = |any: &[&str]| spoken.iter().any(|word| any.contains(&word.as_str()));
        let named = spoken.iter().find_map(|word| Style::of_word(word));
        let place = place(&spoken);
        let mut scene = Self {
            style: style.or(named).unwrap_or(Style::Illustration),
            hour: hour(&spoken),
            weather: weather(&spoken),
            place: place.unwrap_or(Place::Meadow),
            season: season(&spoken),
            framing: framing(&spoken),
            subjects: Vec::new(),
            riding: has(&["riding", "rides", "ride", "driving", "drives", "sailing", "aboard"]),
            mirrored: has(&["symmetrical", "symmetric", "mirrored", "symmetry"]),
            silhouette: has(&["silhouette", "silhouetted", "backlit"]),
            rainbow: has(&["rainbow"]),
            stars: has(&["star", "stars", "starry", "galaxy", "milky", "constellation"]),
            moon: has(&["moon", "moonlight", "moonlit"]),
            aurora: has(&["aurora", "northern", "borealis"]),
            fireworks: has(&["firework", "fireworks", "celebration"]),
            tint: None,
        };
        scene.subjects = subjects(&spoken, &mut scene.tint);
        if place.is_none() {
            scene.place = usual_place(&scene);
        }
        if scene.weather == Weather::Snow || scene.place == Place::Snowfield {
            scene.season = Season::Winter;
        }
        let nightly = scene.stars || scene.moon || scene.aurora || scene.fireworks;
        if nightly && scene.hour == Hour::Day {
            scene.hour = Hour::Night;
        }
        scene
    }
}

impl Scene {
    /// Whether a prompt says where.
    pub fn names_place(prompt: &str) -> bool {
        place(&words(prompt)).is_some()
    }
}

/// Whether any of the words begins one of `any`; "rainy" speaks of "rain".
fn speaks(spoken: &[String], any: &[&str]) -> bool {
    spoken.iter().any(|word| any.iter().any(|stem| word == stem || singular(word) == *stem))
}

fn hour(spoken: &[String]) -> Hour {
    if speaks(spoken, &["night", "midnight", "nighttime", "nocturnal", "starry", "moonlit", "dark"])
    {
        Hour::Night
    } else if speaks(spoken, &["sunset", "dusk", "evening", "twilight", "golden-hour", "sundown"]) {
        Hour::Sunset
    } else if speaks(spoken, &["dawn", "sunrise", "morning", "daybreak"]) {
        Hour::Dawn
    } else {
        Hour::Day
    }
}

fn weather(spoken: &[String]) -> Weather {
    if speaks(spoken, &["storm", "stormy", "thunder", "thunderstorm", "lightning", "tempest"]) {
        Weather::Storm
    } else if speaks(spoken, &["snow", "snowy", "snowing", "snowfall", "blizzard", "snowflake"]) {
        Weather::Snow
    } else if speaks(spoken, &["rain", "rainy", "raining", "drizzle", "monsoon"]) {
        Weather::Rain
    } else if speaks(spoken, &["fog", "foggy", "mist", "misty", "haze", "hazy"]) {
        Weather::Fog
    } else if speaks(spoken, &["cloud", "cloudy", "overcast"]) {
        Weather::Cloudy
    } else {
        Weather::Clear
    }
}

fn season(spoken: &[String]) -> Season {
    if speaks(spoken, &["autumn", "fall", "autumnal", "harvest", "october", "halloween"]) {
        Season::Autumn
    } else if speaks(spoken, &["winter", "wintry", "christmas", "frozen", "icy", "december"]) {
        Season::Winter
    } else if speaks(spoken, &["spring", "blossom", "blooming", "april", "sakura", "easter"]) {
        Season::Spring
    } else {
        Season::Summer
    }
}

fn framing(spoken: &[String]) -> Framing {
    if speaks(spoken, &["portrait", "closeup", "close-up", "headshot", "face", "macro", "close"]) {
        Framing::Close
    } else if speaks(
        spoken,
        &["wide", "panorama", "landscape", "vast", "distant", "epic", "aerial"],
    ) {
        Framing::Wide
    } else {
        Framing::Medium
    }
}

const PLACES: &[(Place, &[&str])] = &[
    (Place::Underwater, &["underwater", "reef", "seabed", "aquarium", "undersea", "coral"]),
    (
        Place::Space,
        &["space", "galaxy", "nebula", "cosmos", "orbit", "planet", "universe", "cosmic"],
    ),
    (Place::Beach, &["beach", "shore", "coast", "tropical", "island", "seaside"]),
    (Place::Sea, &["sea", "ocean", "wave", "harbor", "harbour", "sailing"]),
    (Place::Lake, &["lake", "river", "pond", "waterfall", "stream"]),
    (Place::Street, &["street", "road", "alley", "sidewalk", "market", "highway"]),
    (Place::City, &["city", "downtown", "skyline", "urban", "metropolis", "town", "tokyo", "york"]),
    (Place::Desert, &["desert", "dune", "sahara", "canyon", "mars", "egypt"]),
    (Place::Snowfield, &["arctic", "antarctic", "snowfield", "tundra", "iceberg", "glacier"]),
    (Place::Mountains, &["mountain", "peak", "alps", "alpine", "summit", "cliff", "valley"]),
    (Place::Forest, &["forest", "wood", "woodland", "jungle", "grove"]),
    (Place::Table, &["table", "kitchen", "plate", "breakfast", "picnic", "dessert"]),
    (
        Place::Room,
        &[
            "room",
            "indoor",
            "indoors",
            "interior",
            "bedroom",
            "office",
            "library",
            "cafe",
            "cozy",
            "cosy",
            "fireplace",
            "window",
            "classroom",
            "studio",
            "sofa",
        ],
    ),
    (Place::Meadow, &["meadow", "field", "garden", "park", "grass", "hill", "farm", "countryside"]),
    (Place::Sky, &["sky", "cloud", "flying", "soaring", "skies"]),
    (Place::Plain, &["logo", "icon", "emblem", "sticker", "background", "isolated"]),
];

fn place(spoken: &[String]) -> Option<Place> {
    PLACES.iter().find(|(_, names)| speaks(spoken, names)).map(|(place, _)| *place)
}

/// Where things are when nobody says.
fn usual_place(scene: &Scene) -> Place {
    match scene.subjects.first().map(|subject| subject.thing) {
        Some(thing) => thing.home(),
        None if scene.weather == Weather::Snow => Place::Snowfield,
        None => Place::Mountains,
    }
}

const WEARS: &[(Wear, &[&str])] = &[
    (Wear::WizardHat, &["wizard-hat", "witch-hat"]),
    (Wear::TopHat, &["tophat", "top-hat"]),
    (Wear::Hat, &["hat", "cap", "beanie", "fedora"]),
    (Wear::Crown, &["crown", "tiara"]),
    (Wear::Glasses, &["glasses", "sunglasses", "spectacles", "goggles"]),
    (Wear::Scarf, &["scarf", "bandana"]),
    (Wear::Umbrella, &["umbrella", "parasol"]),
    (Wear::Sword, &["sword", "blade", "katana"]),
    (Wear::Headphones, &["headphone", "headphones", "headset"]),
    (Wear::Bow, &["bow", "ribbon", "bowtie"]),
];

/// What a word puts on a head or into a hand.
pub fn wear_of(word: &str) -> Option<Wear> {
    let one = singular(word);
    WEARS
        .iter()
        .find(|(_, names)| names.contains(&word) || names.contains(&one.as_str()))
        .map(|w| w.0)
}

fn size_of(word: &str) -> Option<f32> {
    Some(match word {
        "tiny" | "miniature" => 0.55,
        "small" | "little" | "cute" | "baby" => 0.75,
        "big" | "large" | "tall" => 1.3,
        "huge" | "giant" | "enormous" | "massive" | "gigantic" | "majestic" => 1.65,
        _ => return None,
    })
}

/// Words that carry a colour past themselves to the next thing.
fn carries(word: &str) -> bool {
    count(word).is_some()
        || size_of(word).is_some()
        || matches!(
            word,
            "a" | "an" | "and" | "bright" | "dark" | "light" | "of" | "old" | "fluffy"
        )
        || !matches!(word, "in" | "on" | "with" | "at" | "under" | "near" | "the" | "wearing")
}

/// Whether a word goes on about what another has named: "palm trees", "hot-air balloon".
fn same(before: Thing, thing: Thing) -> bool {
    let tree = matches!(
        before,
        Thing::Palm | Thing::Pine | Thing::Blossom | Thing::ChristmasTree | Thing::Cactus
    );
    before == thing
        || tree && thing == Thing::Tree
        || before == Thing::HotAirBalloon && thing == Thing::Balloon
        || before == Thing::Cake && thing == Thing::Candle
}

fn subjects(spoken: &[String], tint: &mut Option<Rgb>) -> Vec<Subject> {
    let mut made: Vec<Subject> = Vec::new();
    let (mut many, mut paint, mut size) = (None, None::<(Rgb, usize)>, 1.0);
    let mut flying = false;
    for (at, word) in spoken.iter().enumerate() {
        let color = paint.filter(|(_, said)| at - said <= 3).map(|(color, _)| color);
        if let Some(found) = color::named(word) {
            paint = Some((found, at));
            continue;
        }
        if let Some(found) = count(word) {
            many = Some(found);
        } else if let Some(found) = size_of(word) {
            size = found;
        } else if matches!(word.as_str(), "flying" | "floating" | "soaring" | "hovering") {
            flying = true;
            if let Some(last) = made.last_mut() {
                last.flying = true;
            }
        } else if let Some(wear) = wear_of(word)
            && let Some(last) = made.last_mut()
        {
            last.wears.push((wear, color));
            last.words.push_str(word);
            last.words.push(' ');
            paint = None;
        } else if let Some(thing) = Thing::of_word(word) {
            let several = singular(word) != *word && word != "glasses";
            let known = made.iter().any(|subject| same(subject.thing, thing));
            if !known && made.len() < SUBJECTS_MAX {
                let from = at.saturating_sub(4);
                let around = &spoken[from..(at + 12).min(spoken.len())];
                made.push(Subject {
                    thing,
                    count: many.unwrap_or(if several { 3 } else { 1 }).max(1),
                    color,
                    size,
                    wears: Vec::new(),
                    words: around.join(" ") + " ",
                    flying,
                });
            }
            (many, paint, size, flying) = (None, None, 1.0, false);
        } else if !carries(word)
            && let Some((color, _)) = paint.take()
        {
            tint.get_or_insert(color);
        }
    }
    if let Some((color, _)) = paint {
        tint.get_or_insert(color);
    }
    made
}
