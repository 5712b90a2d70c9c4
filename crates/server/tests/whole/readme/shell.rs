//! As much of a shell as the examples need: blocks, lines that go on, quotes, variables.

use std::collections::BTreeMap;

/// A ```` ```sh ```` block of a document.
pub(crate) struct Block {
    /// Where it begins, counted from 1.
    pub(crate) line: usize,
    /// The paragraph before it.
    pub(crate) prose: String,
    pub(crate) commands: Vec<String>,
}

/// Reads the blocks of commands of a text in Markdown.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut prose: Vec<&str> = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if !line.starts_with("```") {
            // An empty line ends the paragraph, unless the block follows it.
            if line.is_empty() && prose.last().is_some_and(|last| !last.is_empty()) {
                prose.push(line);
            } else if !line.is_empty() {
                if prose.last().is_some_and(|last| last.is_empty()) {
                    prose.clear();
                }
                prose.push(line);
            }
            continue;
        }
        let inside: Vec<&str> =
            lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect();
        if line == "```sh" {
            blocks.push(Block {
                line: number + 1,
                prose: prose.join("\n"),
                commands: commands(&inside),
            });
        }
        prose.clear();
    }
    blocks
}

/// Puts lines together that end in a backslash or in an open quote, and leaves comments out.
fn commands(lines: &[&str]) -> Vec<String> {
    let mut commands = Vec::new();
    let mut command = String::new();
    for line in lines {
        match line.strip_suffix('\\') {
            Some(begun) => command.push_str(begun),
            None => {
                command.push_str(line);
                let open = !command.starts_with('#') && command.matches('\'').count() % 2 == 1;
                if open {
                    command.push('\n');
                } else {
                    commands.push(std::mem::take(&mut command));
                }
            }
        }
    }
    assert!(command.is_empty(), "the last line goes on: {command}");
    let spoken = |command: &String| !command.trim().is_empty() && !command.starts_with('#');
    commands.into_iter().filter(spoken).collect()
}

/// Splits a command as a shell does. Panics at anything that it cannot do, and at variables that
/// have no value.
pub(crate) fn words(command: &str, variables: &BTreeMap<String, String>) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut rest = command.chars().peekable();
    while let Some(c) = rest.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some('"') | None, '$') => {
                let mut name = String::new();
                while let Some(c) = rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                    name.push(c);
                }
                let value = variables.get(&name);
                let value = value.unwrap_or_else(|| panic!("${name} has no value: {command}"));
                word.get_or_insert_default().push_str(value);
            }
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ' | '\t') => words.extend(word.take()),
            (None, '|' | '>' | '<' | ';' | '&' | '`' | '(' | '\\') | (Some('"'), '\\' | '`') => {
                panic!("{c} is more of a shell than this test speaks: {command}")
            }
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    assert!(quote.is_none(), "an open quote: {command}");
    words.extend(word);
    words
}

#[test]
fn words_are_split_as_a_shell_splits_them() {
    let variables = BTreeMap::from([("ID".to_owned(), "7 8".to_owned())]);
    let said = r#"say -d '{"id": "'$ID'", "a": "$b"}' "to $ID"  ''"#;
    let words = words(said, &variables);
    assert_eq!(words, ["say", "-d", r#"{"id": "7 8", "a": "$b"}"#, "to 7 8", ""]);
}

#[test]
fn blocks_are_found_with_the_paragraph_before_them() {
    let text = "one\n\ntwo\nand `three`:\n\n```sh\na \\\n  b\n# c\ne 'f\n g'\n```\n\n```\nd\n```\n";
    let blocks = blocks(text);
    assert_eq!(blocks.len(), 1);
    assert_eq!(blocks[0].line, 6);
    assert_eq!(blocks[0].prose.trim_end(), "two\nand `three`:");
    assert_eq!(blocks[0].commands, ["a   b", "e 'f\n g'"]);
}
