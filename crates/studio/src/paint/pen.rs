//! A pen on a sheet. Shapes are drawn in local units through `at`, and each is shaded and outlined
//! as the look says, so that a subject is written once and drawn in every style.

use tiny_skia::{
    BlendMode, FillRule, GradientStop, LinearGradient, Paint, Path, PathBuilder, Pixmap, Point,
    RadialGradient, Rect, Shader, SpreadMode, Stroke, Transform,
};

use super::color::{BLACK, Rgb};
use super::look::{Line, Look, Shade};

/// A point in local units: x to the right, y downwards.
pub type Spot = (f32, f32);

/// A sheet and the pen on it.
pub struct Pen {
    pub sheet: Pixmap,
    pub look: Look,
    at: Transform,
    /// Pixels to the local unit.
    scale: f32,
    /// The shorter side in pixels.
    side: f32,
    /// Without lines, for what is behind and for what is soft.
    pub plain: bool,
    turn: bool,
}

impl Pen {
    /// A pen on an empty sheet, if there is such a sheet.
    pub fn new(width: u32, height: u32, look: Look) -> Option<Self> {
        let sheet = Pixmap::new(width, height)?;
        let side = width.min(height) as f32;
        let at = Transform::identity();
        Some(Self { sheet, look, at, scale: 1.0, side, plain: false, turn: false })
    }

    pub fn side(&self) -> f32 {
        self.side
    }

    /// Draws with the origin at `x`, `y`, `scale` times as large, mirrored if `flip`.
    pub fn at<T>(
        &mut self,
        (x, y): Spot,
        scale: f32,
        flip: bool,
        draw: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let sx = if flip { -scale } else { scale };
        self.within(Transform::from_row(sx, 0.0, 0.0, scale, x, y), scale, draw)
    }

    /// Draws turned by `degrees`.
    pub fn turned<T>(&mut self, degrees: f32, draw: impl FnOnce(&mut Self) -> T) -> T {
        self.within(Transform::from_rotate(degrees), 1.0, draw)
    }

    /// Draws narrower or wider than high.
    pub fn stretched<T>(&mut self, x: f32, y: f32, draw: impl FnOnce(&mut Self) -> T) -> T {
        self.within(Transform::from_scale(x, y), (x * y).abs().sqrt(), draw)
    }

    fn within<T>(&mut self, change: Transform, scale: f32, draw: impl FnOnce(&mut Self) -> T) -> T {
        let (at, before) = (self.at, self.scale);
        self.at = at.pre_concat(change);
        self.scale *= scale.abs();
        let made = draw(self);
        (self.at, self.scale) = (at, before);
        made
    }

    /// Where a local spot is on the sheet.
    pub fn place(&self, (x, y): Spot) -> Spot {
        let mut point = Point::from_xy(x, y);
        self.at.map_point(&mut point);
        (point.x, point.y)
    }

    /// Fills a path as the look shades, with its lines.
    pub fn fill(&mut self, path: &Path, color: Rgb) {
        let tone = self.look.tone(color);
        let paint = Paint { shader: self.shader(path, tone), anti_alias: true, ..Paint::default() };
        self.sheet.fill_path(path, &paint, FillRule::Winding, self.at, None);
        if !self.plain {
            self.outline(path, tone);
        }
    }

