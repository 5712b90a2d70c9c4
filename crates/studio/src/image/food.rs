//! What is eaten and drunk, and what it is served in.

use super::draw::{Anchors, Coat, around};
use super::thing::Thing;
use crate::paint::{Pen, Rgb};

/// Draws a dish.
pub(super) fn draw(pen: &mut Pen, thing: Thing, coat: &mut Coat) -> Anchors {
    match thing {
        Thing::Apple => apple(pen, coat),
        Thing::Citrus => citrus(pen, coat),
        Thing::Banana => banana(pen, coat),
        Thing::Strawberry => strawberry(pen, coat),
        Thing::Watermelon => watermelon(pen, coat),
        Thing::Cake => cake(pen, coat),
        Thing::Pizza => pizza(pen),
        Thing::Burger => burger(pen, coat),
        Thing::IceCream => ice_cream(pen, coat),
        Thing::Donut => donut(pen, coat),
        Thing::Sushi => sushi(pen, coat),
        Thing::Bottle => bottle(pen, coat),
        Thing::Bread => bread(pen, coat),
        Thing::Teapot => teapot(pen, coat),
        _ => cup(pen, coat),
    }
    Anchors { head: ((0.0, -0.55), 0.4), seat: (0.0, -0.9) }
}

fn plate(pen: &mut Pen, wide: f32) {
    pen.oval((0.0, -0.03), wide, 0.09, Rgb::hex(0xf4f1ec));
    pen.plain = true;
    pen.oval((0.0, -0.04), wide * 0.72, 0.055, Rgb::hex(0xe4dfd6));
    pen.plain = false;
}

fn apple(pen: &mut Pen, coat: &mut Coat) {
    let skin = coat.or(0xd93438);
    pen.blob(&[(0.0, -0.78), (0.26, -0.86), (0.46, -0.68), (0.46, -0.34), (0.28, -0.04), (0.0,
        -0.06), (-0.28, -0.04), (-0.46, -0.34), (-0.46, -0.68), (-0.26, -0.86)], skin);
    pen.line(&[(0.0, -0.76), (0.02, -0.9), (0.08, -1.0)], 0.05, Rgb::hex(0x6a4428));
    pen.blob(&[(0.04, -0.84), (0.2, -1.0), (0.38, -0.98), (0.24, -0.82)], Rgb::hex(0x5fae4a));
    pen.spot((-0.22, -0.64), 0.08, 0.13, Rgb::hex(0xffffff), 0.4);
}

fn citrus(pen: &mut Pen, coat: &mut Coat) {
    let skin = coat.or(0xf6a52a);
    pen.disc((-0.12, -0.46), 0.44, skin);
    pen.blob(&[(-0.12, -0.9), (0.06, -1.02), (0.24, -0.96), (0.08, -0.84)], Rgb::hex(0x4f9a4a));
    pen.disc((0.42, -0.3), 0.3, skin);
    pen.plain = true;
    pen.disc((0.42, -0.3), 0.26, skin.light(0.6));
    for i in 0..8 {
        let turn = i as f32 / 8.0;
        let wedge = [around((0.42, -0.3), 0.04, turn), around((0.42, -0.3), 0.23, turn - 0.045),
            around((0.42, -0.3), 0.23, turn + 0.045)];
        pen.poly(&wedge, skin.light(0.15));
    }
    pen.plain = false;
}

fn banana(pen: &mut Pen, coat: &mut Coat) {
    let skin = coat.or(0xf6d13f);
    for (i, lean) in [0.16, 0.0].into_iter().enumerate() {
        pen.blob(&[(-0.66 + lean, -0.86), (-0.58 + lean, -0.92), (-0.42 + lean, -0.46),
            (0.0 + lean, -0.24), (0.5, -0.36 + lean), (0.62, -0.28 + lean), (0.3,
            -0.04 + lean * 0.4), (-0.2 + lean, -0.06), (-0.6 + lean, -0.44)],
            skin.dark(0.12 - 0.12 * i as f32));
    }
    pen.dot((-0.6, -0.92), 0.06, Rgb::hex(0x6a5028));
}

