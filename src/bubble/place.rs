//! Whose a file is, as its path tells.

use std::borrow::Cow;
use std::env;
use std::path::{Path, PathBuf};

use super::manifest::crate_named_in;
use super::symbol::of_type;

/// Where this crate's own files are.
const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/");

/// A function's name with its path, as it is called whichever Rust gave the name.
pub(super) fn in_full<'a>(function: &'a str, place: Option<&str>) -> Cow<'a, str> {
    let file = place.and_then(|place| place.rsplitn(3, ':').nth(2));
    // Of a file in C, the names are whole.
    let file = file.filter(|file| Path::new(file).extension().is_some_and(|ending| ending == "rs"));
    let name = file.map_or(function.into(), |file| with_path(function, file));
    let name = file.and_then(|file| provided(&name, file)).map_or(name, Cow::Owned);
    if IO.iter().any(|io| name.contains(io)) { under_std(&name).into() } else { name }
}

/// Where debug info is of lines only, what is inlined has no path, and its file must tell it.
fn with_path<'a>(function: &'a str, file: &str) -> Cow<'a, str> {
    let name = function.split('<').next().unwrap_or(function);
    if name.is_empty() || name.contains("::") {
        return function.into();
    }
    match module(file) {
        // The types of its own functions say which of libc's they are for.
        own if own.starts_with("standstill") && name != function => format!("{own}::{function}").into(),
        // That is one of libc's, which have no path.
        own if own == "standstill::os::hooks" && name != "on_a_member" => function.into(),
        module => format!("{module}::{name}").into(),
    }
}

/// The name of a method that a trait provides: newer names say for which type it is, as those of a type's own methods do, and only the file
/// tells the two apart. But what std's types have of a system's own, they have in the trait's file.
fn provided(function: &str, file: &str) -> Option<String> {
    let (of, trait_, method) = of_type(function)?;
    let trait_ = trait_?.split('<').next().filter(|trait_| !trait_.starts_with("std::os::"))?;
    let (floor, _) = trait_.rsplit_once("::")?;
    let (type_floor, _) = of.split('<').next()?.rsplit_once("::")?;
    (floor != type_floor && floor == module(file)).then(|| format!("{trait_}{method}"))
}

/// Where `std::io` is kept since Rust 1.99, as far as it needs no system.
const IO: &[&str] = &["alloc::io::", "core::io::"];

fn under_std(name: &str) -> String {
    let mut public = String::new();
    let mut rest = name;
    while let Some((at, io)) = IO.iter().filter_map(|io| Some((rest.find(io)?, io))).min() {
        let is_whole = !rest[..at].ends_with(|before: char| before.is_alphanumeric() || "_:".contains(before));
        public += &rest[..at];
        public += if is_whole { "std::io::" } else { io };
        rest = &rest[at + io.len()..];
    }
    public + rest
}

/// The module that a file is of.
fn module(file: &str) -> String {
    let of_here = file.strip_prefix("./");
    let whole = of_here.map_or_else(|| file.to_owned(), |file| here().join(file).display().to_string());
    let (crate_, inside) = if let Some(inside) = whole.strip_prefix(OWN) {
        ("standstill".to_owned(), inside)
    } else if let Some(inside) = of_here.filter(|file| !file.starts_with("src/") && !is_unpacked(file)) {
        // Each file of `tests` is a crate.
        (String::new(), inside.split_once('/').map_or(inside, |(_, inside)| inside))
    } else {
        let (folder, inside) = whole.rsplit_once("/src/").unwrap_or(("", &whole));
        (crate_in(folder), inside)
    };
    let inside = inside.trim_end_matches(".rs").split('/').filter(|part| !["mod", "lib", "main", ""].contains(part));
    let parts = Some(&*crate_).into_iter().filter(|part| !part.is_empty()).chain(inside);
    parts.collect::<Vec<_>>().join("::")
}