    fn shader(&self, path: &Path, tone: Rgb) -> Shader<'static> {
        let (light, dark, edges) = match self.look.shade {
            Shade::Flat => return Shader::SolidColor(tone.skia(1.0)),
            Shade::Soft(by) => {
                (tone.light(by * 0.42), tone.mix(BLACK, by * 0.62), [0.0, 0.42, 1.0])
            }
            Shade::Cel(by) => (tone.light(by * 0.35), tone.mix(BLACK, by), [0.0, 0.62, 0.64]),
        };
        let bounds = path.bounds();
        // Light comes from the upper left of the sheet, however the subject is turned.
        let left = if self.at.sx < 0.0 { bounds.right() } else { bounds.left() };
        let right = if self.at.sx < 0.0 { bounds.left() } else { bounds.right() };
        let across = (right - left) * 0.55;
        let from = Point::from_xy(left + across * 0.35, bounds.top());
        let to = Point::from_xy(left + across * 1.35, bounds.bottom());
        let stop = |at: f32, color: Rgb| GradientStop::new(at, color.skia(1.0));
        let stops = vec![stop(edges[0], light), stop(edges[1], tone), stop(edges[2], dark)];
        LinearGradient::new(from, to, stops, SpreadMode::Pad, Transform::identity())
            .unwrap_or(Shader::SolidColor(tone.skia(1.0)))
    }

    fn outline(&mut self, path: &Path, tone: Rgb) {
        let (width, color) = match self.look.line {
            Line::None => return,
            Line::Own(width) => (width, tone.mix(Rgb::hex(0x1a1030), 0.62)),
            Line::Ink(width, color) => (width, color),
            Line::Neon(width, one, other) => {
                self.turn = !self.turn;
                (width, (if self.turn { one } else { other }).mix(tone, 0.08))
            }
        };
        let width = width * self.side / self.scale.max(1e-6);
        self.stroke(path, width, color, 1.0);
    }

    fn stroke(&mut self, path: &Path, width: f32, color: Rgb, alpha: f32) {
        let paint = Paint {
            shader: Shader::SolidColor(color.skia(alpha)),
            anti_alias: true,
            ..Paint::default()
        };
        let stroke = Stroke {
            width,
            line_cap: tiny_skia::LineCap::Round,
            line_join: tiny_skia::LineJoin::Round,
            ..Stroke::default()
        };
        self.sheet.stroke_path(path, &paint, &stroke, self.at, None);
    }

    /// Fills a path with one colour, through which what is below shows.
    pub fn wash(&mut self, path: &Path, color: Rgb, alpha: f32) {
        let tone = self.look.tone(color);
        self.glaze(path, tone, alpha);
    }

    fn glaze(&mut self, path: &Path, color: Rgb, alpha: f32) {
        let paint = Paint {
            shader: Shader::SolidColor(color.skia(alpha)),
            anti_alias: true,
            ..Paint::default()
        };
        self.sheet.fill_path(path, &paint, FillRule::Winding, self.at, None);
    }

    /// What shines by itself: neither toned nor outlined.
    pub fn shine(&mut self, path: &Path, color: Rgb) {
        self.glaze(path, color, 1.0);
    }

    /// A soft light around a spot.
    pub fn glow(&mut self, (x, y): Spot, radius: f32, color: Rgb, alpha: f32) {
        self.halo((x, y), radius, color, alpha, BlendMode::Screen);
    }

    /// A soft dark around a spot, wider than high.
    pub fn shadow(&mut self, (x, y): Spot, width: f32, alpha: f32) {
        let color = self.look.tone(Rgb::hex(0x101428)).dark(0.5);
        self.at((x, y), 1.0, false, |pen| {
            pen.stretched(1.0, 0.22, |pen| {
                pen.halo((0.0, 0.0), width, color, alpha, BlendMode::SourceOver);
            });
        });
    }

    fn halo(&mut self, (x, y): Spot, radius: f32, color: Rgb, alpha: f32, blend_mode: BlendMode) {
        let stops = vec![
            GradientStop::new(0.0, color.skia(alpha)),
            GradientStop::new(0.4, color.skia(alpha * 0.45)),
            GradientStop::new(1.0, color.skia(0.0)),
        ];
        let center = Point::from_xy(x, y);
        let shader = RadialGradient::new(
            center,
            0.0,
            center,
            radius,
            stops,
            SpreadMode::Pad,
            Transform::identity(),
        );
        let (Some(shader), Some(path)) = (shader, PathBuilder::from_circle(x, y, radius)) else {
            return;
        };
        let paint = Paint { shader, anti_alias: false, blend_mode, ..Paint::default() };
        self.sheet.fill_path(&path, &paint, FillRule::Winding, self.at, None);
    }

    /// An even change of colour from top to bottom over a rectangle. Colours are not toned.
    pub fn fade(&mut self, (x, y): Spot, (width, height): Spot, colors: &[(f32, Rgb, f32)]) {
        let stops = colors.iter().map(|(at, c, alpha)| GradientStop::new(*at, c.skia(*alpha)));
        let (from, to) = (Point::from_xy(x, y), Point::from_xy(x, y + height));
        let stops = stops.collect();
        let shader = LinearGradient::new(from, to, stops, SpreadMode::Pad, Transform::identity());
        let (Some(shader), Some(rect)) = (shader, Rect::from_xywh(x, y, width, height)) else {
            return;
        };
        let paint = Paint { shader, anti_alias: false, ..Paint::default() };
        self.sheet.fill_rect(rect, &paint, self.at, None);
    }

    // Shapes by their names, for drawing in few words.

    pub fn oval(&mut self, (x, y): Spot, rx: f32, ry: f32, color: Rgb) {
        if let Some(path) = oval((x, y), rx, ry) {
            self.fill(&path, color);
        }
    }

    pub fn disc(&mut self, at: Spot, radius: f32, color: Rgb) {
        self.oval(at, radius, radius, color);
    }

    /// A dot of one plain colour: an eye, a button, a seed.
    pub fn dot(&mut self, at: Spot, radius: f32, color: Rgb) {
        self.spot(at, radius, radius, color, 1.0);
    }

    pub fn spot(&mut self, at: Spot, rx: f32, ry: f32, color: Rgb, alpha: f32) {
        if let Some(path) = oval(at, rx, ry) {
            self.wash(&path, color, alpha);
        }
    }

    pub fn poly(&mut self, spots: &[Spot], color: Rgb) {
        if let Some(path) = poly(spots) {
            self.fill(&path, color);
        }
    }

    /// A closed smooth shape through spots.
    pub fn blob(&mut self, spots: &[Spot], color: Rgb) {
        if let Some(path) = blob(spots) {
            self.fill(&path, color);
        }
    }

    pub fn bar(&mut self, (x, y): Spot, (width, height): Spot, color: Rgb) {
        self.poly(&[(x, y), (x + width, y), (x + width, y + height), (x, y + height)], color);
    }

    /// A rectangle with round corners.
    pub fn card(&mut self, at: Spot, size: Spot, radius: f32, color: Rgb) {
        if let Some(path) = card(at, size, radius) {
            self.fill(&path, color);
        }
    }

    /// A smooth line through spots, of a plain colour and without an outline.
    pub fn line(&mut self, spots: &[Spot], width: f32, color: Rgb) {
        if let Some(path) = curve(spots) {
            let tone = self.look.tone(color);
            self.stroke(&path, width, tone, 1.0);
        }
    }

    pub fn thread(&mut self, spots: &[Spot], width: f32, color: Rgb, alpha: f32) {
        if let Some(path) = curve(spots) {
            self.stroke(&path, width, color, alpha);
        }
    }

    /// A limb: a thick smooth line that is outlined as shapes are.
    pub fn limb(&mut self, spots: &[Spot], width: f32, color: Rgb) {
        let Some(path) = curve(spots) else { return };
        let tone = self.look.tone(color);
        if !self.plain {
            let (line, ink) = match self.look.line {
                Line::None => (0.0, tone),
                Line::Own(line) => (line, tone.mix(Rgb::hex(0x1a1030), 0.62)),
                Line::Ink(line, ink) => (line, ink),
                Line::Neon(line, one, _) => (line, one.mix(tone, 0.25)),
            };
            if line > 0.0 {
                let line = line * self.side / self.scale.max(1e-6);
                self.stroke(&path, width + line * 2.0, ink, 1.0);
            }
        }
        self.stroke(&path, width, tone, 1.0);
        if self.look.shade != Shade::Flat {
            let lift: Vec<Spot> = spots.iter().map(|(x, y)| (x - width * 0.16, *y)).collect();
            if let Some(path) = curve(&lift) {
                self.stroke(&path, width * 0.36, tone.light(0.16), 0.5);
            }
        }
    }
}

