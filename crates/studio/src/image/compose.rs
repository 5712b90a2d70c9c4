//! Puts a scene together: the place, the things in it by their realms, the weather before them.

use super::draw::{self, Anchors, Coat, around};
use super::ground::{self, Ground};
use super::scene::{Framing, Hour, Place, Scene, Season, Subject, Wear, Weather};
use super::thing::{Realm, Thing};
use super::wear;
use crate::character::{Figure, Pose, rig};
use crate::paint::pen::Spot;
use crate::paint::{Chance, Look, Pen, Rgb, Style};

/// A scene in two layers, so that what is near may move before what is far.
pub(super) struct Layers {
    pub(super) back: Pen,
    pub(super) front: Pen,
}

/// What light falls at an hour in a weather.
fn light(scene: &Scene) -> Rgb {
    let light = match scene.hour {
        Hour::Dawn => Rgb::hex(0xffe6da),
        Hour::Day => Rgb(1.0, 1.0, 1.0),
        Hour::Sunset => Rgb::hex(0xffcfa8),
        Hour::Night => Rgb::hex(0x6f86c8),
    };
    let indoors = matches!(scene.place, Place::Room | Place::Table | Place::Space);
    let light = if indoors { light.light(0.55) } else { light };
    match scene.weather {
        Weather::Storm => light.times(Rgb::hex(0xaab0c4)),
        Weather::Rain | Weather::Fog => light.times(Rgb::hex(0xccd2dc)),
        Weather::Clear | Weather::Cloudy | Weather::Snow => light,
    }
}

fn limited(chance: &mut Chance, scene: &Scene) -> [Rgb; 3] {
    let sets: [[u32; 3]; 5] = [
        [0x24344f, 0xd9744f, 0xf4ead8],
        [0x1f3f3f, 0x5f9a8a, 0xf2efe2],
        [0x3a2c4a, 0xc86f7a, 0xf6e6dc],
        [0x2c3e50, 0xe0a84a, 0xf6f1e4],
        [0x2f3a2f, 0x8aa05a, 0xf4f2e4],
    ];
    let set = chance.pick(&sets).map(Rgb::hex);
    scene.tint.map_or(set, |tint| [set[0], tint, set[2]])
}

/// Draws a scene. `None` if the sheet cannot be.
pub(super) fn layers(scene: &Scene, width: u32, height: u32, seed: u64) -> Option<Layers> {
    let chance = Chance::new(seed);
    let mut look = Look::new(scene.style, light(scene));
    if scene.style == Style::Minimalist {
        look.limited = Some(limited(&mut chance.fork(3), scene));
    }
    let size = (width as f32, height as f32);
    let mut back = Pen::new(width, height, look)?;
    let ground = ground::draw(&mut back, scene, &mut chance.fork(1), size);
    if scene.silhouette {
        look.light = Rgb(0.05, 0.05, 0.09);
    }
    let mut front = Pen::new(width, height, look)?;
    subjects(&mut front, scene, &mut chance.fork(2), size, ground);
    weather(&mut front, scene, &mut chance.fork(4), size);
    Some(Layers { back, front })
}

struct Spotted<'a> {
    subject: &'a Subject,
    at: Spot,
    size: f32,
    flip: bool,
    index: usize,
}