/// The crate whose files are in a folder: `tokio-1.54.1`, `std`, `my-shop`. Where it was checked out, the folder may have any name.
fn crate_in(folder: &str) -> String {
    let has_manifest = !folder.is_empty() && !is_stds(folder);
    if let Some(name) = has_manifest.then(|| crate_named_in(folder)).flatten() {
        return name;
    }
    if folder.ends_with("/std/src/../../backtrace") {
        return "std::backtrace_rs".to_owned();
    }
    let name = folder.rsplit('/').next().unwrap_or(folder);
    let is_version = |part: &str| part.starts_with(|letter: char| letter.is_ascii_digit());
    let end = name.match_indices('-').find(|(at, _)| is_version(&name[at + 1..])).map_or(name.len(), |(at, _)| at);
    name[..end].replace('-', "_")
}

/// Whether a place is in the language's own crates, or in what they are built with.
pub(crate) fn is_stds(place: &str) -> bool {
    ["/rustc/", "/rust/deps/", "/rustlib/src/"].iter().any(|part| place.contains(part))
}

/// Whether a place is outside of the user's crates.
pub(super) fn is_elsewhere(place: &str) -> bool {
    is_stds(place)
        || ["/registry/src/", "/git/checkouts/"].iter().any(|part| place.contains(part))
        || is_unpacked(place)
}

/// Whether a place is in a crate that another than cargo's registry holds: `vendor/tokio/src/lib.rs`, as `cargo vendor` puts it, or
/// `/nix/store/crates/tokio-1.54.1/src/lib.rs`. The folder in which all of this is, is none, whatever its name.
fn is_unpacked(place: &str) -> bool {
    is_unpacked_seen_from(here, place)
}

fn is_unpacked_seen_from(here: impl Fn() -> PathBuf, place: &str) -> bool {
    let folders = place.match_indices("/src/").map(|(at, _)| &place[..at]);
    let is_named_so = |folder: &&str| {
        let mut parts = folder.rsplit('/');
        let (own, parent) = (parts.next().unwrap_or_default(), parts.next());
        parent == Some("vendor") || has_version(own)
    };
    folders.filter(is_named_so).any(|folder| !here().starts_with(folder))
}

fn here() -> PathBuf {
    env::current_dir().unwrap_or_default()
}