pub fn oval((x, y): Spot, rx: f32, ry: f32) -> Option<Path> {
    PathBuilder::from_oval(Rect::from_ltrb(x - rx, y - ry, x + rx, y + ry)?)
}

pub fn poly(spots: &[Spot]) -> Option<Path> {
    let mut path = PathBuilder::new();
    let ((x, y), rest) = spots.split_first()?;
    path.move_to(*x, *y);
    for (x, y) in rest {
        path.line_to(*x, *y);
    }
    path.close();
    path.finish()
}

pub fn card((x, y): Spot, (w, h): Spot, radius: f32) -> Option<Path> {
    let r = radius.min(w / 2.0).min(h / 2.0);
    let mut path = PathBuilder::new();
    path.move_to(x + r, y);
    path.line_to(x + w - r, y);
    path.quad_to(x + w, y, x + w, y + r);
    path.line_to(x + w, y + h - r);
    path.quad_to(x + w, y + h, x + w - r, y + h);
    path.line_to(x + r, y + h);
    path.quad_to(x, y + h, x, y + h - r);
    path.line_to(x, y + r);
    path.quad_to(x, y, x + r, y);
    path.close();
    path.finish()
}

/// One step of a Catmull-Rom curve from `b` to `c`.
fn smooth(path: &mut PathBuilder, [a, b, c, d]: [Spot; 4]) {
    let one = (b.0 + (c.0 - a.0) / 6.0, b.1 + (c.1 - a.1) / 6.0);
    let two = (c.0 - (d.0 - b.0) / 6.0, c.1 - (d.1 - b.1) / 6.0);
    path.cubic_to(one.0, one.1, two.0, two.1, c.0, c.1);
}

pub fn blob(spots: &[Spot]) -> Option<Path> {
    let count = spots.len();
    let mut path = PathBuilder::new();
    let (x, y) = *spots.first()?;
    path.move_to(x, y);
    for i in 0..count {
        let spot = |by: usize| spots[(i + by) % count];
        smooth(&mut path, [spot(count - 1), spot(0), spot(1), spot(2)]);
    }
    path.close();
    path.finish()
}

pub fn curve(spots: &[Spot]) -> Option<Path> {
    let mut path = PathBuilder::new();
    let (x, y) = *spots.first()?;
    path.move_to(x, y);
    let last = spots.len() - 1;
    for i in 0..last {
        let after = spots[(i + 2).min(last)];
        smooth(&mut path, [spots[i.saturating_sub(1)], spots[i], spots[i + 1], after]);
    }
    path.finish()
}