fn subjects(pen: &mut Pen, scene: &Scene, chance: &mut Chance, (w, h): Spot, ground: Ground) {
    let u = w.min(h);
    let zoom = match scene.framing {
        Framing::Close => 1.75,
        Framing::Medium => 1.0,
        Framing::Wide => 0.62,
    };
    let mut all: Vec<Spotted<'_>> = Vec::new();
    let ride = scene.riding && scene.subjects.len() >= 2;
    let kinds = scene.subjects.len().saturating_sub(usize::from(ride)).max(1);
    let mut slot = 0;
    for (i, subject) in scene.subjects.iter().enumerate() {
        if ride && i == 0 {
            continue;
        }
        let realm = if subject.flying { Realm::Air } else { subject.thing.realm() };
        let crowd = 1.0 / (1.0 + 0.16 * (subject.count as f32 - 1.0) + 0.13 * (kinds as f32 - 1.0));
        let size = u * subject.thing.height() * subject.size * zoom * crowd.max(0.36);
        let shares = match (realm, kinds) {
            (Realm::Far, _) => 0.5 + if kinds > 1 { 0.24 } else { 0.0 },
            (_, 1) => 0.5,
            (_, _) => [0.36, 0.7, 0.18, 0.86, 0.54][slot.min(4)],
        };
        slot += usize::from(realm != Realm::Far);
        let apart = (w * if kinds == 1 { 0.36 } else { 0.2 }).max(size * 0.5);
        let most = w * if kinds == 1 { 0.78 } else { 0.46 };
        let wide = (apart * (subject.count as f32 - 1.0)).min(most);
        for n in 0..subject.count {
            let part =
                if subject.count == 1 { 0.0 } else { n as f32 / (subject.count - 1) as f32 - 0.5 };
            let deep =
                if subject.count == 1 { 0.0 } else { chance.range(-1.0, 0.2) * (n % 2) as f32 };
            let x = w * shares + part * wide + chance.range(-0.012, 0.012) * w;
            let y = match realm {
                Realm::Ground => ground.near + deep * u * 0.06,
                Realm::Far => {
                    (ground.near - (ground.near - ground.horizon) * 0.42).max(size * 1.02)
                }
                Realm::Air => h * (0.5 + part * 0.22) + chance.range(-0.08, 0.08) * h + size * 0.3,
                Realm::Water => match ground.water {
                    Some(top) if scene.place == Place::Underwater => {
                        top + (h * 0.72 - top) * chance.range(0.2, 0.9) + size * 0.4
                    }
                    Some(top) => {
                        top + (ground.near - top) * (0.5 + part.abs() * 0.4) + deep * u * 0.05
                    }
                    None => ground.near,
                },
            };
            let margin = size * 0.42;
            let x = if margin * 2.0 < w { x.clamp(margin, w - margin) } else { w / 2.0 };
            let y = if scene.framing == Framing::Close && realm == Realm::Ground {
                // Near enough that only the upper part is in the picture.
                h * 0.14 + size
            } else {
                y
            };
            let scale = size * (1.0 + deep * 0.16) * chance.range(0.95, 1.05);
            all.push(Spotted {
                subject,
                at: (x, y),
                size: scale,
                flip: chance.yes(0.35),
                index: n,
            });
        }
    }
    let depth = |spotted: &Spotted<'_>| {
        let far = if spotted.subject.thing.realm() == Realm::Far { -1e5 } else { 0.0 };
        far + spotted.at.1
    };
    all.sort_by(|a, b| depth(a).total_cmp(&depth(b)));
    let mut rider = ride.then(|| &scene.subjects[0]);
    for spotted in all {
        let here = rider.take();
        one(pen, scene, &spotted, here, &mut chance.fork(40 + spotted.index as u64), ground);
    }
}

fn one(
    pen: &mut Pen,
    scene: &Scene,
    spotted: &Spotted<'_>,
    rider: Option<&Subject>,
    chance: &mut Chance,
    ground: Ground,
) {
    let Spotted { subject, at, size, flip, .. } = spotted;
    let standing =
        subject.thing.realm() != Realm::Air && !subject.flying && scene.place != Place::Underwater;
    if standing && scene.style != Style::Minimalist {
        pen.shadow(*at, size * 0.42, 0.5);
    }
    let mut coat = Coat {
        color: subject.color,
        chance: chance.fork(9),
        dark: scene.hour == Hour::Night
            || scene.weather == Weather::Storm
            || scene.style == Style::Cyberpunk,
        season: scene.season,
    };
    let figure = subject.thing.is_figure();
    let flip = *flip && !figure && rider.is_none();
    pen.at(*at, *size, flip, |pen| {
        let anchors = if figure {
            person(pen, subject, chance, spotted.index, false);
            Anchors::NONE
        } else {
            draw::draw(pen, subject.thing, &mut coat)
        };
        if let Some(rider) = rider {
            ride(pen, rider, anchors, chance, subject.thing);
        }
        if !figure {
            for (worn, color) in &subject.wears {
                put_on(pen, *worn, *color, anchors);
            }
        }
    });
    if subject.thing.realm() == Realm::Water
        && scene.place != Place::Underwater
        && ground.water.is_some()
    {
        let foam = Rgb::hex(0xffffff);
        for (dx, wide) in [(0.0, 0.55), (0.12, 0.42), (-0.1, 0.34)] {
            let y = at.1 + size * (0.02 + f32::abs(dx) * 0.3);
            pen.thread(
                &[
                    (at.0 - size * wide + dx * size, y),
                    (at.0 + dx * size, y + size * 0.014),
                    (at.0 + size * wide + dx * size, y),
                ],
                size * 0.012,
                foam,
                0.5,
            );
        }
    }
}

/// Draws a figure from the words around it.
fn person(pen: &mut Pen, subject: &Subject, chance: &mut Chance, index: usize, seated: bool) {
    let seed = chance.fork(index as u64).draw();
    let mut figure = Figure::read(&format!("{} {}", subject.words, name_of(subject.thing)), seed);
    if let Some(color) = subject.color {
        figure.top = color;
    }
    for (worn, color) in &subject.wears {
        figure.put_on(*worn, *color);
    }
    let yaw = if seated { 0.2 } else { chance.range(-0.06, 0.06) };
    let waving = !seated && figure.wears.is_empty() && chance.yes(0.4);
    rig::draw(pen, &figure, Pose { yaw, stride: if seated { 0.0 } else { 0.3 }, seated, waving });
}

