//! Animals that sit and look at us: one body in many coats.

use super::draw::{Anchors, Coat};
use super::thing::Thing;
use crate::paint::{Pen, Rgb};

enum Ears {
    Pointed,
    Floppy,
    Long,
    Round,
    Tufts,
    None,
}

struct Sitter {
    coat: Rgb,
    belly: Rgb,
    inner: Rgb,
    ears: Ears,
    /// How wide the head is beside the usual.
    wide: f32,
    nose: Rgb,
    eye: Rgb,
}

/// Draws a sitting animal.
pub(super) fn draw(pen: &mut Pen, thing: Thing, coat: &mut Coat) -> Anchors {
    if thing == Thing::Penguin || thing == Thing::Owl {
        return bird(pen, thing, coat);
    }
    if thing == Thing::Frog {
        return frog(pen, coat);
    }
    let cats = [0xe39a4a, 0x6f7078, 0x3a3540, 0xe8dcc8, 0xb98552];
    let usual = match thing {
        Thing::Cat => *coat.chance.pick(&cats),
        Thing::Dog => *coat.chance.pick(&[0xd9a860, 0xa8703f, 0xe3cfa8, 0x6b4a38]),
        Thing::Fox => 0xe0702c,
        Thing::Wolf => 0x7d8592,
        Thing::Rabbit => *coat.chance.pick(&[0xe9e2d8, 0xb99a7c, 0xa8a3a0]),
        Thing::Bear => 0x84573a,
        Thing::Panda => 0xf4f2ee,
        Thing::Lion => 0xdba348,
        Thing::Tiger => 0xe8892f,
        Thing::Mouse => 0xa9a4a4,
        Thing::Pig => 0xf0a7b0,
        _ => 0x8a5c40,
    };
    let fur = coat.or(usual);
    let pale = matches!(thing, Thing::Fox | Thing::Wolf | Thing::Tiger | Thing::Dog | Thing::Cat);
    let sitter = Sitter {
        coat: fur,
        belly: if pale { fur.mix(Rgb::hex(0xfff6e8), 0.78) } else { fur.light(0.22) },
        inner: Rgb::hex(0xe8a0a0).mix(fur, 0.3),
        ears: match thing {
            Thing::Dog => Ears::Floppy,
            Thing::Rabbit => Ears::Long,
            Thing::Bear | Thing::Panda | Thing::Lion | Thing::Mouse | Thing::Monkey => Ears::Round,
            Thing::Pig => Ears::Tufts,
            Thing::Frog => Ears::None,
            _ => Ears::Pointed,
        },
        wide: match thing {
            Thing::Fox | Thing::Bear | Thing::Panda => 1.08,
            Thing::Rabbit | Thing::Dog => 0.94,
            _ => 1.0,
        },
        nose: match thing {
            Thing::Cat | Thing::Rabbit | Thing::Mouse => Rgb::hex(0xd9707c),
            _ => Rgb::hex(0x2c2428),
        },
        eye: match thing {
            Thing::Cat => Rgb::hex(*coat.chance.pick(&[0x5fae5f, 0x4f9bd0, 0xd9a62f])),
            Thing::Wolf | Thing::Tiger => Rgb::hex(0xd9b13f),
            _ => Rgb::hex(0x3a2a22),
        },
    };
    tail(pen, thing, &sitter);
    body(pen, thing, &sitter);
    if thing == Thing::Lion {
        for i in 0..16 {
            let (x, y) = super::draw::around((0.0, -0.66), 0.24, i as f32 / 16.0);
            pen.disc((x, y), 0.11, Rgb::hex(0x9a5626));
        }
    }
    head(pen, thing, &sitter);
    Anchors { head: ((0.0, -0.67), 0.25), seat: (0.0, -0.5) }
}

