use proc_macro2::{Span, TokenStream};

/// Tokens that stand somewhere else, where an error about them is to be shown.
pub(super) fn at(span: Span, tokens: &TokenStream) -> TokenStream {
    let moved = tokens.clone().into_iter().map(|mut token| {
        token.set_span(span.resolved_at(token.span()));
        token
    });
    moved.collect()
}
