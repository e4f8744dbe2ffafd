use proc_macro2::{Group, Span, TokenStream, TokenTree};

/// Tokens that stand somewhere else, where an error about them is to be shown.
pub(super) fn at(span: Span, tokens: &TokenStream) -> TokenStream {
    let moved = tokens.clone().into_iter().map(|mut token| {
        token.set_span(span.resolved_at(token.span()));
        token
    });
    moved.collect()
}

/// As `at`, with what stands in brackets.
pub(super) fn throughout(span: Span, tokens: TokenStream) -> TokenStream {
    let moved = tokens.into_iter().map(|token| {
        let there = span.resolved_at(token.span());
        let mut token = match token {
            TokenTree::Group(group) => Group::new(group.delimiter(), throughout(span, group.stream())).into(),
            token => token,
        };
        token.set_span(there);
        token
    });
    moved.collect()
}
