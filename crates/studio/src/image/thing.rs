//! The things that prompts speak of: their words, how large they are drawn, where they belong.

use super::scene::Place;
use crate::words::singular;

/// Where in a picture a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Realm {
    Ground,
    Air,
    Water,
    /// Behind what stands on the ground.
    Far,
}

macro_rules! things {
    ($($name:ident $height:literal $realm:ident $home:ident [$($word:literal)*];)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Thing {
            $($name,)*
        }

        impl Thing {
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The words for it; the first is its name.
            pub const fn words(self) -> &'static [&'static str] {
                match self {
                    $(Self::$name => &[$($word,)*],)*
                }
            }

            /// Its height beside the shorter side of a picture.
            pub const fn height(self) -> f32 {
                match self {
                    $(Self::$name => $height,)*
                }
            }

            pub const fn realm(self) -> Realm {
                match self {
                    $(Self::$name => Realm::$realm,)*
                }
            }

            /// Where it is when nobody says.
            pub const fn home(self) -> Place {
                match self {
                    $(Self::$name => Place::$home,)*
                }
            }
        }
    };
}

things! {
    Person 0.66 Ground Meadow ["person" "man" "woman" "boy" "girl" "child" "kid" "lady" "guy"
        "human" "wizard" "witch" "knight" "warrior" "princess" "prince" "king" "queen" "pirate"
        "ninja" "samurai" "superhero" "hero" "doctor" "nurse" "chef" "detective" "farmer" "elf"
        "vampire" "student" "teacher" "scientist" "soldier" "dancer" "musician" "artist" "santa"
        "grandmother" "grandfather" "explorer" "adventurer" "hiker" "character" "businessman"
        "businesswoman" "monk" "couple" "archer" "mage" "sorceress" "sorcerer" "fairy" "baker"
        "gardener" "fisherman" "sailor" "photographer" "painter" "runner" "singer" "barista"];
    Astronaut 0.62 Ground Space ["astronaut" "cosmonaut" "spaceman"];
    Robot 0.62 Ground City ["robot" "android" "cyborg" "droid"];
    Cat 0.5 Ground Room ["cat" "kitten" "kitty"];
    Dog 0.5 Ground Meadow ["dog" "puppy" "corgi" "retriever" "husky"];
    Fox 0.5 Ground Forest ["fox"];
    Wolf 0.54 Ground Forest ["wolf" "coyote"];
    Rabbit 0.48 Ground Meadow ["rabbit" "bunny" "hare"];
    Bear 0.62 Ground Forest ["bear" "teddy"];
    Panda 0.58 Ground Forest ["panda"];
    Lion 0.58 Ground Desert ["lion" "lioness"];
    Tiger 0.58 Ground Forest ["tiger" "leopard" "cheetah"];
    Mouse 0.34 Ground Meadow ["mouse" "hamster" "rat" "squirrel"];
    Pig 0.44 Ground Meadow ["pig" "piglet"];
    Monkey 0.52 Ground Forest ["monkey" "ape" "gorilla"];
    Frog 0.34 Ground Lake ["frog" "toad"];
    Owl 0.46 Ground Forest ["owl"];
    Penguin 0.48 Ground Snowfield ["penguin"];
    Horse 0.6 Ground Meadow ["horse" "pony" "stallion" "mare"];
    Unicorn 0.64 Ground Meadow ["unicorn"];
    Cow 0.5 Ground Meadow ["cow" "bull" "ox"];
    Sheep 0.42 Ground Meadow ["sheep" "lamb" "goat"];
    Deer 0.6 Ground Forest ["deer" "stag" "elk" "reindeer" "moose"];
    Elephant 0.66 Ground Meadow ["elephant" "mammoth"];
    Giraffe 0.8 Ground Meadow ["giraffe"];
    Dragon 0.66 Ground Mountains ["dragon"];
    Dinosaur 0.68 Ground Forest ["dinosaur" "trex" "t-rex"];
    Bird 0.26 Air Sky ["bird" "parrot" "eagle" "seagull" "dove" "raven" "crow" "swallow"];
    Duck 0.34 Water Lake ["duck" "swan" "goose" "flamingo"];
    Butterfly 0.3 Air Meadow ["butterfly" "moth"];
    Bee 0.22 Air Meadow ["bee" "bumblebee" "ladybug"];
    Fish 0.26 Water Underwater ["fish" "goldfish" "clownfish" "koi"];
    Whale 0.42 Water Sea ["whale" "orca"];
    Shark 0.32 Water Underwater ["shark"];
    Dolphin 0.36 Water Sea ["dolphin"];
    Octopus 0.46 Water Underwater ["octopus" "squid"];
    Jellyfish 0.44 Water Underwater ["jellyfish"];
    Turtle 0.34 Ground Beach ["turtle" "tortoise"];
    Crab 0.26 Ground Beach ["crab" "lobster"];
    Snail 0.28 Ground Meadow ["snail"];
    Tree 0.68 Ground Meadow ["tree" "oak" "maple" "birch"];
    Pine 0.7 Ground Mountains ["pine" "fir" "spruce" "conifer"];
    Palm 0.7 Ground Beach ["palm"];
    Blossom 0.66 Ground Meadow ["cherry" "sakura" "blossom"];
    Cactus 0.5 Ground Desert ["cactus"];
    Flower 0.4 Ground Meadow ["flower" "tulip" "daisy" "wildflower" "poppy" "bouquet"];
    Sunflower 0.52 Ground Meadow ["sunflower"];
    RoseFlower 0.42 Ground Meadow ["rose"];
    Mushroom 0.36 Ground Forest ["mushroom" "toadstool"];
    House 0.5 Far Meadow ["house" "cottage" "cabin" "hut" "home" "farmhouse"];
    Castle 0.66 Far Mountains ["castle" "fortress" "palace"];
    Lighthouse 0.7 Far Sea ["lighthouse"];
    Windmill 0.62 Far Meadow ["windmill"];
    Tower 0.72 Far City ["tower" "skyscraper" "building"];
    Church 0.62 Far Meadow ["church" "chapel" "cathedral" "temple"];
    Barn 0.46 Far Meadow ["barn"];
    Pyramid 0.46 Far Desert ["pyramid"];
    Bridge 0.34 Far Lake ["bridge"];
    Tent 0.34 Ground Forest ["tent" "camp" "camping" "teepee"];
    Car 0.32 Ground Street ["car" "taxi" "automobile" "convertible" "jeep" "sedan"];
    Truck 0.4 Ground Street ["truck" "van" "lorry"];
    Bus 0.42 Ground Street ["bus" "tram"];
    Train 0.36 Ground Mountains ["train" "locomotive" "railway"];
    Bicycle 0.36 Ground Street ["bicycle" "bike"];
    Motorcycle 0.36 Ground Street ["motorcycle" "scooter" "motorbike"];
    Sailboat 0.52 Water Sea ["boat" "sailboat" "yacht"];
    Ship 0.46 Water Sea ["ship" "galleon" "ferry"];
    Submarine 0.34 Water Underwater ["submarine"];
    Airplane 0.28 Air Sky ["airplane" "plane" "aeroplane" "jet"];
    Helicopter 0.3 Air Sky ["helicopter" "drone"];
    HotAirBalloon 0.5 Air Sky ["hot-air" "airballoon" "hotair"];
    Balloon 0.34 Air Sky ["balloon"];
    Rocket 0.62 Air Space ["rocket" "spaceship" "spacecraft" "shuttle"];
    Ufo 0.3 Air Space ["ufo" "saucer" "alien"];
    Kite 0.36 Air Sky ["kite"];
    Planet 0.5 Air Space ["planet" "saturn" "jupiter" "mars" "earth"];
    Apple 0.4 Ground Table ["apple" "pear" "peach-fruit"];
    Citrus 0.38 Ground Table ["lemon" "orange-fruit" "tangerine" "grapefruit"];
    Banana 0.34 Ground Table ["banana"];
    Strawberry 0.4 Ground Table ["strawberry" "raspberry"];
    Watermelon 0.36 Ground Table ["watermelon" "melon"];
    Cake 0.46 Ground Table ["cake" "birthday" "cupcake" "pie"];
    Pizza 0.4 Ground Table ["pizza"];
    Burger 0.4 Ground Table ["burger" "hamburger" "sandwich"];
    IceCream 0.52 Ground Table ["ice-cream" "icecream" "gelato"];
    Cup 0.36 Ground Table ["coffee" "cup" "tea" "mug" "cappuccino" "cocoa" "latte"];
    Donut 0.36 Ground Table ["donut" "doughnut"];
    Sushi 0.26 Ground Table ["sushi"];
    Bottle 0.52 Ground Table ["bottle" "wine" "potion"];
    Bread 0.3 Ground Table ["bread" "loaf" "croissant"];
    Teapot 0.36 Ground Table ["teapot" "kettle"];
    Book 0.3 Ground Table ["book" "notebook"];
    Lamp 0.5 Ground Table ["lamp" "lantern"];
    Candle 0.38 Ground Table ["candle"];
    Chair 0.5 Ground Room ["chair" "armchair" "sofa" "couch"];
    Guitar 0.56 Ground Room ["guitar" "violin"];
    Piano 0.46 Ground Room ["piano"];
    Camera 0.34 Ground Table ["camera"];
    Laptop 0.36 Ground Table ["laptop" "computer" "keyboard"];
    Phone 0.44 Ground Table ["phone" "smartphone"];
    Clock 0.44 Ground Room ["clock" "watch"];
    Gift 0.4 Ground Room ["gift" "present"];
    Ball 0.34 Ground Meadow ["ball" "football" "basketball" "soccer"];
    Heart 0.46 Air Plain ["heart" "love"];
    Star 0.46 Air Plain ["starfish" "badge"];
    Gem 0.42 Ground Plain ["diamond" "gem" "crystal" "jewel"];
    Key 0.4 Ground Plain ["key"];
    Trophy 0.48 Ground Plain ["trophy" "award"];
    Snowman 0.56 Ground Snowfield ["snowman"];
    Ghost 0.48 Air Forest ["ghost" "spirit"];
    Pumpkin 0.38 Ground Meadow ["pumpkin" "jack-o-lantern"];
    Skull 0.42 Ground Plain ["skull" "skeleton"];
    Campfire 0.36 Ground Forest ["campfire" "bonfire" "fire"];
    ChristmasTree 0.68 Ground Room ["christmas"];
    Treasure 0.34 Ground Beach ["treasure" "chest"];
    Telescope 0.48 Ground Mountains ["telescope"];
}

impl Thing {
    /// The thing that a word, or its singular, names.
    pub fn of_word(word: &str) -> Option<Self> {
        let one = singular(word);
        Self::ALL
            .iter()
            .find(|thing| thing.words().contains(&word) || thing.words().contains(&one.as_str()))
            .copied()
    }

    /// Whether it is somebody whose looks a description tells.
    pub fn is_figure(self) -> bool {
        matches!(self, Self::Person | Self::Astronaut | Self::Robot)
    }
}