fn tail(pen: &mut Pen, thing: Thing, s: &Sitter) {
    match thing {
        Thing::Fox | Thing::Wolf => {
            pen.blob(&[(0.1, -0.06), (0.42, -0.06), (0.58, -0.3), (0.5, -0.5), (0.4, -0.28)],
                s.coat);
            pen.blob(&[(0.44, -0.42), (0.58, -0.32), (0.52, -0.54)], s.belly);
        }
        Thing::Rabbit | Thing::Bear | Thing::Panda => pen.disc((0.25, -0.12), 0.08, s.belly),
        Thing::Pig => pen.line(&[(0.24, -0.2), (0.34, -0.26), (0.3, -0.32), (0.36, -0.36)], 0.03,
            s.coat.dark(0.1)),
        Thing::Dog => pen.limb(&[(0.16, -0.1), (0.34, -0.2), (0.4, -0.38)], 0.085, s.coat),
        Thing::Mouse | Thing::Monkey => {
            pen.limb(&[(0.14, -0.05), (0.4, -0.06), (0.48, -0.24), (0.4, -0.34)], 0.035, s.inner);
        }
        _ => {
            pen.limb(&[(0.14, -0.07), (0.38, -0.07), (0.46, -0.26), (0.36, -0.42)], 0.075, s.coat);
            if thing == Thing::Lion {
                pen.disc((0.35, -0.45), 0.075, Rgb::hex(0x9a5626));
            }
        }
    }
}

fn body(pen: &mut Pen, thing: Thing, s: &Sitter) {
    let dark = if thing == Thing::Panda { Rgb::hex(0x2c2a30) } else { s.coat };
    for side in [-1.0, 1.0] {
        pen.oval((0.2 * side, -0.13), 0.13, 0.14, dark.dark(0.05));
        pen.oval((0.24 * side, -0.035), 0.1, 0.042, dark.light(0.08));
    }
    pen.blob(
        &[(-0.2, -0.01), (-0.25, -0.18), (-0.17, -0.46), (0.0, -0.56), (0.17, -0.46), (0.25,
            -0.18), (0.2, -0.01)],
        s.coat,
    );
    pen.plain = true;
    pen.oval((0.0, -0.24), 0.13, 0.2, s.belly);
    pen.plain = false;
    if thing == Thing::Tiger {
        for (side, y) in [(-1.0, -0.36), (1.0, -0.36), (-1.0, -0.26), (1.0, -0.26)] {
            pen.line(&[(0.22 * side, y), (0.12 * side, y + 0.02)], 0.028, Rgb::hex(0x2c2026));
        }
    }
    for side in [-1.0, 1.0] {
        pen.limb(&[(0.085 * side, -0.36), (0.08 * side, -0.06)], 0.1, dark);
        pen.oval((0.085 * side, -0.035), 0.075, 0.042, dark.light(0.1));
    }
}

fn ears(pen: &mut Pen, thing: Thing, s: &Sitter) {
    let dark = if thing == Thing::Panda { Rgb::hex(0x2c2a30) } else { s.coat };
    for side in [-1.0, 1.0] {
        match s.ears {
            Ears::Pointed => {
                pen.poly(&[(0.07 * side, -0.84), (0.22 * side, -1.02), (0.26 * side, -0.7)],
                    s.coat);
                pen.plain = true;
                pen.poly(&[(0.12 * side, -0.84), (0.205 * side, -0.96), (0.225 * side, -0.76)],
                    s.inner);
                pen.plain = false;
            }
            Ears::Floppy => {}
            Ears::Long => {
                pen.blob(&[(0.05 * side, -0.82), (0.07 * side, -1.14), (0.15 * side, -1.2),
                    (0.2 * side, -1.08), (0.15 * side, -0.8)], s.coat);
                pen.plain = true;
                pen.blob(&[(0.09 * side, -0.86), (0.1 * side, -1.08), (0.14 * side, -1.12),
                    (0.15 * side, -0.88)], s.inner);
                pen.plain = false;
            }
            Ears::Round => {
                let (size, x) = if thing == Thing::Mouse { (0.14, 0.22) } else { (0.09, 0.19) };
                pen.disc((x * side, -0.86), size, dark);
                pen.plain = true;
                pen.disc((x * side, -0.855), size * 0.58,
                    if thing == Thing::Panda { dark } else { s.inner });
                pen.plain = false;
            }
            Ears::Tufts => {
                pen.poly(&[(0.06 * side, -0.84), (0.22 * side, -0.95), (0.2 * side, -0.74)],
                    s.coat.dark(0.08));
            }
            Ears::None => {}
        }
    }
}

