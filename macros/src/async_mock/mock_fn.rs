use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Error, Generics, Path, Result, Safety, Signature, Token, Visibility, parse_quote};

use super::function::Function;
use super::generics::names;
use super::marker::Marker;

/// Gives an expression: the mock of one function.
pub(crate) fn mock_fn(tokens: TokenStream) -> TokenStream {
    parse(tokens).and_then(|signature| expand(&signature)).unwrap_or_else(Error::into_compile_error)
}

fn parse(tokens: TokenStream) -> Result<Signature> {
    let expected = |error: Error| {
        Error::new(
            error.span(),
            format!("expected a function's head, as in `mock_fn!(async fn name(text: &str) -> u64)`: {error}"),
        )
    };
    let parser = |input: syn::parse::ParseStream<'_>| {
        let signature = input.parse()?;
        input.parse::<Option<Token![;]>>()?;
        Ok(signature)
    };
    syn::parse::Parser::parse2(parser, tokens).map_err(expected)
}

fn expand(signature: &Signature) -> Result<TokenStream> {
    if let Safety::Unsafe(token) = &signature.safety {
        return Err(Error::new_spanned(token, "a mock is safe to call: leave out `unsafe`"));
    }
    if let Some(parameter) = names(&signature.generics).first() {
        return Err(Error::new_spanned(
            parameter,
            "one mock has one signature: write the types out, or mock a trait with `#[async_mock]`",
        ));
    }
    let function = Function::parse(signature, None, &BTreeSet::new())?;
    if let Some(argument) = function.arguments.iter().find(|argument| argument.held().is_none()) {
        return Err(Error::new_spanned(
            &argument.ty,
            "a mock has one lifetime for all borrows, which a `&mut` to something that borrows does not allow: \
             name one for both, as in `&'a mut Vec<&'a str>`, or mock a method of a trait by `#[async_mock]`",
        ));
    }
    let standstill: Path = parse_quote!(::standstill);
    let text = signature.ident.unraw().to_string();
    let name = format_ident!("__Mock_{}", signature.ident);
    let marker = Marker {
        standstill: &standstill,
        cfgs: &[],
        visibility: &Visibility::Inherited,
        name: &name,
        generics: &Generics::default(),
        function: &function,
    };
    let marker = marker.expand();
    Ok(quote!({
        #marker
        #standstill::mock::MockFn::<#name>::new(#text)
    }))
}