/// Whether a folder is named by a crate and its version.
fn has_version(folder: &str) -> bool {
    let is_number = |part: &str| part.starts_with(|letter: char| letter.is_ascii_digit());
    folder.match_indices('-').any(|(at, _)| {
        let numbers: Vec<_> = folder[at + 1..].splitn(3, '.').collect();
        numbers.len() == 3 && numbers.into_iter().all(is_number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unpacked_from_a_registry_is_not_the_user_s_wherever_it_lies() {
        for place in [
            "/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/tokio-1.54.1/src/time/sleep.rs:1:1",
            "/usr/share/cargo/registry/tokio-1.54.1/src/time/sleep.rs:1:1",
            "/nix/store/0-vendor-cargo-deps/0/sys-crate-0.1.0-rc.1/src/lib.rs:1:1",
            "/bazel/external/rules_rust++crate+crates__tokio-1.54.1/src/lib.rs:1:1",
            "/home/shop/vendor/tokio/src/time/sleep.rs:1:1",
            "./vendor/tokio/src/time/sleep.rs:1:1",
            "vendor/tokio/src/time/sleep.rs:1:1",
        ] {
            assert!(is_elsewhere(place), "{place}");
        }
        for place in [
            "./src/vendor/orders.rs:1:1",
            "src/vendor.rs:1:1",
            "/home/vendor/shop/core/src/lib.rs:1:1",
            "/home/shop/web-2/src/lib.rs:1:1",
            "./tests/shop.rs:1:1",
        ] {
            assert!(!is_elsewhere(place), "{place}");
        }
        assert_eq!(in_full("poll", Some("./vendor/tokio/src/time/sleep.rs:1:1")), "tokio::time::sleep::poll");
    }

    #[test]
    fn the_folder_in_which_a_test_runs_is_the_user_s_whatever_its_name() {
        for (folder, is_unpacked) in [("/home/shop-1.2.3/web", false), ("/home/shop-1.2.3", false), ("/home", true)] {
            let seen = is_unpacked_seen_from(|| folder.into(), "/home/shop-1.2.3/src/lib.rs:1:1");
            assert_eq!(seen, is_unpacked, "{folder}");
        }
    }

    #[test]
    fn what_std_hands_on_from_other_crates_is_called_as_its_users_write_it() {
        for (function, name) in [
            (
                "<std::fs::File as alloc::io::read::Read>::read_exact",
                "<std::fs::File as std::io::read::Read>::read_exact",
            ),
            ("alloc::io::copy::copy::<&shop::R, core::io::Sink>", "std::io::copy::copy::<&shop::R, std::io::Sink>"),
            ("my_core::io::read", "my_core::io::read"),
            ("shop::core::io::read", "shop::core::io::read"),
        ] {
            assert_eq!(in_full(function, None), name);
        }
    }

    #[test]
    fn a_method_that_a_trait_provides_is_called_by_the_trait_s_name_and_a_type_s_own_by_the_type_s() {
        let exact = "<std::fs::File as alloc::io::read::Read>::read_exact";
        let file = |file: &str| format!("/rustc/0/library/{file}:7:1");

        assert_eq!(in_full(exact, Some(&file("alloc/src/io/read.rs"))), "std::io::read::Read::read_exact");
        let own = "<std::fs::File as std::io::read::Read>::read_exact";
        assert_eq!(in_full(exact, Some(&file("std/src/fs.rs"))), own);
        let system_s = "<std::fs::File as std::os::unix::fs::FileExt>::read_at";
        assert_eq!(in_full(system_s, Some(&file("std/src/os/unix/fs.rs"))), system_s);
        let adapter = "<alloc::io::read::Take<T> as alloc::io::read::Read>::read";
        let of_both = "<std::io::read::Take<T> as std::io::read::Read>::read";
        assert_eq!(in_full(adapter, Some(&file("alloc/src/io/read.rs"))), of_both);
    }

    #[test]
    fn a_function_without_a_path_has_that_of_its_file() {
        let own = |file: &str| format!("{OWN}{file}:7:1");
        let cases = [
            ("stat<u8>", "/rustc/0/library/std/src/sys/fs/unix.rs:7:1".to_owned(), "std::sys::fs::unix::stat"),
            ("trace", "/rustc/0/library/std/src/../../backtrace/src/lib.rs:7:1".to_owned(), "std::backtrace_rs::trace"),
            (
                "budget<(), tokio::X>",
                "/home/.cargo/registry/src/index-0/tokio-1.54.1/src/task/coop/mod.rs:7:1".to_owned(),
                "tokio::task::coop::budget",
            ),
            ("{async_fn#0}", "./tests/shop/till.rs:7:1".to_owned(), "shop::till::{async_fn#0}"),
            ("open", "/home/my-shop/src/till.rs:7:1".to_owned(), "my_shop::till::open"),
            ("poll_body<T>", own("harness/root.rs"), "standstill::harness::root::poll_body<T>"),
            ("statx", own("os/hooks/mod.rs"), "statx"),
            ("aside", own("os/hooks/errno.rs"), "standstill::os::hooks::errno::aside"),
            ("start_thread", "./nptl/pthread_create.c:7:1".to_owned(), "start_thread"),
            ("<shop::Till<u8>>::open", "./src/till.rs:7:1".to_owned(), "<shop::Till<u8>>::open"),
        ];
        for (function, place, name) in cases {
            assert_eq!(in_full(function, Some(&place)), name);
        }
    }

    #[test]
    fn a_function_without_a_path_is_of_the_crate_that_its_folder_s_manifest_names() {
        let folder = env::temp_dir().join(format!("standstill-{}-shop.ours", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("Cargo.toml"), "[package]\nname = \"my-shop\"\n").unwrap();

        let place = format!("{}/src/till.rs:7:1", folder.display());
        let name = in_full("open", Some(&place)).into_owned();

        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(name, "my_shop::till::open");
    }
}
