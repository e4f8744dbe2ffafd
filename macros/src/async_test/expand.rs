use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, Path};

use super::args::Args;
use super::item::Item;

/// Gives the test; where something is wrong, an error beside a function that is still there for the editor.
pub(crate) fn expand(tokens: TokenStream, item: &TokenStream) -> TokenStream {
    let parsed = match syn::parse2::<Item>(item.clone()) {
        Ok(parsed) => parsed,
        // The compiler has parsed the item, so it is of another kind.
        Err(error) => {
            let error = Error::new(error.span(), "expected an `async fn`, to run it as a test").into_compile_error();
            return quote!(#item #error);
        }
    };
    if let Err(error) = parsed.check() {
        let error = error.into_compile_error();
        return quote!(#[allow(dead_code)] #parsed #error);
    }
    let args = Args::parse(tokens.clone()).and_then(|args| parsed.check_args(&args).map(|()| args));
    let (tokens, args, error) = match args {
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
        #visibility #signature #body
    }
}

fn test(args: &Args, item: &Item) -> TokenStream {
    let Args { standstill, calls, runs, .. } = args;
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
            use #standstill as __standstill;
            __standstill::__private::test(
                __standstill::Builder::new()#(#calls)*,
                __standstill::__private::Runs::once()#(#runs)*,
                &__standstill::__private::Identity::new(
                    ::core::env!("CARGO_PKG_NAME"),
                    ::core::module_path!(),
                    ::core::stringify!(#name),
                ),
                #should_panic,
                async move || #returns #body,
                |output #takes| {
                    use __standstill::__private::{ViaAsRef as _, ViaAsRefSync as _, ViaDebug as _, ViaError as _, ViaTermination as _};
                    (&&&&&__standstill::__private::Output::new(output)).judge()
                },
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::{ToTokens, quote};
    use syn::{File, Item};

    use super::expand;

    /// How many functions of the name, and how many errors, the expansion has.
    fn counts(options: &TokenStream, function: &TokenStream) -> (usize, usize) {
        let expansion: File = syn::parse2(expand(options.clone(), function)).unwrap();
        let is_function = |item: &&Item| matches!(item, Item::Fn(function) if function.sig.ident == "it_ends");
        let is_error = |item: &&Item| item.to_token_stream().to_string().contains("compile_error");
        let items = expansion.items.iter();
        (items.clone().filter(is_function).count(), items.filter(is_error).count())
    }

    #[test]
    fn beside_an_error_the_function_is_still_there() {
        let (no_options, function) = (
            quote!(),
            quote!(
                async fn it_ends() {}
            ),
        );
        let wrong_options = [quote!("5s"), quote!(timeout), quote!(timeout = 5), quote!(worker_threads = 2)];
        let wrong_functions = [
            quote!(
                fn it_ends() {}
            ),
            quote!(
                async fn it_ends(number: u32) {}
            ),
            quote!(
                async fn it_ends<T>() {}
            ),
            quote!(
                #[test]
                async fn it_ends() {}
            ),
        ];
        let template = quote!(
            #[rstest]
            async fn it_ends(number: u32) {}
        );

        assert_eq!(counts(&no_options, &function), (1, 0));
        assert_eq!(counts(&no_options, &template), (1, 0));
        for options in &wrong_options {
            assert_eq!(counts(options, &function), (1, 1), "{options}");
            assert_eq!(counts(options, &template), (1, 1), "{options}");
        }
        for function in &wrong_functions {
            assert_eq!(counts(&no_options, function), (1, 1), "{function}");
        }
    }
}
