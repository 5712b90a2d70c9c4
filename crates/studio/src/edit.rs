//! Pictures from pictures: what words of an instruction change, on whatever picture is given.

use crate::cancel::Work;
use crate::error::StudioError;
use crate::image::scene::{Hour, Scene, Wear, Weather};
use crate::image::{SIDE_MAX, check_size, finish, mark, wear};
use crate::paint::chance::seed_of;
use crate::paint::filter::Picture;
use crate::paint::pen::Pen;
use crate::paint::{Chance, Look, Rgb, Style, color};
use crate::words::words;

/// What a picture is to become.
#[derive(Debug, Clone)]
pub struct EditOrder {
    pub picture: Picture,
    pub instruction: String,
    pub style: Option<Style>,
    /// In hundredths: how far it may go.
    pub strength: u8,
    /// The size to answer in; that of the picture if it is not said.
    pub size: Option<(u32, u32)>,
    pub seed: u64,
}

/// Hues that a word speaks of, to be found in a picture.
struct Target {
    hue: f32,
    reach: f32,
}

/// Makes a picture from another.
pub fn make(order: &EditOrder, work: &Work) -> Result<Picture, StudioError> {
    let (width, height) = order.size.unwrap_or_else(|| fitting(&order.picture));
    check_size(width, height)?;
    let seed = seed_of(&["edit", &order.instruction], order.seed);
    let mut chance = Chance::new(seed);
    let strength = f32::from(order.strength.min(100)) / 100.0;
    let mut picture = cover(&order.picture, width, height);
    work.check()?;
    let spoken = words(&order.instruction);
    let scene = Scene::read(&order.instruction, order.style);
    let mut changed = light(&mut picture, &scene, strength);
    changed |= colors(&mut picture, &spoken, strength);
    work.check()?;
    changed |= overlays(&mut picture, &scene, &spoken, &mut chance, strength);
    let named = order.style.or_else(|| spoken.iter().find_map(|word| Style::of_word(word)));
    if let Some(style) = named {
        restyle(&mut picture, style, seed);
        changed = true;
    }
    if !changed
        || spoken.iter().any(|word| ["variant", "variation", "different"].contains(&word.as_str()))
    {
        vary(&mut picture, &mut chance, strength);
    }
    work.check()?;
    mark::mark(&mut picture);
    Ok(picture)
}

/// The size of a picture, made smaller if it is larger than what is made.
fn fitting(picture: &Picture) -> (u32, u32) {
    let longer = picture.width.max(picture.height);
    if longer <= SIDE_MAX {
        return (picture.width.max(64), picture.height.max(64));
    }
    let fit =
        |side: u32| (u64::from(side) * u64::from(SIDE_MAX) / u64::from(longer)).max(64) as u32;
    (fit(picture.width), fit(picture.height))
}

/// The middle of a picture, in another size.
fn cover(picture: &Picture, width: u32, height: u32) -> Picture {
    if (picture.width, picture.height) == (width, height) {
        return picture.clone();
    }
    let scale = (f64::from(width) / f64::from(picture.width))
        .max(f64::from(height) / f64::from(picture.height));
    let (wide, high) = (
        (f64::from(picture.width) * scale).ceil() as u32,
        (f64::from(picture.height) * scale).ceil() as u32,
    );
    let resized = picture.resized(wide.max(width), high.max(height));
    let (left, top) = ((resized.width - width) / 2, (resized.height - height) / 2);
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 4);
    for y in top..top + height {
        let at = (y as usize * resized.width as usize + left as usize) * 4;
        pixels.extend_from_slice(&resized.pixels[at..at + width as usize * 4]);
    }
    Picture { width, height, pixels }
}

/// Light of another hour or weather.
fn light(picture: &mut Picture, scene: &Scene, strength: f32) -> bool {
    let (tint, dark, sat) = match (scene.hour, scene.weather) {
        (Hour::Night, _) => (Rgb::hex(0x2a3f8a), 0.5, 0.8),
        (Hour::Sunset, _) => (Rgb::hex(0xff8a4a), 0.1, 1.15),
        (Hour::Dawn, _) => (Rgb::hex(0xffc4b0), 0.0, 1.0),
        (Hour::Day, Weather::Storm) => (Rgb::hex(0x55607a), 0.3, 0.6),
        (Hour::Day, Weather::Rain) => (Rgb::hex(0x7a8aa0), 0.16, 0.7),
        (Hour::Day, Weather::Snow) => (Rgb::hex(0xdce8f6), 0.0, 0.75),
        (Hour::Day, Weather::Fog | Weather::Cloudy) => (Rgb::hex(0xc8ced6), 0.0, 0.7),
        (Hour::Day, Weather::Clear) => return false,
    };
    let by = 0.35 + 0.4 * strength;
    picture.map(|was, _, y| {
        let lit = was.times(Rgb(1.0, 1.0, 1.0).mix(tint, by)).mix(tint, by * 0.18);
        let lit = lit.dark(dark * by * (1.15 - 0.3 * y)).vivid(sat);
        // What was brightest stays a light in the night.
        if scene.hour == Hour::Night && was.luma() > 0.93 { was.mix(lit, 0.75) } else { lit }
    });
    true
}

