use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Generics, Ident, Lifetime, Path, Visibility};

use super::clippy::Clippy;
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

/// The types of a signature.
struct Types {
    /// That of the arguments.
    lifetime: Lifetime,
    args: TokenStream,
    kept: TokenStream,
    views: TokenStream,
    output: TokenStream,
    pace: TokenStream,
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
            #[allow(dead_code, missing_docs, non_camel_case_types, #Clippy)]
            #visibility struct #name #impls(#phantom) #wheres;

            #(#cfgs)*
            #[automatically_derived]
            #[allow(deprecated, unused, #Clippy)]
            impl #impls #standstill::__private::mock::Signature for #name #types #wheres {
                #body
            }

            #awaited
        }
    }

    /// All that may be known of the signature where its type is not visible.
    pub(super) fn opaque(&self) -> TokenStream {
        let standstill = self.standstill;
        let mock = quote!(#standstill::__private::mock);
        let Types { lifetime, args, kept, views, output, pace } = self.types(&mock);
        let awaited = (self.function.form != Form::Sync).then(|| quote!(+ #mock::Async));
        quote! {
            impl for<#lifetime> #mock::Signature<
                Args<#lifetime> = #args, Kept = #kept, Views = #views, Output = #output, Pace = #pace
            > #awaited + use<>
        }
    }

    fn types(&self, mock: &TokenStream) -> Types {
        // Not `'a`, which a `for<'a>` in an argument's type may have.
        let lifetime = Lifetime::new("'__mock", Span::call_site());
        let given = self.function.given(mock, &lifetime);
        let arguments = self.function.arguments.iter();
        let (kept, views): (Vec<_>, Vec<_>) =
            arguments.map(|argument| (argument.kept(mock), argument.view(mock))).unzip();
        let output = self.function.output.owned(mock);
        let pace = if self.function.form == Form::Sync { quote!(AtOnce) } else { quote!(Awaited) };
        let args = match given.as_slice() {
            [ty] => quote!(#ty),
            given => quote!((#(#given),*)),
        };
        Types {
            lifetime,
            args,
            kept: quote!((#(#mock::Kept<#kept>,)*)),
            views: quote!((#(#mock::View<#views>,)*)),
            output: quote!(#output),
            pace: quote!(#mock::#pace),
        }
    }

    fn body(&self) -> TokenStream {
        let standstill = self.standstill;
        let mock = quote!(#standstill::__private::mock);
        let arguments = &self.function.arguments;
        let Types { lifetime, args, kept, views, output, pace } = self.types(&mock);
        let texts = arguments.iter().map(|argument| argument.name.unraw().to_string());
        let names: Vec<_> = (1..=arguments.len()).map(|place| format_ident!("argument_{place}")).collect();
        let keep: Vec<_> = arguments.iter().zip(&names).map(|(argument, name)| argument.keep(&mock, name)).collect();
        let shows = arguments.iter().zip(&names).enumerate();
        let shows: Vec<_> = shows.map(|(place, (argument, name))| argument.show(place, name)).collect();
        let (pattern, refs) = match (names.as_slice(), shows.as_slice()) {
            ([name], [show]) => (quote!(#name), quote!(#show)),
            _ => (quote!((#(#names),*)), quote!((#(#shows),*))),
        };
        let release = (arguments.len() > 1).then(|| quote!(fn release(#pattern: Self::Args<'_>) {}));
        quote! {
            type Args<#lifetime> = #args;
            type Kept = #kept;
            type Views = #views;
            type Output = #output;
            type Pace = #pace;

            const NAMES: &'static [&'static str] = &[#(#texts),*];
            const WRITTEN_AT: (&'static str, u32, u32) = (::core::file!(), ::core::line!(), ::core::column!());

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
    format_ident!("__{}", together(mock, method))
}

/// A type's name and a function's in one, which no other two give: `A_b` and `c` are not `A` and `b_c`.
pub(super) fn together(of: &Ident, function: &Ident) -> String {
    let (of, function) = (of.unraw().to_string(), function.unraw());
    if of.contains('_') { format!("{}_{of}_{function}", of.len()) } else { format!("{of}_{function}") }
}
