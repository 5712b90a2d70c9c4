//! Forms with files, as far as the vendors' clients write them: no nesting, no transfer encoding.

use bytes::Bytes;

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) file_name: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) bytes: Bytes,
}

/// The boundary in a Content-Type, if it is a form's.
pub(crate) fn boundary(content_type: &str) -> Option<String> {
    content_type.strip_prefix("multipart/form-data").and_then(|rest| parameter(rest, "boundary"))
}

/// The parts of a form, or what is wrong with it.
pub(crate) fn parse(body: &Bytes, boundary: &str) -> Result<Vec<Part>, String> {
    let delimiter = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut at = find(body, delimiter.as_bytes(), 0).ok_or("the form does not begin")?;
    loop {
        let after = at + delimiter.len();
        let rest = body.get(after..).unwrap_or_default();
        if rest.starts_with(b"--") {
            return Ok(parts);
        }
        let start = after + 2;
        let head_end = find(body, b"\r\n\r\n", after).ok_or("a part has no end of its head")?;
        let closing = format!("\r\n{delimiter}");
        let bytes_at = head_end + 4;
        let end = find(body, closing.as_bytes(), bytes_at).ok_or("the form does not end")?;
        let head = String::from_utf8_lossy(body.get(start..head_end).unwrap_or_default());
        parts.push(part(&head, body.slice(bytes_at..end))?);
        at = end + 2;
    }
}

fn part(head: &str, bytes: Bytes) -> Result<Part, String> {
    let header = |wanted: &str| {
        head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().to_owned())
        })
    };
    let disposition = header("content-disposition").ok_or("a part has no disposition")?;
    Ok(Part {
        name: parameter(&disposition, "name").ok_or("a part has no name")?,
        file_name: parameter(&disposition, "filename"),
        content_type: header("content-type"),
        bytes,
    })
}

fn parameter(text: &str, wanted: &str) -> Option<String> {
    text.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        (name.trim() == wanted).then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn find(body: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    let rest = body.get(from..)?;
    rest.windows(wanted.len()).position(|window| window == wanted).map(|found| found + from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_files_are_told_apart() {
        let body = Bytes::from_static(
            b"--x\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na cat\r\n--x\r\n\
              Content-Disposition: form-data; name=\"image[]\"; filename=\"a.png\"\r\n\
              Content-Type: image/png\r\n\r\n\r\nPNG\r\n\r\n--x--\r\n",
        );
        let parts = parse(&body, "x").unwrap();
        assert_eq!(parts[0].name, "prompt");
        assert_eq!((parts[0].file_name.as_deref(), &parts[0].bytes[..]), (None, &b"a cat"[..]));
        assert_eq!(parts[1].content_type.as_deref(), Some("image/png"));
        assert_eq!(&parts[1].bytes[..], b"\r\nPNG\r\n");
        assert_eq!(parts.len(), 2);
    }

    #[test]
    fn a_form_that_breaks_off_is_refused() {
        let body =
            Bytes::from_static(b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb");
        assert!(parse(&body, "x").is_err());
        assert_eq!(boundary("multipart/form-data; boundary=\"ab\"").as_deref(), Some("ab"));
        assert_eq!(boundary("application/json"), None);
    }
}