/// Colours said of something: "blue hair" turns what may be hair, "make it red" turns all.
fn colors(picture: &mut Picture, spoken: &[String], strength: f32) -> bool {
    let mut changed = false;
    for (at, word) in spoken.iter().enumerate() {
        let Some(paint) = color::named(word) else { continue };
        // "blue hair", "the hair blue": of what stands after it, else of what stands before.
        let after = spoken.get(at + 1).map_or("", String::as_str);
        let before = spoken[at.saturating_sub(2)..at].iter().rev().map(String::as_str);
        let of = std::iter::once(after)
            .chain(before)
            .find(|word| part_of(word).is_some())
            .unwrap_or(after);
        if crate::image::scene::wear_of(of).is_some() {
            continue;
        }
        let (hue, sat, base) = paint.to_hsl();
        let by = 0.6 + 0.4 * strength;
        let target = target(picture, of);
        picture.map(|was, x, y| {
            let (old, old_sat, lightness) = was.to_hsl();
            let near = match &target {
                Some(target) => {
                    let far = ((old - target.hue).abs()).min(1.0 - (old - target.hue).abs());
                    let middle = 1.0 - ((x - 0.5).abs() * 2.0).powi(3);
                    let up =
                        if of.starts_with("hair") { (1.25 - y * 1.7).clamp(0.0, 1.0) } else { 1.0 };
                    (1.0 - far / target.reach).clamp(0.0, 1.0) * middle * up
                }
                None if of == "background" || of == "sky" => {
                    if y < 0.62 {
                        1.0 - y
                    } else {
                        0.0
                    }
                }
                None => 0.75,
            };
            let lightness = lightness.mix_toward(base, if sat < 0.15 { 0.6 } else { 0.15 });
            let made = Rgb::hsl(hue, old_sat.max(sat * 0.7).min(1.0), lightness);
            was.mix(made, (near * 1.6).min(1.0) * by)
        });
        changed = true;
    }
    changed
}

trait MixToward {
    fn mix_toward(self, other: f32, part: f32) -> f32;
}

impl MixToward for f32 {
    fn mix_toward(self, other: f32, part: f32) -> f32 {
        self + (other - self) * part
    }
}

/// From where to where, of its height, a picture most likely has what a word names.
fn part_of(of: &str) -> Option<(f32, f32)> {
    Some(match of {
        "hair" | "haired" => (0.05, 0.35),
        "shirt" | "dress" | "coat" | "jacket" | "clothes" | "hoodie" | "robe" | "suit"
        | "armor" | "outfit" => (0.45, 0.7),
        "pants" | "trousers" | "jeans" | "skirt" => (0.65, 0.88),
        "car" | "house" | "boat" | "cat" | "dog" | "dragon" | "roof" | "flower" => (0.4, 0.8),
        _ => return None,
    })
}

/// The hue that what a word names most likely has in this picture.
fn target(picture: &Picture, of: &str) -> Option<Target> {
    let upper = part_of(of)?;
    let mut hues = [0u32; 24];
    for y in 0..60 {
        for x in 20..40 {
            let (u, v) = (x as f32 / 60.0, upper.0 + (upper.1 - upper.0) * y as f32 / 60.0);
            let at =
                picture.get((u * picture.width as f32) as i32, (v * picture.height as f32) as i32);
            let (hue, sat, lightness) = at.to_hsl();
            if sat > 0.12 && (0.05..0.92).contains(&lightness) {
                hues[((hue * 24.0) as usize).min(23)] += 1;
            }
        }
    }
    let (best, count) = hues.iter().enumerate().max_by_key(|(_, count)| **count)?;
    (*count > 0).then_some(Target { hue: (best as f32 + 0.5) / 24.0, reach: 0.1 })
}

/// Draws one of many at a spot.
type Each<'a> = dyn FnMut(&mut Pen, &mut Chance, (f32, f32)) + 'a;

