//! What a word says of a character: occupations with their clothes, ages, cuts of hair, moods.

use super::figure::{Age, Body, Clothes, Cut, Figure, Mood};
use crate::image::scene::Wear;
use crate::paint::Rgb;

/// Changes a figure by one word of its description; most words change nothing.
pub(super) fn dress(figure: &mut Figure, word: &str) {
    if !occupation(figure, word) {
        trait_of(figure, word);
    }
}

fn wear(figure: &mut Figure, clothes: Clothes, top: u32, bottom: u32, shoes: u32) {
    figure.clothes = clothes;
    figure.top = Rgb::hex(top);
    figure.trim = Rgb::hex(top).light(0.7);
    figure.bottom = Rgb::hex(bottom);
    figure.shoes = Rgb::hex(shoes);
}

fn occupation(figure: &mut Figure, word: &str) -> bool {
    match word {
        "robot" | "android" | "cyborg" | "droid" => {
            figure.body = Body::Robot;
            wear(figure, Clothes::Armor, 0x9fb2c4, 0x7f93a8, 0x55667a);
        }
        "astronaut" | "cosmonaut" | "spaceman" => {
            figure.body = Body::Astronaut;
            wear(figure, Clothes::Armor, 0xeef0f3, 0xe3e6ea, 0xc9ced6);
            figure.backpack = Some(Rgb::hex(0xc9ced6));
        }
        "knight" | "paladin" | "warrior" | "soldier" => {
            figure.body = Body::Knight;
            wear(figure, Clothes::Armor, 0xaab4c2, 0x8e99a8, 0x6b7684);
            figure.cape = Some(Rgb::hex(0xb3263a));
            figure.put_on(Wear::Sword, None);
        }
        "wizard" | "mage" | "sorcerer" | "warlock" | "merlin" => {
            wear(figure, Clothes::Robe, 0x3d4fa8, 0x3d4fa8, 0x4a3222);
            figure.put_on(Wear::WizardHat, Some(Rgb::hex(0x3d4fa8)));
            (figure.beard, figure.staff, figure.hair) = (true, true, Rgb::hex(0xe6e4e0));
            (figure.age, figure.cut, figure.female) = (Age::Old, Cut::Long, false);
        }
        "witch" | "sorceress" => {
            wear(figure, Clothes::Robe, 0x4a2f6b, 0x4a2f6b, 0x2a2030);
            figure.put_on(Wear::WizardHat, Some(Rgb::hex(0x352050)));
            (figure.cut, figure.staff) = (Cut::Long, true);
        }
        "princess" | "queen" | "duchess" => {
            wear(figure, Clothes::Dress, 0xe58fb4, 0xe58fb4, 0xf0e0e8);
            figure.put_on(Wear::Crown, None);
            figure.cut = Cut::Long;
        }
        "prince" | "king" | "emperor" => {
            wear(figure, Clothes::Suit, 0x8a2438, 0x2a2f45, 0x3a2a22);
            figure.put_on(Wear::Crown, None);
            figure.cape = Some(Rgb::hex(0x7a1f30));
        }
        "pirate" => {
            wear(figure, Clothes::Coat, 0x7a2a2a, 0x3a3230, 0x2a2220);
            figure.put_on(Wear::Hat, Some(Rgb::hex(0x2a2428)));
            figure.put_on(Wear::Sword, None);
            figure.beard = !figure.female;
        }
        "ninja" | "assassin" => {
            wear(figure, Clothes::Suit, 0x26262e, 0x26262e, 0x1c1c22);
            figure.put_on(Wear::Scarf, Some(Rgb::hex(0xb3263a)));
            figure.put_on(Wear::Sword, None);
        }
        "samurai" => {
            wear(figure, Clothes::Robe, 0x8a2430, 0x2a2a38, 0x2a2220);
            figure.put_on(Wear::Sword, None);
            (figure.cut, figure.hair) = (Cut::Bun, Rgb::hex(0x221c20));
        }
        "superhero" | "hero" | "superheroine" | "superman" => {
            wear(figure, Clothes::Suit, 0x2f5fc0, 0x2f5fc0, 0xc0303a);
            figure.cape = Some(Rgb::hex(0xc0303a));
            figure.build = 1.15;
        }
        "doctor" | "scientist" | "chemist" | "nurse" => {
            wear(figure, Clothes::Coat, 0xf2f4f4, 0x4a6a8a, 0x3a3a42);
            figure.trim = Rgb::hex(0x6fb0c8);
            figure.put_on(Wear::Glasses, None);
        }
        "chef" | "cook" | "baker" => {
            wear(figure, Clothes::Coat, 0xf4f2ec, 0x3a3a42, 0x2a2a30);
            figure.put_on(Wear::Hat, Some(Rgb::hex(0xfafaf6)));
        }
        "detective" | "spy" => {
            wear(figure, Clothes::Coat, 0xb08a5a, 0x4a3a30, 0x3a2a22);
            figure.put_on(Wear::Hat, Some(Rgb::hex(0x7a5c3c)));
        }
        "businessman" | "businesswoman" | "lawyer" | "butler" | "manager" => {
            wear(figure, Clothes::Suit, 0x2f3a52, 0x2f3a52, 0x221c1a);
            figure.trim = Rgb::hex(0xf2f2f2);
        }
        "farmer" | "mechanic" | "gardener" | "builder" => {
            wear(figure, Clothes::Overalls, 0x3f66a8, 0x3f66a8, 0x6b4a33);
            figure.trim = Rgb::hex(0xc8503c);
            figure.put_on(Wear::Hat, Some(Rgb::hex(0xd9b35a)));
        }
        "elf" | "archer" | "ranger" | "fairy" => {
            wear(figure, Clothes::Robe, 0x3f8f55, 0x5a4a32, 0x5a3f2a);
            (figure.pointed_ears, figure.cut) = (true, Cut::Long);
            figure.hair = Rgb::hex(0xe6cf8a);
        }
        "vampire" => {
            wear(figure, Clothes::Suit, 0x24202a, 0x24202a, 0x1a161c);
            figure.cape = Some(Rgb::hex(0x7a1228));
            (figure.skin, figure.hair) = (Rgb::hex(0xe6dce0), Rgb::hex(0x1c181e));
        }
        "explorer" | "adventurer" | "hiker" | "traveler" | "traveller" => {
            wear(figure, Clothes::Jacket, 0x9a8a4a, 0x6b5a3c, 0x5a3f2a);
            figure.backpack = Some(Rgb::hex(0xa8502f));
        }
        "student" | "teacher" => {
            figure.backpack = (word == "student").then_some(Rgb::hex(0x4a6ab0));
            figure.put_on(Wear::Glasses, None);
        }
        "santa" => {
            wear(figure, Clothes::Coat, 0xc8283a, 0xc8283a, 0x2a2022);
            figure.put_on(Wear::Hat, Some(Rgb::hex(0xc8283a)));
            (figure.beard, figure.hair, figure.build) = (true, Rgb::hex(0xf4f2ee), 1.35);
            figure.age = Age::Old;
        }
        _ => return false,
    }
    true
}

