use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, Parser};
use syn::{Error, Path, PathArguments, PathSegment};

use super::patchable::hidden;
use super::shown::text;

/// `patch!(fetch)`, `patch!(client::fetch)`, `patch!(client::Client<u8>::fetch)`: the mock of a function, for this bubble.
pub(crate) fn patch(tokens: TokenStream) -> TokenStream {
    let expected = "expected the path of a function under `#[patchable]`: `patch!(fetch)`, `patch!(Client::fetch)`";
    let path = match Path::parse.parse2(tokens) {
        Ok(path) => path,
        Err(error) => return Error::new(error.span(), expected).into_compile_error(),
    };
    if let Some(segment) = path.segments.iter().find(|segment| segment.ident == "Self") {
        return Error::new_spanned(segment, "a patch is found by the type's name: write it out").into_compile_error();
    }
    let mut segments: Vec<PathSegment> = path.segments.iter().cloned().collect();
    let Some(function) = segments.pop() else { return Error::new_spanned(path, expected).into_compile_error() };
    let of = segments.pop_if(|last| last.ident.unraw().to_string().starts_with(char::is_uppercase));
    if let Some(segment) = segments.iter().chain([&function]).find(|segment| !segment.arguments.is_none()) {
        return Error::new_spanned(&segment.arguments, expected).into_compile_error();
    }
    let arguments = of.as_ref().map(|of| text(without_turbofish(of).arguments.to_token_stream()));
    let names = segments.iter().chain(&of).map(|segment| segment.ident.unraw().to_string());
    let names = names.collect::<Vec<_>>().join("::") + &arguments.unwrap_or_default();
    let name = function.ident.unraw();
    let text = if names.is_empty() { name.to_string() } else { format!("{names}::{name}") };
    let (leading, hidden) = (path.leading_colon, hidden(&function.ident));
    match of {
        Some(of) if of.arguments.is_none() => return quote!(#leading #(#segments::)* #of::#hidden(#text)),
        Some(of) => return quote!(<#leading #(#segments::)* #of>::#hidden(#text)),
        None => {}
    }
    // As a type, since a name that is not found is told best in that place.
    quote!(<#leading #(#segments::)* #hidden>::patch(#text))
}

/// `Client<u8>` of `Client::<u8>`.
fn without_turbofish(segment: &PathSegment) -> PathSegment {
    let mut segment = segment.clone();
    if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
        arguments.colon2_token = None;
    }
    segment
}
