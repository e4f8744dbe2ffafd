use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use super::args::Args;
use super::item::Item;

/// Gives the test; where something is wrong, an error beside a function that is still there for the editor.
pub(crate) fn expand(tokens: TokenStream, item: &TokenStream) -> TokenStream {
    let parsed = match syn::parse2::<Item>(item.clone()) {
        Ok(parsed) => parsed,
        Err(error) => {
            let error = error.into_compile_error();
            return quote!(#item #error);
        }
    };
    if let Err(error) = parsed.check() {
        let error = error.into_compile_error();
        return quote!(#[allow(dead_code)] #parsed #error);
    }
    let (tokens, args, error) = match Args::parse(tokens.clone()) {
        Ok(args) => (tokens, args, None),
        Err(error) => (TokenStream::new(), Args::default(), Some(error.into_compile_error())),
    };
    let test = if parsed.is_template() { last(&args.standstill, &tokens, &parsed) } else { test(&args, &parsed) };
    quote!(#test #error)
}

/// Goes below the other attributes, so that they expand first; under the name that they look for.
fn last(standstill: &Path, tokens: &TokenStream, item: &Item) -> TokenStream {
    let Item { attributes, visibility, signature, body } = item;
    quote! {
        #(#attributes)*
        #[#standstill::test(#tokens)]
        #visibility #signature { #body }
    }
}

fn test(args: &Args, item: &Item) -> TokenStream {
    let Args { standstill, calls } = args;
    let Item { attributes, visibility, signature, body } = item;
    let (name, lifetimes) = (&signature.ident, &signature.generics);
    let should_panic = item.should_panic();
    let output = item.output();
    let (returns, takes) = match &output {
        Some(output) => (quote!(-> #output), quote!(: #output)),
        None => (quote!(), quote!()),
    };
    quote! {
        #(#attributes)*
        #[::core::prelude::v1::test]
        #visibility fn #name #lifetimes() {
            use #standstill as krate;
            krate::__private::test(
                krate::Builder::new()#(#calls)*,
                &krate::__private::Identity::new(
                    ::core::env!("CARGO_PKG_NAME"),
                    ::core::module_path!(),
                    ::core::stringify!(#name),
                ),
                #should_panic,
                async move || #returns { #body },
                |output #takes| {
                    use krate::__private::{ViaAsRef as _, ViaAsRefSync as _, ViaDebug as _, ViaError as _, ViaTermination as _};
                    (&&&&&krate::__private::Output::new(output)).judge()
                },
            )
        }
    }
}