fn trait_of(figure: &mut Figure, word: &str) {
    match word {
        "child" | "kid" | "boy" | "girl" | "toddler" | "baby" => figure.age = Age::Child,
        "young" | "teen" | "teenager" | "teenage" => figure.age = Age::Young,
        "old" | "elderly" | "grandmother" | "grandfather" | "aged" | "elder" | "wise" => {
            figure.age = Age::Old;
            figure.hair = Rgb::hex(0xd8d6d4);
        }
        "muscular" | "strong" | "burly" | "stocky" => figure.build = 1.22,
        "fat" | "plump" | "chubby" | "heavy" => figure.build = 1.35,
        "thin" | "slim" | "slender" | "skinny" | "lean" => figure.build = 0.85,
        "short" if figure.cut != Cut::Bald && !figure.female => figure.cut = Cut::Short,
        "long" | "flowing" => figure.cut = Cut::Long,
        "bob" => figure.cut = Cut::Bob,
        "ponytail" => figure.cut = Cut::Ponytail,
        "bun" => figure.cut = Cut::Bun,
        "spiky" | "mohawk" | "punk" => figure.cut = Cut::Spiky,
        "curly" | "afro" | "curl" | "wavy" => figure.cut = Cut::Curly,
        "braid" | "braided" | "pigtail" => figure.cut = Cut::Braids,
        "bald" | "shaved" => figure.cut = Cut::Bald,
        "beard" | "bearded" | "moustache" | "mustache" => figure.beard = true,
        "cape" | "cloak" => {
            figure.cape.get_or_insert(Rgb::hex(0xa8323f));
        }
        "backpack" => {
            figure.backpack.get_or_insert(Rgb::hex(0xb0603a));
        }
        "staff" | "wand" => figure.staff = true,
        "dress" | "gown" | "skirt" => figure.clothes = Clothes::Dress,
        "robe" | "kimono" | "tunic" => figure.clothes = Clothes::Robe,
        "jacket" | "cardigan" | "vest" => figure.clothes = Clothes::Jacket,
        "coat" | "raincoat" | "trenchcoat" | "overcoat" => figure.clothes = Clothes::Coat,
        "hoodie" | "sweater" | "jumper" => figure.clothes = Clothes::Hoodie,
        "shirt" | "t-shirt" | "tshirt" | "blouse" => figure.clothes = Clothes::Shirt,
        "suit" | "tuxedo" | "uniform" => figure.clothes = Clothes::Suit,
        "overalls" | "overall" => figure.clothes = Clothes::Overalls,
        "armor" | "armour" => figure.clothes = Clothes::Armor,
        "sad" | "crying" | "melancholic" | "lonely" => figure.mood = Mood::Sad,
        "angry" | "furious" | "fierce" | "grumpy" | "evil" => figure.mood = Mood::Angry,
        "calm" | "serious" | "stoic" | "quiet" | "shy" | "mysterious" => figure.mood = Mood::Calm,
        "surprised" | "shocked" | "amazed" | "curious" => figure.mood = Mood::Surprised,
        "smile" | "smiling" | "happy" | "cheerful" | "friendly" => figure.mood = Mood::Smile,
        _ => {}
    }
}