/// What is laid over: snow, rain, stars, a hat.
fn overlays(
    picture: &mut Picture,
    scene: &Scene,
    spoken: &[String],
    chance: &mut Chance,
    strength: f32,
) -> bool {
    let wears: Vec<(Wear, Option<Rgb>)> = spoken
        .iter()
        .enumerate()
        .filter_map(|(at, word)| {
            let before = at.checked_sub(1).and_then(|at| color::named(&spoken[at]));
            crate::image::scene::wear_of(word).map(|wear| (wear, before))
        })
        .collect();
    let look = Look::new(Style::Illustration, Rgb(1.0, 1.0, 1.0));
    let (Some(sheet), Some(mut pen)) =
        (picture.to_sheet(), Pen::new(picture.width, picture.height, look))
    else {
        return false;
    };
    pen.sheet = sheet;
    let (w, h) = (picture.width as f32, picture.height as f32);
    let u = w.min(h);
    let mut drawn = !wears.is_empty();
    let (head, radius) = find_head(picture);
    for (worn, paint) in wears {
        let or = |hex: u32| paint.unwrap_or(Rgb::hex(hex));
        pen.at(head, radius, false, |pen| match worn {
            Wear::Hat => wear::hat(pen, 0.0, or(0xb3303c)),
            Wear::TopHat => wear::top_hat(pen, or(0x26242c)),
            Wear::WizardHat => wear::wizard_hat(pen, or(0x3d3f9a)),
            Wear::Crown => wear::crown(pen, or(0xf0c040)),
            Wear::Glasses => wear::glasses(pen, or(0x2a2a34)),
            Wear::Bow => wear::bow(pen, (0.6, -0.9), or(0xe0486a)),
            Wear::Scarf => pen.card((-0.9, 0.85), (1.8, 0.4), 0.2, or(0xc83040)),
            Wear::Umbrella => wear::umbrella(pen, (1.2, 2.0), 3.6, or(0xd9433f)),
            Wear::Balloon => wear::balloon(pen, (1.8, 2.4), 3.6, or(0xe0473f)),
            Wear::Sword => wear::sword(pen, (1.9, 3.2)),
            Wear::Headphones => wear::hat(pen, 0.0, or(0x33363f)),
        });
    }
    let count = (130.0 + 170.0 * strength) as usize;
    let mut scatter = |pen: &mut Pen, high: f32, each: &mut Each<'_>| {
        for _ in 0..count {
            let at = (chance.unit() * w, chance.unit() * h * high);
            each(pen, chance, at);
        }
        drawn = true;
    };
    match scene.weather {
        Weather::Snow => scatter(&mut pen, 1.0, &mut |pen, chance, at| {
            let r = u * chance.range(0.002, 0.008);
            pen.spot(at, r, r, Rgb::hex(0xffffff), 0.95);
        }),
        Weather::Rain | Weather::Storm => scatter(&mut pen, 1.0, &mut |pen, chance, at| {
            let long = u * chance.range(0.03, 0.07);
            pen.thread(
                &[at, (at.0 - long * 0.25, at.1 + long)],
                u * 0.002,
                Rgb::hex(0xe0ecf8),
                0.5,
            );
        }),
        Weather::Fog => {
            let mist = Rgb::hex(0xe6eaee);
            pen.fade((0.0, 0.0), (w, h), &[(0.0, mist, 0.2), (0.6, mist, 0.6), (1.0, mist, 0.4)]);
        }
        Weather::Clear | Weather::Cloudy => {}
    }
    if scene.hour == Hour::Night {
        scatter(&mut pen, 0.45, &mut |pen, chance, at| {
            let r = u * chance.range(0.001, 0.0025);
            pen.glow(at, r * 4.0, Rgb::hex(0xdfe8ff), 0.7);
        });
        pen.glow((w * 0.84, h * 0.13), u * 0.2, Rgb::hex(0xcfdcff), 0.6);
        pen.disc((w * 0.84, h * 0.13), u * 0.05, Rgb::hex(0xf6f1dc));
    }
    *picture = Picture::from_sheet(&pen.sheet);
    drawn
}

/// Where a head most likely is: on a plain ground, the highest of what stands out; else where most
/// is of the colours of skin.
fn find_head(picture: &Picture) -> ((f32, f32), f32) {
    let found = if crate::collage::is_plain(picture) { top_of(picture) } else { skin_of(picture) };
    let (w, h) = (picture.width as f32, picture.height as f32);
    found.unwrap_or(((w * 0.5, h * 0.26), w.min(h) * 0.1))
}

