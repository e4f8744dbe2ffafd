use proc_macro2::TokenStream;
use quote::quote;

use super::args::Args;
use super::item::Item;

/// Gives the test; where something is wrong, an error beside a function that is still there for the editor.
pub(crate) fn expand(args: TokenStream, item: &TokenStream) -> TokenStream {
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
    match Args::parse(args) {
        Ok(args) => test(&args, &parsed),
        Err(error) => {
            let (test, error) = (test(&Args::default(), &parsed), error.into_compile_error());
            quote!(#test #error)
        }
    }
}

fn test(args: &Args, item: &Item) -> TokenStream {
    let Args { standstill, calls } = args;
    let Item { attributes, visibility, signature, body } = item;
    let name = &signature.ident;
    let should_panic = item.should_panic();
    let output = item.output();
    let (returns, takes) = match &output {
        Some(output) => (quote!(-> #output), quote!(: #output)),
        None => (quote!(), quote!()),
    };
    quote! {
        #[::core::prelude::v1::test]
        #(#attributes)*
        #visibility fn #name() {
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
