//! Letters of strokes, for the studio's mark and for signs. Capitals and figures, on a grid of
//! four by six; anything else is a gap.

use super::color::Rgb;
use super::pen::{Pen, Spot};

/// Strokes as pairs of figures, `xy`, with spaces between strokes.
const STROKES: &[(char, &str)] = &[
    ('A', "0602204246 0444"),
    ('B', "06003041423303 3344453606"),
    ('C', "4130100105163645"),
    ('D', "06002042442606"),
    ('E', "40000646 0333"),
    ('F', "400006 0333"),
    ('G', "41301001051636454323"),
    ('H', "0006 4046 0343"),
    ('I', "2026"),
    ('J', "4045361605"),
    ('K', "0006 400346"),
    ('L', "000646"),
    ('M', "0600234046"),
    ('N', "06004640"),
    ('O', "103041453616050110"),
    ('P', "06003041423303"),
    ('Q', "103041453616050110 3446"),
    ('R', "06003041423303 2346"),
    ('S', "413010010213334445361605"),
    ('T', "0040 2026"),
    ('U', "000516364540"),
    ('V', "002640"),
    ('W', "0016233640"),
    ('X', "0046 4006"),
    ('Y', "002340 2326"),
    ('Z', "00400646"),
    ('0', "103041453616050110"),
    ('1', "112026"),
    ('2', "01103041420646"),
    ('3', "0040224445361605"),
    ('4', "36300444"),
    ('5', "400002324345361605"),
    ('6', "30110305163645443303"),
    ('7', "004016"),
    ('8', "103041423313020110 133344453616050413"),
    ('9', "16354341301001021343"),
    ('-', "1333"),
    ('/', "0640"),
    ('.', "2526"),
];

/// Writes one line with its upper left corner at `at`, `height` high, and says how wide it is.
pub fn write(pen: &mut Pen, at: Spot, height: f32, text: &str, color: Rgb, alpha: f32) -> f32 {
    let unit = height / 6.0;
    let mut x = at.0;
    for letter in text.chars().flat_map(char::to_uppercase) {
        if let Some((_, strokes)) = STROKES.iter().find(|(name, _)| *name == letter) {
            for stroke in strokes.split(' ') {
                let figures: Vec<f32> =
                    stroke.bytes().map(|figure| f32::from(figure - b'0')).collect();
                let spots: Vec<Spot> = figures
                    .chunks_exact(2)
                    .map(|spot| (x + spot[0] * unit * 0.9, at.1 + spot[1] * unit))
                    .collect();
                for pair in spots.windows(2) {
                    pen.thread(pair, unit * 0.95, color, alpha);
                }
            }
        }
        x += unit * if letter == ' ' { 3.0 } else { 5.4 };
    }
    x - at.0
}