fn strawberry(pen: &mut Pen, coat: &mut Coat) {
    let skin = coat.or(0xe0303f);
    pen.blob(&[(-0.42, -0.72), (0.0, -0.86), (0.42, -0.72), (0.34, -0.34), (0.0, 0.0), (-0.34,
        -0.34)], skin);
    for (x, y) in [(-0.2, -0.6), (0.06, -0.66), (0.26, -0.56), (-0.1, -0.42), (0.14, -0.4), (0.0,
        -0.22), (-0.24, -0.38), (0.02, -0.5)] {
        pen.spot((x, y), 0.018, 0.028, Rgb::hex(0xf8dc8a), 1.0);
    }
    for i in 0..5 {
        let x = -0.3 + 0.15 * i as f32;
        pen.blob(&[(0.0, -0.86), (x, -0.92), (x * 1.3, -0.66), (x * 0.5, -0.74)],
            Rgb::hex(0x4fa04a));
    }
    pen.limb(&[(0.0, -0.84), (0.04, -1.0)], 0.05, Rgb::hex(0x4fa04a));
}

fn watermelon(pen: &mut Pen, coat: &mut Coat) {
    let flesh = coat.or(0xe8505a);
    for (r, color) in [(0.92, Rgb::hex(0x3f8a4a)), (0.84, Rgb::hex(0xdff0c8)), (0.78, flesh)] {
        let spots: Vec<_> = (0..=20).map(|i| around((0.0, -0.94), r,
            0.25 + i as f32 / 40.0)).collect();
        pen.poly(&spots, color);
    }
    for i in 0..9 {
        let (x, y) = around((0.0, -0.94), 0.34 + 0.22 * (i % 2) as f32, 0.3 + i as f32 / 22.0);
        pen.spot((x, y), 0.022, 0.036, Rgb::hex(0x2c2024), 1.0);
    }
}

fn cake(pen: &mut Pen, coat: &mut Coat) {
    let icing = coat.or(*coat.chance.clone().pick(&[0xf7a8c4, 0xf8ead2, 0x8a5a40]));
    plate(pen, 0.76);
    pen.card((-0.58, -0.4), (1.16, 0.38), 0.05, Rgb::hex(0xe3b87a));
    pen.card((-0.44, -0.72), (0.88, 0.34), 0.05, Rgb::hex(0xe3b87a));
    for (y, wide, drips) in [(-0.4, 0.6, 9), (-0.72, 0.46, 7)] {
        for i in 0..drips {
            let x = -wide + 2.0 * wide * (i as f32 + 0.5) / drips as f32;
            pen.limb(&[(x, y), (x, y + 0.06 + 0.05 * (i % 3) as f32)], wide * 1.7 / drips as f32,
                icing);
        }
        pen.card((-wide, y - 0.07), (wide * 2.0, 0.12), 0.06, icing);
    }
    for (i, x) in [-0.24, 0.0, 0.24].into_iter().enumerate() {
        let color = [0x4f9be8, 0xf2c23a, 0x6fc07a][i];
        pen.card((x - 0.025, -0.96), (0.05, 0.2), 0.01, Rgb::hex(color));
        pen.glow((x, -1.0), 0.16, Rgb::hex(0xffc040), 0.8);
        pen.blob(&[(x - 0.024, -0.98), (x, -1.07), (x + 0.024, -0.98), (x, -0.95)],
            Rgb::hex(0xffcf5a));
    }
    for i in 0..6 {
        pen.disc((-0.5 + 0.2 * i as f32, -0.1), 0.05, Rgb::hex(0xd9344a));
    }
}

fn pizza(pen: &mut Pen) {
    pen.at((0.0, -0.42), 1.0, false, |pen| pen.stretched(1.0, 0.72, |pen| {
        pen.disc((0.0, 0.0), 0.86, Rgb::hex(0xd99a4f));
        pen.disc((0.0, 0.0), 0.74, Rgb::hex(0xf6cf66));
        pen.plain = true;
        for i in 0..9 {
            let at = around((0.0, 0.0), if i % 3 == 0 { 0.25 } else { 0.54 },
                i as f32 / 9.0 + 0.03);
            pen.disc(at, 0.13, Rgb::hex(0xc83a30));
        }
        for i in 0..12 {
            let (x, y) = around((0.0, 0.0), 0.16 + 0.048 * i as f32, i as f32 * 0.381);
            pen.blob(&[(x - 0.06, y), (x, y - 0.04), (x + 0.07, y), (x, y + 0.03)],
                Rgb::hex(0x4f9a44));
        }
        pen.plain = false;
        for i in 0..4 {
            let turn = i as f32 / 8.0;
            pen.line(&[around((0.0, 0.0), 0.84, turn), around((0.0, 0.0), 0.84, turn + 0.5)],
                0.016, Rgb::hex(0xb87838));
        }
    }));
}

