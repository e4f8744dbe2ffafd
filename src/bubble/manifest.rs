use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use super::lock;
use crate::os;

/// The crate that a folder's `Cargo.toml` names, as code writes it; `None` if there is none that can be read.
pub(super) fn crate_named_in(folder: &str) -> Option<String> {
    static KNOWN: Mutex<BTreeMap<String, Option<String>>> = Mutex::new(BTreeMap::new());

    let read = || named(&fs::read_to_string(Path::new(folder).join("Cargo.toml")).ok()?);
    os::inside(|| lock(&KNOWN).entry(folder.to_owned()).or_insert_with(read).clone())
}

/// The library's name, or else the package's.
fn named(manifest: &str) -> Option<String> {
    let mut table = "";
    let mut package = None;
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            table = line;
        }
        let name = line.strip_prefix("name").and_then(|rest| rest.trim_start().strip_prefix('='));
        let name = name.and_then(|name| name.split(['"', '\'']).nth(1)).map(|name| name.replace('-', "_"));
        match table {
            "[lib]" if name.is_some() => return name,
            "[package]" => package = package.or(name),
            _ => {}
        }
    }
    package
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_has_the_name_of_its_package_or_its_own() {
        let package = "[package]\nname = \"my-shop\" # for now\nversion = \"0.1.0\"\n\n[[bin]]\nname = \"till\"\n";
        let cases = [
            (package.to_owned(), Some("my_shop")),
            (format!("{package}\n[lib]\npath = \"shop.rs\"\nname='shop'\n"), Some("shop")),
            ("[workspace]\nmembers = [\"shop\"]\n".to_owned(), None),
        ];
        for (manifest, name) in cases {
            assert_eq!(named(&manifest).as_deref(), name, "{manifest}");
        }
    }
}
