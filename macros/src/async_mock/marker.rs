use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Generics, Ident, Lifetime, Path, Visibility};

use super::form::Form;
use super::function::Function;
use super::generics::phantom;

/// The type that stands for a function's signature.
pub(super) struct Marker<'a> {
    pub(super) standstill: &'a Path,
    pub(super) cfgs: &'a [Attribute],
    pub(super) visibility: &'a Visibility,
    pub(super) name: &'a Ident,
    pub(super) generics: &'a Generics,
    pub(super) function: &'a Function,
}

impl Marker<'_> {
    /// The type, and what makes it a signature.
    pub(super) fn expand(&self) -> TokenStream {
        let Self { standstill, cfgs, visibility, name, generics, function } = self;
        let (impls, types, wheres) = generics.split_for_impl();
        let phantom = phantom(generics);
        let body = self.body();
        let awaited = (function.form != Form::Sync).then(|| {
            quote! {
                #(#cfgs)*
                #[automatically_derived]
                impl #impls #standstill::__private::mock::Async for #name #types #wheres {}
            }
        });
        quote! {
            #(#cfgs)*
            #[doc(hidden)]
            #[allow(dead_code, missing_docs, non_camel_case_types, clippy::all, clippy::pedantic)]
            #visibility struct #name #impls(#phantom) #wheres;

            #(#cfgs)*
            #[automatically_derived]
            #[allow(deprecated, unused, clippy::all, clippy::pedantic)]
            impl #impls #standstill::__private::mock::Signature for #name #types #wheres {
                #body
            }

            #awaited
        }
    }

    fn body(&self) -> TokenStream {
        let standstill = self.standstill;
        let mock = quote!(#standstill::__private::mock);
        let arguments = &self.function.arguments;
        // Not `'a`, which a `for<'a>` in an argument's type may have.
        let lifetime = Lifetime::new("'__mock", Span::call_site());
        let given = self.function.given(&lifetime);
        let (kept, views): (Vec<_>, Vec<_>) =
            arguments.iter().map(|argument| (argument.kept(&mock), argument.view(&mock))).unzip();
        let output = self.function.output.owned();
        let pace = if self.function.form == Form::Sync { quote!(AtOnce) } else { quote!(Awaited) };
        let texts = arguments.iter().map(|argument| argument.name.unraw().to_string());
        let names: Vec<_> = (1..=arguments.len()).map(|place| format_ident!("argument_{place}")).collect();
        let keep: Vec<_> = arguments.iter().zip(&names).map(|(argument, name)| argument.keep(&mock, name)).collect();
        let shows = arguments.iter().zip(&names).enumerate();
        let shows: Vec<_> = shows.map(|(place, (argument, name))| argument.show(place, name)).collect();
        let (args, pattern, refs) = match (given.as_slice(), names.as_slice(), shows.as_slice()) {
            ([ty], [name], [show]) => (quote!(#ty), quote!(#name), quote!(#show)),
            ([], ..) => (quote!(()), quote!(()), quote!(())),
            _ => (quote!((#(#given),*)), quote!((#(#names),*)), quote!((#(#shows),*))),
        };
        let release = (arguments.len() > 1).then(|| quote!(fn release(#pattern: Self::Args<'_>) {}));
        quote! {
            type Args<#lifetime> = #args;
            type Kept = (#(#mock::Kept<#kept>,)*);
            type Views = (#(#mock::View<#views>,)*);
            type Output = #output;
            type Pace = #mock::#pace;

            const NAMES: &'static [&'static str] = &[#(#texts),*];

            fn keep(args: &Self::Args<'_>) -> Self::Kept {
                use #mock::{CopyBound as _, CopyFree as _, CopyNot as _, ShowCopy as _, ShowText as _, ShowType as _};
                let #pattern = args;
                (#(#keep,)*)
            }

            fn views<#lifetime>(
                args: &#lifetime Self::Args<'_>,
                kept: &#lifetime Self::Kept,
            ) -> <Self::Views as #mock::Views>::Refs<#lifetime> {
                let #pattern = args;
                #refs
            }

            #release
        }
    }
}

/// The hidden name of a method's marker.
pub(super) fn name(mock: &Ident, method: &Ident) -> Ident {
    format_ident!("__{}_{}", mock, method)
}
