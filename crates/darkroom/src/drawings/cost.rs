//! How long a drawing takes to draw, told before it is drawn: by the pixels that all its shapes and
//! layers cover together.

use resvg::tiny_skia::Rect;
use resvg::usvg::{Group, Node, Tree};

/// A thousand times a canvas of 2048 by 2048: some seconds.
const PIXELS_MAX: f64 = 4_294_967_296.0;

/// What a point of a path takes beside the pixels that it covers, and what a shape does.
const POINT: f64 = 16.0;

/// Sums up what is covered until it is too much.
struct Sum {
    pixels: f64,
    scale: f64,
    canvas: (f64, f64),
}

/// Whether all of it can be drawn in bounded time on a canvas of this size.
pub(super) fn is_affordable(tree: &Tree, scale: f32, (width, height): (u32, u32)) -> bool {
    let canvas = (f64::from(width), f64::from(height));
    let mut sum = Sum { pixels: 0.0, scale: f64::from(scale), canvas };
    sum.group(tree.root(), canvas.0 * canvas.1);
    sum.fits()
}

impl Sum {
    fn fits(&self) -> bool {
        self.pixels <= PIXELS_MAX
    }

    /// Adds a group; each of its shapes covers at most `most`.
    fn group(&mut self, group: &Group, most: f64) {
        if group.should_isolate() {
            self.pixels += self.area(group.abs_layer_bounding_box().to_rect()).min(most);
        }
        if let Some(clip) = group.clip_path() {
            // An outline is drawn on a layer of its own, afresh wherever it is used.
            self.pixels += most;
            self.group(clip.root(), most);
        }
        for node in group.children() {
            if !self.fits() {
                return;
            }
            match node {
                Node::Group(group) => self.group(group, most),
                Node::Path(path) => {
                    let covered = self.area(path.abs_stroke_bounding_box()).min(most);
                    let points = u32::try_from(path.data().len()).unwrap_or(u32::MAX);
                    self.pixels += covered + POINT * (f64::from(points) + 1.0);
                }
                // Neither is left in a drawing that was cleaned.
                Node::Image(_) | Node::Text(_) => self.pixels += most,
            }
        }
    }

    /// The part of the canvas that lies in a box, as if the box were at its middle.
    fn area(&self, covered: Rect) -> f64 {
        let side = |length: f32, most: f64| (f64::from(length) * self.scale).clamp(0.0, most);
        side(covered.width(), self.canvas.0) * side(covered.height(), self.canvas.1)
    }
}