fn name_of(thing: Thing) -> &'static str {
    thing.words().first().copied().unwrap_or_default()
}

/// Sets a rider onto what is ridden.
fn ride(pen: &mut Pen, rider: &Subject, anchors: Anchors, chance: &mut Chance, mount: Thing) {
    let (x, y) = anchors.seat;
    let tall = if mount.height() > 0.5 { 0.86 } else { 1.25 };
    if rider.thing.is_figure() {
        // The hips come to the seat.
        pen.at((x, y + 0.4 * tall), tall, false, |pen| person(pen, rider, chance, 0, true));
    } else {
        let mut coat = Coat {
            color: rider.color,
            chance: chance.fork(5),
            dark: false,
            season: Season::Summer,
        };
        pen.at((x, y + 0.02), tall * 0.66, false, |pen| {
            let anchors = draw::draw(pen, rider.thing, &mut coat);
            for (worn, color) in &rider.wears {
                put_on(pen, *worn, *color, anchors);
            }
        });
    }
}

/// Puts something onto the head of what is not a figure.
fn put_on(pen: &mut Pen, worn: Wear, color: Option<Rgb>, anchors: Anchors) {
    let (head, radius) = anchors.head;
    let or = |hex: u32| color.unwrap_or(Rgb::hex(hex));
    pen.at(head, radius, false, |pen| match worn {
        Wear::Hat => wear::hat(pen, 0.0, or(0x3f4f7a)),
        Wear::TopHat => wear::top_hat(pen, or(0x26242c)),
        Wear::WizardHat => wear::wizard_hat(pen, or(0x3d3f9a)),
        Wear::Crown => wear::crown(pen, or(0xf0c040)),
        Wear::Glasses => wear::glasses(pen, or(0x2a2a34)),
        Wear::Scarf => {
            pen.card((0.1, 0.8), (0.42, 1.0), 0.1, or(0xc83040).dark(0.12));
            pen.card((-0.86, 0.7), (1.72, 0.36), 0.18, or(0xc83040));
        }
        Wear::Bow => wear::bow(pen, (0.0, 0.95), or(0xe0486a)),
        Wear::Umbrella => wear::umbrella(pen, (0.9, 0.5), 1.7, or(0xd9433f)),
        Wear::Balloon => wear::balloon(pen, (0.9, 0.9), 2.6, or(0xe0473f)),
        Wear::Sword => wear::sword(pen, (1.1, 0.9)),
        Wear::Headphones => {
            let arc: Vec<Spot> =
                (0..=16).map(|i| around((0.0, 0.0), 1.08, -0.25 + i as f32 / 32.0)).collect();
            pen.line(&arc, 0.16, or(0x33363f));
            for x in [-1.06, 1.06] {
                pen.oval((x, 0.06), 0.2, 0.36, or(0x33363f).light(0.2));
            }
        }
    });
}

fn weather(pen: &mut Pen, scene: &Scene, chance: &mut Chance, (w, h): Spot) {
    let u = w.min(h);
    if matches!(scene.place, Place::Room | Place::Table | Place::Space | Place::Underwater) {
        return;
    }
    match scene.weather {
        Weather::Rain | Weather::Storm => {
            let color = Rgb::hex(0xdce8f6);
            for _ in 0..260 {
                let (x, y) = (chance.unit() * w * 1.2, chance.unit() * h);
                let long = u * chance.range(0.03, 0.075);
                pen.thread(
                    &[(x, y), (x - long * 0.28, y + long)],
                    u * 0.0018,
                    color,
                    chance.range(0.25, 0.6),
                );
            }
        }
        Weather::Snow => {
            for _ in 0..240 {
                let at = (chance.unit() * w, chance.unit() * h);
                let r = u * chance.range(0.002, 0.0075);
                if let Some(path) = crate::paint::pen::oval(at, r, r) {
                    pen.shine(&path, Rgb::hex(0xffffff));
                }
            }
        }
        Weather::Fog => {
            let mist = Rgb::hex(0xe4e8ec).mix(super::sky::colors(scene)[2], 0.4);
            pen.fade(
                (0.0, h * 0.3),
                (w, h * 0.7),
                &[(0.0, mist, 0.0), (0.5, mist, 0.5), (1.0, mist, 0.34)],
            );
            for _ in 0..8 {
                let at = (chance.unit() * w, h * chance.range(0.5, 0.9));
                pen.glow(at, u * 0.3, mist, 0.35);
            }
        }
        Weather::Clear | Weather::Cloudy => {}
    }
}
