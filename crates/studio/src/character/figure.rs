//! Who a character is, read from a description: skin, hair, clothes, age, what is worn and held.
//! The same words and the same seed are the same person, from every side.

use crate::image::scene::{Wear, wear_of};
use crate::paint::{Chance, Rgb, color};
use crate::words::{singular, words};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    Human,
    Robot,
    Astronaut,
    Knight,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    Short,
    Bob,
    Long,
    Ponytail,
    Bun,
    Spiky,
    Curly,
    Braids,
    Bald,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clothes {
    Shirt,
    Hoodie,
    Jacket,
    Coat,
    Dress,
    Robe,
    Suit,
    Armor,
    Overalls,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    Child,
    Young,
    Adult,
    Old,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Smile,
    Calm,
    Sad,
    Angry,
    Surprised,
}

/// A character.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    pub body: Body,
    pub age: Age,
    pub female: bool,
    /// 1 is usual; wider is more.
    pub build: f32,
    pub skin: Rgb,
    pub hair: Rgb,
    pub cut: Cut,
    pub eyes: Rgb,
    pub beard: bool,
    pub pointed_ears: bool,
    pub clothes: Clothes,
    pub top: Rgb,
    /// What shows between the halves of what is worn open, and trims.
    pub trim: Rgb,
    pub bottom: Rgb,
    pub shoes: Rgb,
    pub cape: Option<Rgb>,
    pub backpack: Option<Rgb>,
    pub staff: bool,
    pub mood: Mood,
    pub wears: Vec<(Wear, Option<Rgb>)>,
}

const SKINS: [u32; 6] = [0xf6d3b8, 0xefc09a, 0xd9a074, 0xb97a50, 0x8d5a3a, 0x6b4229];
const HAIRS: [u32; 6] = [0x2a2024, 0x4a2f22, 0x7a4a2a, 0xb5652d, 0xd9b26a, 0x3a2b3a];
const TOPS: [u32; 8] =
    [0xd9534a, 0x3a78c9, 0x3f9c6b, 0xe0a53a, 0x7e5bbf, 0x2fa3a3, 0xd66f9a, 0x4a5a78];
const BOTTOMS: [u32; 5] = [0x34415e, 0x5a4636, 0x3d3d46, 0x6b705c, 0x27354a];

fn one_of(chance: &mut Chance, hexes: &[u32]) -> Rgb {
    Rgb::hex(*chance.pick(hexes))
}

impl Figure {
    /// Reads a description. What it does not say is drawn from the seed.
    pub fn read(description: &str, seed: u64) -> Self {
        let mut chance = Chance::new(seed).fork(7);
        let spoken = words(description);
        let has = |any: &[&str]| spoken.iter().any(|word| any.contains(&word.as_str()));
        let female = if has(FEMALE) { true } else { !has(MALE) && chance.yes(0.5) };
        let cuts: &[Cut] = if female {
            &[Cut::Long, Cut::Bob, Cut::Ponytail, Cut::Bun, Cut::Curly, Cut::Braids]
        } else {
            &[Cut::Short, Cut::Short, Cut::Spiky, Cut::Curly]
        };
        let top = one_of(&mut chance, &TOPS);
        let mut figure = Self {
            body: Body::Human,
            age: Age::Adult,
            female,
            build: 1.0,
            skin: one_of(&mut chance, &SKINS),
            hair: one_of(&mut chance, &HAIRS),
            cut: *chance.pick(cuts),
            eyes: one_of(&mut chance, &[0x4a3222, 0x3a6ea5, 0x3f7d4f, 0x2b2b33]),
            beard: false,
            pointed_ears: false,
            clothes: *chance.pick(&[Clothes::Shirt, Clothes::Hoodie, Clothes::Jacket]),
            top,
            trim: top.light(0.72),
            bottom: one_of(&mut chance, &BOTTOMS),
            shoes: one_of(&mut chance, &[0x2c2a30, 0x6b4a33, 0xe8e4da, 0x8a3a34]),
            cape: None,
            backpack: None,
            staff: false,
            mood: Mood::Smile,
            wears: Vec::new(),
        };
        for word in &spoken {
            super::kit::dress(&mut figure, word);
            super::kit::dress(&mut figure, &singular(word));
        }
        figure.color_in(&spoken);
        figure
    }

