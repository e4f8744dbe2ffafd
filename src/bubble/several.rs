/// So many of something, in words: `1 task`, `2 tasks`.
pub(crate) fn several(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