fn burger(pen: &mut Pen, coat: &mut Coat) {
    let bun = coat.or(0xd9964a);
    pen.card((-0.58, -0.2), (1.16, 0.2), 0.1, bun);
    pen.card((-0.64, -0.38), (1.28, 0.2), 0.09, Rgb::hex(0x6a3f2a));
    pen.poly(&[(-0.62, -0.4), (0.62, -0.4), (0.5, -0.3), (0.32, -0.4), (0.1, -0.26), (-0.2, -0.4)],
        Rgb::hex(0xf6bd3a));
    pen.card((-0.6, -0.48), (1.2, 0.09), 0.04, Rgb::hex(0xd9413a));
    for i in 0..7 {
        pen.oval((-0.54 + 0.18 * i as f32, -0.5), 0.12, 0.05, Rgb::hex(0x6fb04a));
    }
    pen.blob(&[(-0.6, -0.52), (-0.54, -0.8), (-0.24, -1.0), (0.24, -1.0), (0.54, -0.8), (0.6,
        -0.52)], bun);
    for (x, y) in [(-0.3, -0.82), (-0.1, -0.92), (0.14, -0.86), (0.32, -0.76), (0.0, -0.76), (-0.2,
        -0.7), (0.22, -0.96)] {
        pen.spot((x, y), 0.03, 0.018, Rgb::hex(0xfaf0d0), 1.0);
    }
}

fn ice_cream(pen: &mut Pen, coat: &mut Coat) {
    let scoop = coat.or(0xf7b0c4);
    let cone = Rgb::hex(0xdba55a);
    pen.poly(&[(-0.24, -0.48), (0.0, 0.0), (0.24, -0.48)], cone);
    for i in 0..4 {
        let t = 0.12 * i as f32;
        pen.line(&[(-0.22 + t, -0.46), (0.06 + t * 0.4, -0.12)], 0.012, cone.dark(0.3));
        pen.line(&[(0.22 - t, -0.46), (-0.06 - t * 0.4, -0.12)], 0.012, cone.dark(0.3));
    }
    pen.disc((-0.13, -0.6), 0.19, scoop);
    pen.disc((0.14, -0.6), 0.19, Rgb::hex(0x8a5a40));
    pen.disc((0.0, -0.78), 0.19, Rgb::hex(0xfbeecb));
    pen.disc((0.02, -0.98), 0.06, Rgb::hex(0xd9263a));
}

fn donut(pen: &mut Pen, coat: &mut Coat) {
    let icing = coat.or(0xf48fb6);
    plate(pen, 0.8);
    pen.oval((0.0, -0.46), 0.6, 0.44, Rgb::hex(0xd9a05a));
    pen.oval((0.0, -0.52), 0.57, 0.38, icing);
    for i in 0..22 {
        let (x, y) = around((0.0, 0.0), 0.3 + 0.2 * coat.chance.unit(), i as f32 / 22.0);
        let color = Rgb::hex(*coat.chance.pick(&[0xfff6d8, 0x4f9be8, 0xf2c23a, 0x6fc07a,
            0xe0404a]));
        let lean = coat.chance.range(-0.04, 0.04);
        pen.line(&[(x - lean, -0.52 + y * 0.66), (x + lean, -0.5 + y * 0.66 + 0.02)], 0.022, color);
    }
    pen.oval((0.0, -0.5), 0.16, 0.1, Rgb::hex(0xa8703a));
}

