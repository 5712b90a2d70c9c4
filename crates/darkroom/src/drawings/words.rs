//! What a drawing may be made of: shapes, colours and where they are. Whatever is not named here is
//! left out, so that nothing has to be known about it.

/// Elements that stay. Of those that are not here nothing stays, nor of what is within them.
pub(super) const ELEMENTS: [&str; 15] = [
    "svg",
    "g",
    "defs",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "style",
];

/// Attributes that stay. Dashes do not: a line may have more of them than anybody can draw.
pub(super) const ATTRIBUTES: [&str; 59] = [
    "id",
    "class",
    "style",
    "version",
    "viewBox",
    "preserveAspectRatio",
    "width",
    "height",
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "fx",
    "fy",
    "fr",
    "r",
    "rx",
    "ry",
    "d",
    "points",
    "transform",
    "gradientUnits",
    "gradientTransform",
    "spreadMethod",
    "clipPathUnits",
    "offset",
    "clip-path",
    "clip-rule",
    "color",
    "display",
    "visibility",
    "overflow",
    "opacity",
    "fill",
    "fill-opacity",
    "fill-rule",
    "stroke",
    "stroke-opacity",
    "stroke-width",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stop-color",
    "stop-opacity",
    "paint-order",
    "mix-blend-mode",
    "isolation",
    "shape-rendering",
    "color-interpolation",
    "vector-effect",
    "pathLength",
    "href",
    "transform-origin",
    "transform-box",
    "baseProfile",
];

/// Whether a value says nothing but what it looks like: it refers to nothing outside of the drawing,
/// and hides nothing from whoever reads it.
pub(super) fn is_plain(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let words = ["javascript:", "vbscript:", "data:", "expression(", "@", "\\", "<", "//", "/*"];
    let refers = lower.split("url(").skip(1).all(|rest| {
        let inside = rest.trim_start().trim_start_matches(['"', '\'']);
        inside.starts_with('#')
    });
    refers && !words.iter().any(|word| lower.contains(word))
}

/// The declarations of a style that stay.
pub(super) fn plain_style(style: &str) -> String {
    let stays = |declaration: &&str| {
        let Some((name, value)) = declaration.split_once(':') else { return false };
        let name = name.trim();
        let known = ATTRIBUTES.contains(&name) && !["id", "class", "style", "href"].contains(&name);
        known && is_plain(value) && !value.contains(['{', '}'])
    };
    style.split(';').filter(stays).map(str::trim).collect::<Vec<_>>().join(";")
}

/// The rules of a style sheet with what stays of each. Nothing of one that does more than tell how
/// shapes look.
pub(super) fn plain_sheet(sheet: &str) -> String {
    if !is_plain(sheet) || sheet.matches('{').count() > RULES_MAX {
        return String::new();
    }
    let rules = sheet.split('}').filter_map(|rule| {
        let (selector, style) = rule.split_once('{')?;
        // Names, classes and ids, and several of them.
        let simple = |c: char| c.is_ascii_alphanumeric() || " .#,_-\n\r\t".contains(c);
        let selector = selector.trim();
        let style = plain_style(style);
        let stays = !selector.is_empty() && selector.chars().all(simple) && !style.is_empty();
        stays.then(|| format!("{selector}{{{style}}}"))
    });
    rules.collect()
}

/// More rules than a drawing has colours. Each is held against every element.
const RULES_MAX: usize = 500;