fn top_of(picture: &Picture) -> Option<((f32, f32), f32)> {
    let (w, h) = (picture.width as f32, picture.height as f32);
    for step in 3..70 {
        let y = h * step as f32 / 100.0;
        let side = picture.get(2, y as i32);
        let columns = (25..=75).map(|i| w * i as f32 / 100.0);
        let solid: Vec<f32> =
            columns.filter(|x| picture.get(*x as i32, y as i32).distance(side) > 0.3).collect();
        if let [from, .., to] = solid[..]
            && to - from > w * 0.06
        {
            let radius = w.min(h) * 0.13;
            return Some((((from + to) / 2.0, y + radius * 0.9), radius));
        }
    }
    None
}

fn skin_of(picture: &Picture) -> Option<((f32, f32), f32)> {
    const CELLS: usize = 48;
    let (w, h) = (picture.width as f32, picture.height as f32);
    let skin = |x: usize, y: usize| {
        let (u, v) = ((x as f32 + 0.5) / CELLS as f32 * w, (y as f32 + 0.5) / CELLS as f32 * h);
        let (hue, sat, lightness) = picture.get(u as i32, v as i32).to_hsl();
        (0.025..0.11).contains(&hue)
            && (0.2..0.8).contains(&sat)
            && (0.22..0.86).contains(&lightness)
    };
    let mut best = (0, 0, 0);
    for y in 6..CELLS * 2 / 3 {
        for x in 4..CELLS - 4 {
            let around = (y - 2..=y + 2).flat_map(|j| (x - 2..=x + 2).map(move |i| (i, j)));
            let count = around.filter(|(i, j)| skin(*i, *j)).count();
            if count > best.0 {
                best = (count, x, y);
            }
        }
    }
    let (count, x, y) = best;
    let at = |cell: usize, side: f32| (cell as f32 + 0.5) / CELLS as f32 * side;
    (count > 8).then(|| ((at(x, w), at(y, h)), w.min(h) * 0.075))
}

/// Another style on what is drawn already: its tones, its edges, its finish.
fn restyle(picture: &mut Picture, style: Style, seed: u64) {
    let mut look = Look::new(style, Rgb(1.0, 1.0, 1.0));
    if style == Style::Minimalist {
        look.limited = Some([0x24344f, 0xd9744f, 0xf4ead8].map(Rgb::hex));
    }
    let steps = match style {
        Style::Cartoon | Style::Anime => 7.0,
        Style::Minimalist => 4.0,
        Style::Vintage => 10.0,
        Style::Realistic
        | Style::Fantasy
        | Style::Cyberpunk
        | Style::Illustration
        | Style::Watercolor
        | Style::Pixel
        | Style::Sketch
        | Style::Noir => 0.0,
    };
    let from = if steps > 0.0 {
        picture.brushed((picture.width.min(picture.height) / 200).max(2) as i32)
    } else {
        picture.clone()
    };
    let (w, h) = (picture.width as f32, picture.height as f32);
    picture.map(|_, x, y| {
        let (i, j) = ((x * w) as i32, (y * h) as i32);
        let was = from.get(i, j);
        let step = |part: f32| if steps > 0.0 { (part * steps).round() / steps } else { part };
        let toned = look.tone(Rgb(step(was.0), step(was.1), step(was.2)));
        let edge = from.edge(i, j, 1);
        match style {
            Style::Cartoon | Style::Anime if edge > 0.5 => toned.dark(0.75),
            Style::Cyberpunk if edge > 0.45 => {
                let neon = if (x * 3.0 + y * 2.0).fract() < 0.5 { 0x2ff3ff } else { 0xff3fd0 };
                toned.mix(Rgb::hex(neon), (edge - 0.3).min(0.9))
            }
            _ => toned,
        }
    });
    finish::apply(picture, style, seed);
}

/// The same picture in another light, so that variants differ when no word says how.
fn vary(picture: &mut Picture, chance: &mut Chance, strength: f32) {
    let turn =
        chance.range(0.04, 0.16) * if chance.yes(0.5) { 1.0 } else { -1.0 } * (0.5 + strength);
    let warm = Rgb::hsl(chance.unit(), 0.6, 0.6);
    picture.map(|was, x, y| {
        let (hue, sat, lightness) = was.to_hsl();
        let made = Rgb::hsl(hue + turn, (sat * 1.08).min(1.0), lightness);
        made.mix(warm, 0.12 * (1.0 - y) + 0.05 * x)
    });
}
