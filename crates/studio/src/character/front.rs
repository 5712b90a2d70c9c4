//! What is to be seen of clothes on the front of a body: collars, zips, lapels, plates.

use super::figure::{Body, Clothes, Figure};
use super::rig::Turn;
use crate::paint::{Pen, Rgb};

/// Draws the front between the shoulders and the hips.
pub(super) fn clothes(
    pen: &mut Pen,
    figure: &Figure,
    turn: Turn,
    (top, low): (f32, f32),
    (middle, base): (f32, f32),
) {
    let x = turn.x(0.0, 0.075);
    let thin = turn.cos.max(0.12);
    let half = |at: f32| x + at * thin;
    let shade = figure.top.dark(0.3);
    match figure.clothes {
        Clothes::Shirt => {
            pen.poly(
                &[(half(-0.05), top + 0.002), (half(0.05), top + 0.002), (half(0.0), top + 0.06)],
                figure.skin.dark(0.04),
            );
        }
        Clothes::Dress => {
            pen.blob(
                &[(half(-0.07), top), (half(0.07), top), (half(0.04), top + 0.05), (half(-0.04),
                    top + 0.05)],
                figure.skin,
            );
            let wide = middle.max(base * 0.8);
            pen.card((-wide, low - 0.07), (wide * 2.0, 0.035), 0.01, figure.trim);
        }
        Clothes::Hoodie => {
            pen.line(&[(half(-0.03), top + 0.03), (half(-0.034), top + 0.12)], 0.009, figure.trim);
            pen.line(&[(half(0.03), top + 0.03), (half(0.034), top + 0.12)], 0.009, figure.trim);
            pen.line(
                &[(half(-0.07), low - 0.02), (half(-0.05), low - 0.09), (half(0.05), low - 0.09),
                    (half(0.07), low - 0.02)],
                0.008,
                shade,
            );
        }
        Clothes::Jacket | Clothes::Coat => {
            pen.poly(
                &[(half(-0.05), top), (half(0.05), top), (half(0.03), low), (half(-0.03), low)],
                figure.trim,
            );
            for side in [-1.0, 1.0] {
                pen.poly(
                    &[
                        (half(0.035 * side), top - 0.005),
                        (half(0.085 * side), top + 0.03),
                        (half(0.04 * side), top + 0.13),
                    ],
                    figure.top.dark(0.14),
                );
            }
        }
        Clothes::Suit => {
            pen.poly(
                &[(half(-0.05), top), (half(0.05), top), (half(0.0), top + 0.16)],
                figure.trim,
            );
            pen.poly(
                &[(half(-0.012), top + 0.01), (half(0.012), top + 0.01), (half(0.0), top + 0.13)],
                Rgb::hex(0xb3303c),
            );
            pen.line(&[(half(0.0), top + 0.16), (half(0.0), low)], 0.006, shade);
        }
        Clothes::Robe => {
            pen.line(&[(half(-0.075), top + 0.01), (half(0.02), top + 0.15)], 0.024, figure.trim);
            pen.line(&[(half(0.075), top + 0.01), (half(-0.01), top + 0.11)], 0.024, figure.trim);
            pen.card((-base, low - 0.075), (base * 2.0, 0.05), 0.015, figure.trim.dark(0.3));
        }
        Clothes::Overalls => {
            pen.card((half(-0.075), top + 0.09), (0.15 * thin, low - top - 0.08), 0.02, figure.top);
            for side in [-0.06, 0.06] {
                pen.line(&[(half(side), top + 0.01), (half(side), top + 0.11)], 0.022, figure.top);
                pen.dot((half(side), top + 0.11), 0.01, Rgb::hex(0xe8c45a));
            }
        }
        Clothes::Armor => plates(pen, figure, (top, low), half),
    }
}

fn plates(pen: &mut Pen, figure: &Figure, (top, low): (f32, f32), half: impl Fn(f32) -> f32) {
    match figure.body {
        Body::Robot => {
            pen.card((half(-0.07), top + 0.05), (half(0.07) - half(-0.07), 0.12), 0.02,
                figure.bottom.dark(0.35));
            for (at, hex) in [(-0.035, 0xff5f57), (0.0, 0xffd75a), (0.035, 0x5fe08a)] {
                pen.dot((half(at), top + 0.09), 0.012, Rgb::hex(hex));
            }
            pen.line(&[(half(-0.045), top + 0.135), (half(0.045), top + 0.135)], 0.012,
                Rgb::hex(0x6fe0ff));
        }
        Body::Astronaut => {
            pen.card((half(-0.06), top + 0.08), (half(0.06) - half(-0.06), 0.085), 0.015,
                Rgb::hex(0xc4cad4));
            pen.dot((half(-0.03), top + 0.11), 0.013, Rgb::hex(0xe0483f));
            pen.dot((half(0.01), top + 0.11), 0.013, Rgb::hex(0x3f7fe0));
            pen.line(&[(half(-0.035), top + 0.145), (half(0.035), top + 0.145)], 0.01,
                Rgb::hex(0x7a8494));
        }
        Body::Human | Body::Knight => {
            pen.blob(
                &[
                    (half(-0.09), top + 0.03),
                    (half(0.0), top + 0.045),
                    (half(0.09), top + 0.03),
                    (half(0.07), top + 0.14),
                    (half(0.0), top + 0.18),
                    (half(-0.07), top + 0.14),
                ],
                figure.top.light(0.16),
            );
            pen.line(&[(half(0.0), top + 0.05), (half(0.0), low - 0.02)], 0.007,
                figure.top.dark(0.3));
        }
    }
}
