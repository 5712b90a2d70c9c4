//! Draws one thing of a scene. A thing stands with its feet at the origin and is one unit high.

use super::thing::Thing;
use super::{beasts, buildings, food, fowl, objects, plants, sitters, vehicles};
use crate::paint::pen::Spot;
use crate::paint::{Chance, Pen, Rgb};

/// Where other things go on a thing: in its own units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Anchors {
    /// The middle of the head, and its radius.
    pub(super) head: (Spot, f32),
    /// Where one sits on it.
    pub(super) seat: Spot,
}

impl Anchors {
    pub(super) const NONE: Self = Self { head: ((0.0, -0.9), 0.12), seat: (0.0, -0.5) };

    pub(super) fn head(at: Spot, radius: f32) -> Self {
        Self { head: (at, radius), ..Self::NONE }
    }

    pub(super) fn seat(seat: Spot) -> Self {
        Self { seat, ..Self::NONE }
    }
}

/// How a thing is painted.
#[derive(Debug, Clone)]
pub(super) struct Coat {
    pub(super) color: Option<Rgb>,
    pub(super) chance: Chance,
    /// Lights are on.
    pub(super) dark: bool,
    pub(super) season: super::scene::Season,
}

impl Coat {
    pub(super) fn or(&self, usual: u32) -> Rgb {
        self.color.unwrap_or(Rgb::hex(usual))
    }
}

/// Draws a thing that is not a figure.
pub(super) fn draw(pen: &mut Pen, thing: Thing, coat: &mut Coat) -> Anchors {
    use Thing as T;
    match thing {
        T::Person | T::Astronaut | T::Robot => Anchors::NONE,
        T::Cat
        | T::Dog
        | T::Fox
        | T::Wolf
        | T::Rabbit
        | T::Bear
        | T::Panda
        | T::Lion
        | T::Tiger
        | T::Mouse
        | T::Pig
        | T::Monkey
        | T::Frog
        | T::Owl
        | T::Penguin => sitters::draw(pen, thing, coat),
        T::Horse
        | T::Unicorn
        | T::Cow
        | T::Sheep
        | T::Deer
        | T::Elephant
        | T::Giraffe
        | T::Dragon
        | T::Dinosaur
        | T::Turtle => beasts::draw(pen, thing, coat),
        T::Bird
        | T::Duck
        | T::Butterfly
        | T::Bee
        | T::Fish
        | T::Whale
        | T::Shark
        | T::Dolphin
        | T::Octopus
        | T::Jellyfish
        | T::Crab
        | T::Snail => fowl::draw(pen, thing, coat),
        T::Tree
        | T::Pine
        | T::Palm
        | T::Blossom
        | T::Cactus
        | T::Flower
        | T::Sunflower
        | T::RoseFlower
        | T::Mushroom
        | T::ChristmasTree => plants::draw(pen, thing, coat),
        T::House
        | T::Castle
        | T::Lighthouse
        | T::Windmill
        | T::Tower
        | T::Church
        | T::Barn
        | T::Pyramid
        | T::Bridge
        | T::Tent => buildings::draw(pen, thing, coat),
        T::Car
        | T::Truck
        | T::Bus
        | T::Train
        | T::Bicycle
        | T::Motorcycle
        | T::Sailboat
        | T::Ship
        | T::Submarine
        | T::Airplane
        | T::Helicopter
        | T::HotAirBalloon
        | T::Balloon
        | T::Rocket
        | T::Ufo
        | T::Kite
        | T::Planet => vehicles::draw(pen, thing, coat),
        T::Apple
        | T::Citrus
        | T::Banana
        | T::Strawberry
        | T::Watermelon
        | T::Cake
        | T::Pizza
        | T::Burger
        | T::IceCream
        | T::Cup
        | T::Donut
        | T::Sushi
        | T::Bottle
        | T::Bread
        | T::Teapot => food::draw(pen, thing, coat),
        T::Book
        | T::Lamp
        | T::Candle
        | T::Chair
        | T::Guitar
        | T::Piano
        | T::Camera
        | T::Laptop
        | T::Phone
        | T::Clock
        | T::Gift
        | T::Ball
        | T::Heart
        | T::Star
        | T::Gem
        | T::Key
        | T::Trophy
        | T::Snowman
        | T::Ghost
        | T::Pumpkin
        | T::Skull
        | T::Campfire
        | T::Treasure
        | T::Telescope => objects::draw(pen, thing, coat),
    }
}

/// A corner of a star, and a point on any circle: `turn` is 0 at the top.
pub(super) fn around((x, y): Spot, radius: f32, turn: f32) -> Spot {
    let (sin, cos) = (turn * std::f32::consts::TAU).sin_cos();
    (x + sin * radius, y - cos * radius)
}
