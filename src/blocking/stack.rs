use std::collections::BTreeMap;
#[cfg(all(seam, feature = "hot-line"))]
use std::{fmt::Write, path::Path};

#[cfg(all(seam, feature = "hot-line"))]
use super::around::Around;
use super::site::{Site, is_telling};
#[cfg(all(seam, feature = "hot-line"))]
use crate::os;
use crate::os::What;

/// What a poll is called of which no stack could be taken, or put into words.
const UNNAMED: &str = "one poll";

/// Of a thread's stacks, where it was found most often, with a stack from there; `None` if that is no matter to complain of.
pub(super) fn hot(stacks: &[Vec<usize>], what: What) -> Option<(Site, String)> {
    let texts: Vec<_> = stacks.iter().filter_map(|stack| in_words(stack)).filter(|text| is_telling(text)).collect();
    if texts.is_empty() {
        return Some((Site::unnamed(UNNAMED), String::new()));
    }
    hottest(texts, what)
}

fn hottest(texts: Vec<String>, what: What) -> Option<(Site, String)> {
    let mut sites: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for text in texts {
        if let Some(site) = Site::read(&text, what) {
            sites.entry((site.frames.clone(), site.functions.clone())).or_default().push((site, text));
        }
    }
    // One look can come where a task begins or is dropped, and shows no line of the user's.
    let hottest = sites.into_iter().rev().max_by_key(|((frames, _), same)| (!frames.is_empty(), same.len()));
    hottest.map(|(_, mut same)| same.swap_remove(0))
}

/// A stack as std prints it, as far as it tells where the poll is and who polls. To read debug info is dear, above all for an unoptimised
/// crate `backtrace`, and libc has a lot of it in a file of its own.
#[cfg(all(seam, feature = "hot-line"))]
fn in_words(stack: &[usize]) -> Option<String> {
    let here = std::env::current_dir().ok();
    let (mut text, mut around) = (String::new(), Around::default());
    // All but the innermost are addresses to which calls return.
    let addresses = stack.iter().enumerate().map(|(number, address)| (number, address + usize::from(number == 0)));
    for (number, address) in addresses.filter(|(_, address)| !os::is_in_libc(*address)) {
        let start = text.len();
        write_call(&mut text, number, address, here.as_deref());
        if around.is_over(&text[start..]) {
            break;
        }
    }
    (!text.is_empty()).then_some(text)
}

#[cfg(all(seam, feature = "hot-line"))]
fn write_call(text: &mut String, number: usize, address: usize, here: Option<&Path>) {
    backtrace::resolve(std::ptr::without_provenance_mut(address), |symbol| {
        let Some(name) = symbol.name() else { return };
        writeln!(text, "{number:4}: {name:#}").unwrap();
        let (Some(file), Some(line)) = (symbol.filename(), symbol.lineno()) else { return };
        let (of_here, file) = match here.and_then(|here| file.strip_prefix(here).ok()) {
            Some(file) => ("./", file),
            None => ("", file),
        };
        let column = symbol.colno().unwrap_or(0);
        writeln!(text, "             at {of_here}{}:{line}:{column}", file.display()).unwrap();
    });
}

/// Nobody here knows the names.
#[cfg(not(all(seam, feature = "hot-line")))]
fn in_words(_: &[usize]) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_user_s_goes_before_none_however_often_that_was_seen() {
        let poll = "   8: tokio::runtime::task::core::Core<T,S>::poll\n";
        let drop = format!("   0: core::ptr::drop_in_place<T>\n{poll}");
        let user = "   0: core::iter::Iterator::sum\n   1: shop::orders::total\n             at ./src/orders.rs:8:5\n";
        let stacks = vec![drop.clone(), format!("{user}{poll}"), drop];

        let (site, _) = hottest(stacks, What::Burn).unwrap();

        assert_eq!(site.frames.len(), 1);
    }

    #[cfg(all(seam, feature = "hot-line"))]
    #[test]
    fn a_stack_is_read_no_further_than_who_polls() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let stack = runtime.block_on(async { os::addresses() });

        let text = in_words(&stack).unwrap();

        let last = text.lines().rfind(|line| !line.trim_start().starts_with("at ")).unwrap();
        assert!(last.contains("tokio::runtime::scheduler::current_thread::"), "{text}");
        assert!(text.contains("             at ./src/blocking/stack.rs:"), "{text}");
    }
}
