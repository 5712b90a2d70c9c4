//! `docs/configuration.md`, made from the table.

use std::fmt::Write;

use super::load::variable;
use super::table::{SETTINGS, Setting};

const HEAD: &str = "\
# Configuration

Settings are laid over each other in this order, later ones winning:

1. the defaults below, or those of `product.profile` where it has its own;
2. a TOML file, named by `--config FILE` or else by the variable `ATELIER_CONFIG`;
3. variables: `ATELIER_DATABASE__URL` sets `database.url`;
4. flags: `--set database.pool_max=32`, or a flag of its own such as `--listen`.

In the file a key is a table and a name: `database.url` is `url` under `[database]`. An empty
value for a setting without a default takes back what an earlier layer said. A key that does not
exist is an error, in any layer: a slip of the pen is never a setting silently left out.

A star stands for a name of your own: `providers.local.base_url`, or
`ATELIER_PROVIDERS__LOCAL__BASE_URL`. There may be any number of them.

`atelier config check` reports everything that is wrong at once. `atelier config show` prints every
setting, its value and where it comes from, secrets as stars.

This file is made by `atelier config docs`.
";

/// The whole file.
pub fn markdown() -> String {
    let mut text = HEAD.to_owned();
    let mut concern = "";
    for setting in SETTINGS {
        let (of, _) = setting.key.split_once('.').unwrap_or((setting.key, ""));
        if of != concern {
            concern = of;
            text.push_str(&heading(concern));
        }
        text.push_str(&row(setting));
    }
    text
}

fn heading(concern: &str) -> String {
    format!(
        "\n## {concern}\n\n| setting | value | default | what for |\n| --- | --- | --- | --- |\n"
    )
}

fn row(setting: &Setting) -> String {
    let Setting { key, kind, default, secret, doc } = setting;
    let mut row = format!("| `{key}`<br>`{}` | {kind}", variable(key));
    let secret = if *secret { ", secret" } else { "" };
    let default = default.map_or("none".to_owned(), |default| format!("`{default}`"));
    // Writing to a String cannot fail.
    let _ = writeln!(row, "{secret} | {default} | {doc} |");
    row
}
