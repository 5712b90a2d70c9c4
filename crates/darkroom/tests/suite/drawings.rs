//! Drawings: what is left of hostile ones, and what is drawn of honest ones.

use assets::MediaType;
use darkroom::{clean, develop};
use image::Rgba;
use ports::Thumbnail;

use crate::read;

const HEAD: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" \
    xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 100 50\">";

fn drawing(inside: &str) -> String {
    format!("{HEAD}{inside}</svg>")
}

#[test]
fn nothing_of_what_runs_or_reaches_out_is_left() {
    let hostile = [
        "<script>alert(1)</script>",
        "<script href=\"https://evil.example/x.js\"/>",
        "<SCRIPT>alert(1)</SCRIPT>",
        "<svg:script xmlns:svg=\"http://www.w3.org/2000/svg\">alert(1)</svg:script>",
        "<path d=\"M0 0\" onload=\"alert(1)\"/>",
        "<path d=\"M0 0\" ONCLICK=\"alert(1)\"/>",
        "<g onmouseover=\"alert(1)\"><path d=\"M0 0h9v9z\"/></g>",
        "<foreignObject><body xmlns=\"http://www.w3.org/1999/xhtml\"><script>alert(1)</script>\
         </body></foreignObject>",
        "<image href=\"https://evil.example/track.png\"/>",
        "<image xlink:href=\"file:///etc/passwd\"/>",
        "<image href=\"data:image/svg+xml;base64,PHN2Zz4=\"/>",
        "<use href=\"https://evil.example/x.svg#a\"/>",
        "<use xlink:href=\"data:image/svg+xml,alert\"/>",
        "<a href=\"javascript:alert(1)\"><path d=\"M0 0h9v9z\"/></a>",
        "<animate attributeName=\"href\" values=\"javascript:alert(1)\"/>",
        "<set attributeName=\"onload\" to=\"alert(1)\"/>",
        "<style>@import url(https://evil.example/x.css);</style>",
        "<style>path { fill: url(https://evil.example/x.svg#a) }</style>",
        "<style>path { background: url('//evil.example/x') }</style>",
        "<style>path { fill: \\75 rl(https://evil.example/) }</style>",
        "<style>a{fill:red}</style><style><![CDATA[</style><script>alert(1)</script>]]></style>",
        "<path d=\"M0 0h9v9z\" style=\"fill:url(https://evil.example/x)\"/>",
        "<path d=\"M0 0h9v9z\" style=\"background:url(javascript:alert(1))\"/>",
        "<path d=\"M0 0h9v9z\" fill=\"url(https://evil.example/x#a)\"/>",
        "<path d=\"M0 0h9v9z\" fill=\"URL( 'https://evil.example/x#a' )\"/>",
        "<path d=\"M0 0h9v9z\" filter=\"url(#f)\"/><filter id=\"f\"><feImage \
         href=\"https://evil.example/x\"/></filter>",
        "<path d=\"M0 0h9v9z\" mask=\"url(https://evil.example/x#m)\"/>",
        "<linearGradient id=\"a\" xlink:href=\"https://evil.example/x#a\"/>",
        "<text>alert(1)</text><tspan>alert(1)</tspan>",
        "<!-- alert(1) --><?xml-stylesheet href=\"https://evil.example/x\"?>",
        "<metadata><x:x xmlns:x=\"urn:evil\">alert(1)</x:x></metadata>",
        "<x:path xmlns:x=\"urn:evil\" d=\"alert(1)\"/>",
        "<iframe src=\"https://evil.example\"/><embed src=\"evil\"/><object data=\"evil\"/>",
        "<path d=\"M0 0h9v9z\" id=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\"/>",
        "<path d=\"M0 0h9v9z\" class=\"x&#34; onload=&#34;alert(1)\"/>",
    ];
    let traces = [
        "alert",
        "evil",
        "script",
        "javascript",
        "onload=",
        "onclick",
        "onmouse",
        "foreignobject",
        "<image",
        "<use",
        "file:",
        "data:",
        "@import",
        "<animate",
        "<set",
        "<text",
        "<!--",
        "<?",
        "filter",
        "mask",
        "//",
        "<iframe",
        "<embed",
        "<object",
    ];
    for snippet in hostile {
        let cleaned = clean(&drawing(snippet)).unwrap();
        let rest = cleaned.replacen("http://www.w3.org/2000/svg", "", 1).to_ascii_lowercase();
        // What stays as a name or a value is text, and no part of the document's form.
        let form = rest.replace("&lt;script&gt;alert(1)&lt;/script&gt;", "");
        let form = form.replace("x&quot; onload=&quot;alert(1)", "");
        for trace in traces {
            assert!(!form.contains(trace), "{trace} is left of {snippet}: {cleaned}");
        }
        assert_eq!(clean(&cleaned).unwrap(), cleaned, "once is enough");
        assert!(develop(cleaned.into_bytes()).is_ok(), "{snippet}");
    }
}

#[test]
fn an_honest_drawing_is_drawn_as_it_was() {
    let inside = "<defs><linearGradient id=\"g\"><stop offset=\"0\" stop-color=\"#f00\"/>\
        <stop offset=\"1\" stop-color=\"#00f\"/></linearGradient>\
        <clipPath id=\"c\"><rect x=\"60\" y=\"0\" width=\"10\" height=\"50\"/></clipPath></defs>\
        <style>.leaf{fill:#00ff00}</style>\
        <rect width=\"20\" height=\"50\" fill=\"url(#g)\"/>\
        <g transform=\"translate(20)\"><rect class=\"leaf\" width=\"20\" height=\"50\"/></g>\
        <a href=\"#x\"><rect x=\"40\" width=\"10\" height=\"50\" style=\"fill: rgb(9,8,7)\"/></a>\
        <rect x=\"55\" width=\"45\" height=\"50\" fill=\"#ffffff\" clip-path=\"url(#c)\"/>";
    let document = "<?xml version=\"1.0\"?>\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \
        \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n<!-- made by a program -->";
    let whole = format!("{document}{}", drawing(inside));
    let developed = develop(whole.into_bytes()).unwrap();
    let size = developed.file.facts.size.unwrap();
    assert_eq!((developed.file.media, size.width, size.height), (MediaType::Png, 2_048, 1_024));
    let drawn = read(&developed.file.bytes);
    let at = |x: u32| *drawn.get_pixel(x * 2_048 / 100, 512);
    let (Rgba([r, _, b, _]), Rgba([r2, _, b2, _])) = (at(1), at(19));
    assert!(r > 200 && b < 50 && r2 < 50 && b2 > 200, "a gradient");
    assert_eq!(at(30), Rgba([0, 255, 0, 255]), "a style sheet");
    assert_eq!(at(45), Rgba([9, 8, 7, 255]), "a style");
    assert_eq!(at(65), Rgba([255, 255, 255, 255]), "within the outline");
    assert_eq!((at(57).0[3], at(90).0[3], at(52).0[3]), (0, 0, 0), "clear where nothing is");
    let Thumbnail::Made(small) = developed.thumbnail else { panic!("it is large") };
    assert_eq!(small.media, MediaType::Webp, "what shows through is kept");
}

#[test]
fn what_is_no_drawing_is_refused() {
    for text in [
        "<html><svg/></html>",
        "<svg",
        "<svg xmlns=\"urn:other\"/>",
        "<!-- <svg> --><html/>",
        "<svg><g></svg>",
    ] {
        assert!(clean(text).is_err() && develop(text.as_bytes().to_vec()).is_err(), "{text}");
    }
}
