use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::{Error, Path, PathSegment};

use super::patchable::hidden;

/// `patch!(fetch)`, `patch!(client::fetch)`, `patch!(client::Client::fetch)`: the mock of a function, for this bubble.
pub(crate) fn patch(tokens: TokenStream) -> TokenStream {
    let expected = "expected the path of a function under `#[patchable]`: `patch!(fetch)`, `patch!(Client::fetch)`";
    let path = match Path::parse_mod_style.parse2(tokens) {
        Ok(path) => path,
        Err(error) => return Error::new(error.span(), expected).into_compile_error(),
    };
    if let Some(segment) = path.segments.iter().find(|segment| segment.ident == "Self") {
        return Error::new_spanned(segment, "a patch is found by the type's name: write it out").into_compile_error();
    }
    let text = path.segments.iter().map(|segment| segment.ident.unraw().to_string()).collect::<Vec<_>>().join("::");
    let mut segments: Vec<PathSegment> = path.segments.iter().cloned().collect();
    let Some(function) = segments.pop() else { return Error::new_spanned(path, expected).into_compile_error() };
    let of = segments.pop_if(|last| last.ident.unraw().to_string().starts_with(char::is_uppercase));
    let (leading, hidden) = (path.leading_colon, hidden(&function.ident));
    if let Some(of) = of {
        return quote!(#leading #(#segments::)* #of::#hidden(#text));
    }
    // As a type, since a name that is not found is told best in that place.
    quote!(<#leading #(#segments::)* #hidden>::patch(#text))
}
