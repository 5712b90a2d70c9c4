//! Cleaning drawings: what is known to be harmless is written anew, everything else is left out.

use ports::DarkroomError;
use resvg::usvg::roxmltree::{Document, Node, ParsingOptions};

use super::BYTES_MAX;
use super::words::{ATTRIBUTES, ELEMENTS, is_plain, plain_sheet, plain_style};
use crate::flaw::{too_much, undecodable, unreadable};

const SVG: &str = "http://www.w3.org/2000/svg";

/// How many elements, texts and comments a drawing may have.
const NODES_MAX: u32 = 50_000;

/// How deep elements may be within each other: each level may take a canvas of its own.
const DEPTH_MAX: usize = 24;

/// Writes a drawing anew, without scripts, handlers of events, foreign objects, animations, words,
/// pictures, filters, references to the outside and comments. One that defines entities, or is
/// larger, deeper or of more elements than drawings are, is refused.
pub fn clean(drawing: &str) -> Result<String, DarkroomError> {
    if drawing.len() > BYTES_MAX {
        return too_much("is longer than drawings may be");
    }
    let options = ParsingOptions {
        allow_dtd: has_harmless_type(drawing),
        nodes_limit: NODES_MAX,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(drawing, options)
        .map_err(|error| undecodable("is no drawing that can be read")(error.into()))?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" || !is_svg(root) {
        return unreadable("is no drawing");
    }
    let mut clean = String::with_capacity(drawing.len());
    write(root, 0, &mut clean)?;
    Ok(clean)
}

/// Many programs name the type of the document, which does no harm as long as it defines nothing.
fn has_harmless_type(drawing: &str) -> bool {
    !drawing.contains("<!ENTITY") && !drawing.contains("<!ATTLIST")
}

fn is_svg(node: Node<'_, '_>) -> bool {
    node.tag_name().namespace().is_none_or(|namespace| namespace == SVG)
}

fn write(node: Node<'_, '_>, depth: usize, clean: &mut String) -> Result<(), DarkroomError> {
    if depth >= DEPTH_MAX {
        return too_much("is of more levels than drawings may have");
    }
    let name = match node.tag_name().name() {
        // What a link leads to is of no interest, what is in it is drawn.
        "a" => "g",
        name => name,
    };
    if !is_svg(node) || !ELEMENTS.contains(&name) {
        return Ok(());
    }
    if name == "style" {
        let sheet = plain_sheet(node.text().unwrap_or_default());
        if !sheet.is_empty() {
            clean.push_str("<style>");
            escape(&sheet, clean);
            clean.push_str("</style>");
        }
        return Ok(());
    }
    clean.push('<');
    clean.push_str(name);
    if depth == 0 {
        attribute("xmlns", SVG, clean);
    }
    for found in node.attributes() {
        // A reference may come by its old name, which has a namespace of its own.
        let (key, value) = (found.name(), found.value());
        let known = found.namespace().is_none() || key == "href";
        // Outlines that are themselves within outlines would take a canvas each.
        let nested = name == "clipPath" && key == "clip-path";
        if !known || nested || !ATTRIBUTES.contains(&key) {
            continue;
        }
        match key {
            "style" => attribute(key, &plain_style(value), clean),
            "href" if !value.starts_with('#') => {}
            _ if is_plain(value) => attribute(key, value, clean),
            _ => {}
        }
    }
    clean.push('>');
    for child in node.children().filter(Node::is_element) {
        write(child, depth + 1, clean)?;
    }
    clean.push_str("</");
    clean.push_str(name);
    clean.push('>');
    Ok(())
}

fn attribute(name: &str, value: &str, clean: &mut String) {
    clean.push(' ');
    clean.push_str(name);
    clean.push_str("=\"");
    escape(value, clean);
    clean.push('"');
}

fn escape(text: &str, clean: &mut String) {
    for c in text.chars() {
        match c {
            '&' => clean.push_str("&amp;"),
            '<' => clean.push_str("&lt;"),
            '>' => clean.push_str("&gt;"),
            '"' => clean.push_str("&quot;"),
            '\n' | '\t' | '\r' => clean.push(' '),
            c => clean.push(c),
        }
    }
}
