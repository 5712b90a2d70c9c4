//! Several pictures in one: characters cut out of their plain grounds and put into a scene.

use crate::cancel::Work;
use crate::error::StudioError;
use crate::image::{ImageOrder, check_size, finish, layers, mark, scene, thing::Thing};
use crate::paint::Rgb;
use crate::paint::filter::Picture;

/// Pictures that are put together at once: more would hide each other.
pub const PICTURES_MAX: usize = 8;
/// How far a colour may be from the ground's to be taken for it.
const NEAR: f32 = 0.09;

/// Puts `pictures` into the scene of an order.
pub fn make(order: &ImageOrder, pictures: &[Picture], work: &Work) -> Result<Picture, StudioError> {
    check_size(order.width, order.height)?;
    if pictures.len() > PICTURES_MAX {
        return Err(StudioError::TooLarge { what: "number of pictures", max: PICTURES_MAX as u64 });
    }
    let mut setting = order.clone();
    // Who is in the scene comes from the pictures.
    setting.negative = Thing::ALL
        .iter()
        .filter(|thing| thing.is_figure())
        .flat_map(|thing| thing.words())
        .fold(order.negative.clone(), |mut all, word| {
            all.push(' ');
            all.push_str(word);
            all
        });
    let (mut back, front) = layers(&setting)?;
    work.check()?;
    back = finish::over(back, &front);
    let style = scene::Scene::read(&order.prompt, order.style).style;
    finish::apply(&mut back, style, order.seed);
    let (w, h) = (order.width, order.height);
    let share = w as f32 / pictures.len() as f32;
    for (at, picture) in pictures.iter().enumerate() {
        work.check()?;
        let cut = cut_out(&small(picture));
        let scale = (h as f32 * 0.72 / cut.height as f32).min(share * 1.15 / cut.width as f32);
        let (wide, high) = ((cut.width as f32 * scale) as u32, (cut.height as f32 * scale) as u32);
        let middle = share * (at as f32 + 0.5);
        let left = middle as i32 - wide as i32 / 2;
        let top = (h as f32 * 0.95) as i32 - high as i32;
        paste(&mut back, &cut, (left, top), (wide.max(1), high.max(1)));
    }
    mark::mark(&mut back);
    Ok(back)
}

/// Whether a picture has a plain ground to be cut out of.
pub fn is_plain(picture: &Picture) -> bool {
    let ground = corner(picture);
    let (w, h) = (picture.width as i32, picture.height as i32);
    (0..20).all(|i| {
        let y = h * i / 20 * 7 / 10;
        picture.get(1, y).distance(ground) < NEAR * 2.0
            && picture.get(w - 2, y).distance(ground) < NEAR * 2.0
    })
}

fn corner(picture: &Picture) -> Rgb {
    picture.get(3, 3)
}

/// At most a thousand pixels wide or high, so that cutting out has a bounded cost.
fn small(picture: &Picture) -> Picture {
    let longer = picture.width.max(picture.height);
    if longer <= 1_000 {
        return picture.clone();
    }
    let fit = |side: u32| (u64::from(side) * 1_000 / u64::from(longer)).max(1) as u32;
    picture.resized(fit(picture.width), fit(picture.height))
}