fn head(pen: &mut Pen, thing: Thing, s: &Sitter) {
    ears(pen, thing, s);
    let w = s.wide;
    pen.blob(
        &[
            (0.0, -0.9),
            (0.2 * w, -0.83),
            (0.265 * w, -0.66),
            (0.2 * w, -0.5),
            (0.0, -0.445),
            (-0.2 * w, -0.5),
            (-0.265 * w, -0.66),
            (-0.2 * w, -0.83),
        ],
        s.coat,
    );
    if let Ears::Floppy = s.ears {
        for side in [-1.0, 1.0] {
            pen.blob(&[(0.14 * side, -0.86), (0.27 * side, -0.8), (0.34 * side, -0.55),
                (0.25 * side, -0.48), (0.19 * side, -0.66)], s.coat.dark(0.28));
        }
    }
    pen.plain = true;
    match thing {
        Thing::Fox | Thing::Wolf | Thing::Cat | Thing::Tiger => {
            for side in [-1.0, 1.0] {
                pen.oval((0.09 * side, -0.54), 0.12, 0.085, s.belly);
            }
        }
        Thing::Monkey => {
            for side in [-1.0, 1.0] {
                pen.disc((0.085 * side, -0.7), 0.105, Rgb::hex(0xe3bd95));
            }
            pen.oval((0.0, -0.55), 0.155, 0.1, Rgb::hex(0xe3bd95));
        }
        Thing::Pig => pen.oval((0.0, -0.58), 0.1, 0.07, s.coat.dark(0.1)),
        _ => pen.oval((0.0, -0.55), 0.12, 0.085, s.belly),
    }
    if thing == Thing::Panda {
        for side in [-1.0, 1.0] {
            pen.oval((0.11 * side, -0.67), 0.075, 0.09, Rgb::hex(0x2c2a30));
        }
    }
    if thing == Thing::Tiger {
        for (x, y) in [(0.0, -0.86), (-0.07, -0.84), (0.07, -0.84)] {
            pen.line(&[(x, y), (x * 0.8, y + 0.08)], 0.025, Rgb::hex(0x2c2026));
        }
        for side in [-1.0, 1.0] {
            for y in [-0.66, -0.58] {
                pen.line(&[(0.255 * side, y), (0.19 * side, y + 0.01)], 0.024, Rgb::hex(0x2c2026));
            }
        }
    }
    pen.plain = false;
    for side in [-1.0, 1.0] {
        eye(pen, (0.105 * side, -0.675), 0.046, s.eye);
    }
    nose(pen, thing, s);
}

/// An eye that shines.
pub(super) fn eye(pen: &mut Pen, (x, y): (f32, f32), radius: f32, color: Rgb) {
    pen.spot((x, y), radius, radius * 1.14, Rgb::hex(0x1d181e), 1.0);
    pen.spot((x, y), radius * 0.84, radius * 0.97, color, 1.0);
    pen.spot((x, y), radius * 0.5, radius * 0.78, Rgb::hex(0x120f14), 1.0);
    pen.spot((x - radius * 0.34, y - radius * 0.4), radius * 0.3, radius * 0.32,
        Rgb::hex(0xffffff), 1.0);
}

fn nose(pen: &mut Pen, thing: Thing, s: &Sitter) {
    if thing == Thing::Pig {
        for x in [-0.035, 0.035] {
            pen.spot((x, -0.58), 0.016, 0.026, s.coat.dark(0.5), 1.0);
        }
        pen.line(&[(-0.05, -0.49), (0.0, -0.475), (0.05, -0.49)], 0.014, s.coat.dark(0.5));
        return;
    }
    pen.blob(&[(-0.036, -0.6), (0.036, -0.6), (0.0, -0.56)], s.nose);
    let ink = Rgb::hex(0x40302f);
    pen.line(&[(-0.06, -0.52), (-0.03, -0.505), (0.0, -0.525), (0.03, -0.505), (0.06, -0.52)],
        0.013, ink);
    pen.line(&[(0.0, -0.565), (0.0, -0.525)], 0.012, ink);
    if matches!(thing, Thing::Dog) {
        pen.blob(&[(-0.025, -0.51), (0.025, -0.51), (0.018, -0.46), (-0.018, -0.46)],
            Rgb::hex(0xe8707c));
    }
    if matches!(thing, Thing::Cat | Thing::Tiger | Thing::Lion | Thing::Mouse | Thing::Rabbit) {
        let ink = pen.look.tone(Rgb::hex(0xf4f0ea));
        for side in [-1.0, 1.0] {
            for (from, to) in [(-0.555, -0.58), (-0.535, -0.53), (-0.515, -0.48)] {
                pen.thread(&[(0.11 * side, from), (0.34 * side, to)], 0.007, ink, 0.85);
            }
        }
    }
}

