use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

/// Clippy's groups of lints, which are not to speak of what a macro has written.
pub(super) struct Clippy;

impl ToTokens for Clippy {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(quote!(clippy::all, clippy::pedantic, clippy::nursery));
    }
}