/// What is not ground, cropped to itself. A picture without a plain ground stays as it is.
fn cut_out(picture: &Picture) -> Picture {
    if !is_plain(picture) {
        return picture.clone();
    }
    let (w, h) = (picture.width as usize, picture.height as usize);
    let mut cut = picture.clone();
    let mut seen = vec![false; w * h];
    let ground = corner(picture);
    let color = |at: usize| picture.get((at % w) as i32, (at / w) as i32);
    let mut open: Vec<usize> = (0..w).chain((0..h).flat_map(|y| [y * w, y * w + w - 1])).collect();
    open.retain(|at| color(*at).distance(ground) < NEAR * 2.0);
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut seen[at], true) {
            continue;
        }
        cut.pixels[at * 4 + 3] = 0;
        let here = color(at);
        let (x, y) = (at % w, at / w);
        let beside = [
            (x > 0).then(|| at - 1),
            (x + 1 < w).then(|| at + 1),
            (y > 0).then(|| at - w),
            (y + 1 < h).then(|| at + w),
        ];
        for next in beside.into_iter().flatten() {
            if !seen[next] && color(next).distance(here) < NEAR * 0.5 {
                open.push(next);
            }
        }
    }
    // The mark, and what else is near the lower right corner, is no part of a character.
    for y in h * 93 / 100..h {
        for x in w * 7 / 10..w {
            cut.pixels[(y * w + x) * 4 + 3] = 0;
        }
    }
    // Ground that is shut in, between the legs or under an arm.
    for at in 0..w * h {
        if color(at).distance(color(at / w * w)) < NEAR * 0.3 {
            cut.pixels[at * 4 + 3] = 0;
        }
    }
    crop(&without_rim(&cut))
}

/// Without the outermost pixels, which are mixed with the ground.
fn without_rim(cut: &Picture) -> Picture {
    let mut made = cut.clone();
    for y in 0..cut.height as i32 {
        for x in 0..cut.width as i32 {
            let open = [(1, 0), (-1, 0), (0, 1), (0, -1)];
            if open.iter().any(|(dx, dy)| cut.pixels[cut.index(x + dx, y + dy) + 3] == 0) {
                let at = made.index(x, y) + 3;
                made.pixels[at] = 0;
            }
        }
    }
    made
}

fn crop(cut: &Picture) -> Picture {
    let (w, h) = (cut.width as usize, cut.height as usize);
    let solid = |x: usize, y: usize| cut.pixels[(y * w + x) * 4 + 3] > 0;
    let columns: Vec<usize> =
        (0..w).filter(|x| (0..h).filter(|y| solid(*x, *y)).count() > 3).collect();
    let rows: Vec<usize> =
        (0..h).filter(|y| (0..w).filter(|x| solid(*x, *y)).count() > 3).collect();
    let (Some(left), Some(right), Some(top), Some(low)) =
        (columns.first(), columns.last(), rows.first(), rows.last())
    else {
        return cut.clone();
    };
    let mut pixels = Vec::new();
    for y in *top..=*low {
        pixels.extend_from_slice(&cut.pixels[(y * w + left) * 4..(y * w + right + 1) * 4]);
    }
    Picture { width: (right - left + 1) as u32, height: (low - top + 1) as u32, pixels }
}

/// Lays a picture over another, in a size, each pixel from four around it.
fn paste(back: &mut Picture, cut: &Picture, (left, top): (i32, i32), (wide, high): (u32, u32)) {
    let (sx, sy) = (cut.width as f32 / wide as f32, cut.height as f32 / high as f32);
    for y in 0..high as i32 {
        for x in 0..wide as i32 {
            let (to_x, to_y) = (left + x, top + y);
            if to_x < 0 || to_y < 0 || to_x >= back.width as i32 || to_y >= back.height as i32 {
                continue;
            }
            let (u, v) = ((x as f32 + 0.5) * sx - 0.5, (y as f32 + 0.5) * sy - 0.5);
            let mut alpha = 0.0;
            let mut color = Rgb(0.0, 0.0, 0.0);
            for (dx, dy) in [(0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5)] {
                let (i, j) = ((u + dx * sx) as i32, (v + dy * sy) as i32);
                if cut.pixels[cut.index(i, j) + 3] > 0 {
                    let one = cut.get(i, j);
                    alpha += 0.25;
                    color = Rgb(color.0 + one.0, color.1 + one.1, color.2 + one.2);
                }
            }
            if alpha > 0.0 {
                let many = alpha * 4.0;
                let color = Rgb(color.0 / many, color.1 / many, color.2 / many);
                let at = back.index(to_x, to_y);
                let made = back.get(to_x, to_y).mix(color, alpha).bytes();
                back.pixels[at..at + 3].copy_from_slice(&made);
            }
        }
    }
}
