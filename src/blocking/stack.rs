use std::collections::BTreeMap;

use super::site::{Site, is_telling};
use crate::os::What;

/// What a poll is called of which no stack could be taken, or put into words.
const UNNAMED: &str = "one poll";

/// Of a thread's stacks, where it was found most often, with a stack from there; `None` if that is no matter to complain of.
pub(super) fn hot(stacks: &[Vec<usize>], what: What) -> Option<(Site, String)> {
    let texts: Vec<_> = stacks.iter().filter_map(|stack| in_words(stack)).filter(|text| is_telling(text)).collect();
    if texts.is_empty() {
        return Some((Site::unnamed(UNNAMED), String::new()));
    }
    let mut sites: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for text in texts {
        if let Some(site) = Site::read(&text, what) {
            sites.entry((site.frames.clone(), site.functions.clone())).or_default().push((site, text));
        }
    }
    let hottest = sites.into_values().rev().max_by_key(Vec::len);
    hottest.map(|mut same| same.swap_remove(0))
}

/// A stack as std prints it.
#[cfg(all(seam, feature = "hot-line"))]
fn in_words(stack: &[usize]) -> Option<String> {
    use std::fmt::Write;

    let here = std::env::current_dir().ok();
    let mut text = String::new();
    for (number, address) in stack.iter().enumerate() {
        // All but the innermost are addresses to which calls return.
        let address = address + usize::from(number == 0);
        backtrace::resolve(std::ptr::without_provenance_mut(address), |symbol| {
            let Some(name) = symbol.name() else { return };
            writeln!(text, "{number:4}: {name:#}").unwrap();
            let (Some(file), Some(line)) = (symbol.filename(), symbol.lineno()) else { return };
            let file = here.as_deref().and_then(|here| file.strip_prefix(here).ok()).unwrap_or(file);
            let column = symbol.colno().unwrap_or(0);
            writeln!(text, "             at {}:{line}:{column}", file.display()).unwrap();
        });
    }
    (!text.is_empty()).then_some(text)
}

/// Nobody here knows the names.
#[cfg(not(all(seam, feature = "hot-line")))]
fn in_words(_: &[usize]) -> Option<String> {
    None
}