    /// Colours that are said of hair, eyes, skin and clothes, each of the word that follows it.
    fn color_in(&mut self, spoken: &[String]) {
        let mut color: Option<(Rgb, usize)> = None;
        for (at, word) in spoken.iter().enumerate() {
            if let Some(found) = color::named(word) {
                color = Some((found, at));
            }
            let said = color.filter(|(_, said)| at - said <= 3).map(|(color, _)| color);
            let Some(paint) = said.or_else(|| tone_of(spoken, at)) else {
                if let Some(wear) = wear_of(word) {
                    self.put_on(wear, None);
                }
                continue;
            };
            let one = singular(word);
            let is = |any: &[&str]| any.contains(&word.as_str()) || any.contains(&one.as_str());
            if is(&["hair", "haired", "ponytail", "bun", "braid", "curl", "bob", "pigtail"]) {
                self.hair = paint;
            } else if is(&["eye", "eyed"]) {
                self.eyes = paint;
            } else if is(&["skin", "skinned"]) {
                self.skin = paint;
            } else if is(&["pants", "pant", "trouser", "jean", "skirt", "leggings", "short"]) {
                self.bottom = paint;
            } else if is(&["boot", "shoe", "sneaker", "sandal"]) {
                self.shoes = paint;
            } else if is(&["cape", "cloak"]) {
                self.cape = Some(paint);
            } else if is(&["backpack", "bag"]) {
                self.backpack = Some(paint);
            } else if let Some(wear) = wear_of(word) {
                self.put_on(wear, Some(paint));
            } else if is(TOPS_NAMED) {
                self.top = paint;
                self.trim = paint.light(0.7);
            } else {
                continue;
            }
            color = None;
        }
    }

    /// Puts something on, or paints what is on already.
    pub fn put_on(&mut self, wear: Wear, color: Option<Rgb>) {
        match self.wears.iter_mut().find(|(worn, _)| *worn == wear) {
            Some((_, painted)) => *painted = color.or(*painted),
            None => self.wears.push((wear, color)),
        }
    }

    /// How large the head is beside the body.
    pub fn head(&self) -> f32 {
        match self.age {
            Age::Child => 0.172,
            Age::Young => 0.14,
            Age::Adult | Age::Old => 0.13,
        }
    }
}

const FEMALE: &[&str] = &[
    "woman",
    "women",
    "girl",
    "girls",
    "female",
    "lady",
    "she",
    "her",
    "princess",
    "queen",
    "witch",
    "mother",
    "daughter",
    "sister",
    "heroine",
    "grandmother",
    "actress",
    "sorceress",
    "mermaid",
];
const MALE: &[&str] = &[
    "man",
    "men",
    "boy",
    "boys",
    "male",
    "gentleman",
    "he",
    "his",
    "prince",
    "king",
    "wizard",
    "father",
    "son",
    "brother",
    "grandfather",
    "guy",
    "monk",
    "dwarf",
    "lumberjack",
    "santa",
];
const TOPS_NAMED: &[&str] = &[
    "shirt",
    "t-shirt",
    "tshirt",
    "dress",
    "gown",
    "robe",
    "jacket",
    "coat",
    "hoodie",
    "sweater",
    "suit",
    "tunic",
    "armor",
    "armour",
    "blouse",
    "overalls",
    "vest",
    "kimono",
    "raincoat",
    "spacesuit",
    "uniform",
    "trenchcoat",
    "clothes",
    "clothing",
    "outfit",
    "robot",
    "astronaut",
    "knight",
    "jumpsuit",
    "cardigan",
];

/// A tone that is said of skin or hair without naming a colour.
fn tone_of(spoken: &[String], at: usize) -> Option<Rgb> {
    let before = spoken.get(at.checked_sub(1)?)?;
    let word = spoken.get(at)?.as_str();
    let hex = match (before.as_str(), word) {
        ("dark", "skin" | "skinned") => 0x7a4a2e,
        ("pale" | "fair" | "light", "skin" | "skinned") => 0xf8dcc6,
        ("olive" | "tanned", "skin" | "skinned") => 0xc98f62,
        ("dark", "hair" | "haired") => 0x2a2024,
        ("light" | "fair", "hair" | "haired") => 0xe0bf78,
        _ => return None,
    };
    Some(Rgb::hex(hex))
}