fn bird(pen: &mut Pen, thing: Thing, coat: &mut Coat) -> Anchors {
    let owl = thing == Thing::Owl;
    let dark = coat.or(if owl { 0x8a6544 } else { 0x2b3140 });
    let pale = if owl { dark.mix(Rgb::hex(0xf5e6c8), 0.7) } else { Rgb::hex(0xf8f6f0) };
    let beak = Rgb::hex(0xf2a233);
    for side in [-1.0, 1.0] {
        pen.oval((0.12 * side, -0.03), 0.1, 0.04, beak);
        pen.blob(&[(0.2 * side, -0.62), (0.36 * side, -0.3), (0.27 * side, -0.14), (0.18 * side,
            -0.3)], dark.dark(0.12));
    }
    if owl {
        for side in [-1.0, 1.0] {
            pen.poly(&[(0.08 * side, -0.92), (0.26 * side, -1.06), (0.27 * side, -0.78)], dark);
        }
    }
    pen.blob(&[(0.0, -0.98), (0.2, -0.9), (0.27, -0.66), (0.29, -0.3), (0.18, -0.05), (0.0, -0.02),
        (-0.18, -0.05), (-0.29, -0.3), (-0.27, -0.66), (-0.2, -0.9)], dark);
    pen.plain = true;
    pen.blob(&[(0.0, -0.6), (0.17, -0.52), (0.2, -0.25), (0.1, -0.06), (-0.1, -0.06), (-0.2,
        -0.25), (-0.17, -0.52)], pale);
    for side in [-1.0, 1.0] {
        pen.disc((0.1 * side, -0.72), if owl { 0.13 } else { 0.115 }, pale);
    }
    if owl {
        for row in 0..3 {
            for col in -1..=1 {
                let at = (col as f32 * 0.1, -0.42 + row as f32 * 0.11);
                pen.line(&[(at.0 - 0.03, at.1), (at.0, at.1 + 0.025), (at.0 + 0.03, at.1)], 0.014,
                    dark);
            }
        }
    }
    pen.plain = false;
    let iris = if owl { Rgb::hex(0xf0b429) } else { Rgb::hex(0x2a2228) };
    for side in [-1.0, 1.0] {
        eye(pen, (0.1 * side, -0.73), if owl { 0.085 } else { 0.045 }, iris);
    }
    pen.blob(&[(-0.05, -0.67), (0.05, -0.67), (0.0, -0.58)], beak);
    Anchors { head: ((0.0, -0.76), 0.24), seat: (0.0, -0.9) }
}

fn frog(pen: &mut Pen, coat: &mut Coat) -> Anchors {
    let green = coat.or(0x5fae4a);
    for side in [-1.0, 1.0] {
        pen.oval((0.36 * side, -0.2), 0.22, 0.2, green.dark(0.1));
        pen.oval((0.34 * side, -0.04), 0.2, 0.05, green.dark(0.05));
        pen.disc((0.2 * side, -0.82), 0.14, green);
    }
    pen.blob(&[(-0.42, -0.1), (-0.46, -0.45), (-0.3, -0.78), (0.0, -0.82), (0.3, -0.78), (0.46,
        -0.45), (0.42, -0.1), (0.0, -0.02)], green);
    pen.plain = true;
    pen.oval((0.0, -0.22), 0.28, 0.19, green.mix(Rgb::hex(0xf8f4c8), 0.7));
    pen.plain = false;
    for side in [-1.0, 1.0] {
        eye(pen, (0.2 * side, -0.84), 0.085, Rgb::hex(0xe8b83a));
    }
    pen.line(&[(-0.3, -0.52), (-0.12, -0.45), (0.12, -0.45), (0.3, -0.52)], 0.025,
        green.dark(0.55));
    Anchors { head: ((0.0, -0.72), 0.36), seat: (0.0, -0.8) }
}