fn sushi(pen: &mut Pen, coat: &mut Coat) {
    let fish = coat.or(0xf4824a);
    pen.card((-1.3, -0.14), (2.6, 0.14), 0.03, Rgb::hex(0x8a5a3a));
    for x in [-0.82, 0.0, 0.82] {
        pen.card((x - 0.34, -0.56), (0.68, 0.42), 0.18, Rgb::hex(0xf8f5ee));
        pen.blob(&[(x - 0.4, -0.5), (x - 0.3, -0.84), (x, -0.94), (x + 0.32, -0.82), (x + 0.4,
            -0.48), (x, -0.6)], fish);
        for step in [-0.14, 0.06] {
            pen.line(&[(x + step, -0.86), (x + step - 0.06, -0.6)], 0.03, fish.light(0.5));
        }
        pen.bar((x - 0.08, -0.9), (0.16, 0.76), Rgb::hex(0x24362c));
    }
}

fn bottle(pen: &mut Pen, coat: &mut Coat) {
    let glass = coat.or(0x3f7a52);
    pen.blob(&[(-0.19, 0.0), (-0.2, -0.4), (-0.18, -0.58), (-0.07, -0.7), (-0.065, -0.92), (0.065,
        -0.92), (0.07, -0.7), (0.18, -0.58), (0.2, -0.4), (0.19, 0.0)], glass);
    pen.card((-0.06, -1.0), (0.12, 0.1), 0.02, Rgb::hex(0xa8784a));
    pen.card((-0.19, -0.46), (0.38, 0.26), 0.02, Rgb::hex(0xf4ead2));
    super::plants::star(pen, (0.0, -0.33), 0.08, Rgb::hex(0xc89a3a));
    pen.spot((-0.12, -0.56), 0.02, 0.1, Rgb::hex(0xffffff), 0.5);
}

fn bread(pen: &mut Pen, coat: &mut Coat) {
    let crust = coat.or(0xc8853f);
    pen.blob(&[(-0.9, -0.1), (-0.86, -0.6), (-0.4, -0.9), (0.4, -0.9), (0.86, -0.6), (0.9, -0.1),
        (0.0, 0.0)], crust);
    for x in [-0.45, 0.0, 0.45] {
        pen.blob(&[(x - 0.16, -0.42), (x - 0.02, -0.78), (x + 0.16, -0.76), (x, -0.4)],
            Rgb::hex(0xf2d8a0));
    }
}

fn cup(pen: &mut Pen, coat: &mut Coat) {
    let clay = coat.or(*coat.chance.clone().pick(&[0xd9604a, 0x3f86a8, 0xf2ece0, 0xe0a83f]));
    pen.oval((0.0, -0.03), 0.66, 0.1, clay.light(0.3));
    pen.limb(&[(0.36, -0.52), (0.62, -0.5), (0.6, -0.24), (0.34, -0.2)], 0.09, clay);
    pen.blob(&[(-0.42, -0.62), (-0.4, -0.2), (-0.22, -0.05), (0.22, -0.05), (0.4, -0.2), (0.42,
        -0.62)], clay);
    pen.oval((0.0, -0.62), 0.42, 0.1, clay.light(0.25));
    pen.oval((0.0, -0.61), 0.36, 0.075, Rgb::hex(0x5a3722));
    pen.spot((-0.08, -0.62), 0.14, 0.03, Rgb::hex(0xe0bd92), 1.0);
    for x in [-0.16, 0.04, 0.22] {
        pen.thread(&[(x, -0.74), (x + 0.06, -0.82), (x - 0.04, -0.92), (x + 0.04, -1.02)], 0.035,
            Rgb::hex(0xffffff), 0.5);
    }
}

fn teapot(pen: &mut Pen, coat: &mut Coat) {
    let clay = coat.or(0x4f8fb0);
    pen.limb(&[(-0.4, -0.62), (-0.72, -0.62), (-0.74, -0.3), (-0.42, -0.24)], 0.09, clay);
    pen.blob(&[(0.36, -0.24), (0.62, -0.44), (0.84, -0.82), (0.96, -0.8), (0.72, -0.3), (0.4,
        -0.1)], clay);
    pen.oval((0.0, -0.4), 0.54, 0.38, clay);
    pen.blob(&[(-0.26, -0.74), (0.0, -0.88), (0.26, -0.74)], clay.light(0.15));
    pen.disc((0.0, -0.92), 0.07, clay.dark(0.2));
    pen.oval((0.0, -0.04), 0.3, 0.05, clay.dark(0.2));
}
