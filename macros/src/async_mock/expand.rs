use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Error, Generics, ItemTrait, Result};

use super::args::Args;
use super::clippy::Clippy;
use super::generics::phantom;
use super::layers::take_macros;
use super::marker::{Marker, name};
use super::method::Method;
use super::shown::shown;
use super::subject::Subject;

/// Gives the trait as it is, and its mock; where something is wrong, an error beside the trait.
pub(crate) fn expand(tokens: &TokenStream, item: &TokenStream) -> TokenStream {
    let mut parsed = match syn::parse2::<ItemTrait>(item.clone()) {
        Ok(parsed) => parsed,
        Err(error) => {
            let error = Error::new(error.span(), "expected a trait, to mock it; one function takes `mock_fn!`");
            let error = error.into_compile_error();
            return quote!(#item #error);
        }
    };
    let args = match Args::parse(tokens.clone()) {
        Ok(args) => args,
        Err(error) => {
            let error = error.into_compile_error();
            return quote!(#item #error);
        }
    };
    // What is still there then is no macro, or the compiler does not know it, and says so.
    if !args.is_last {
        let first = take_macros(&mut parsed);
        if !first.is_empty() {
            let standstill = &args.standstill;
            return quote!(#(#first)* #[#standstill::async_mock(__last, #tokens)] #parsed);
        }
    }
    let mock = Subject::parse(&args, &parsed).and_then(|subject| mock(&subject));
    let mock = mock.unwrap_or_else(Error::into_compile_error);
    quote!(#item #mock)
}

/// One method's share of the mock.
#[derive(Default)]
struct Share {
    /// Beside the struct.
    items: TokenStream,
    field: TokenStream,
    fresh: TokenStream,
    shared: TokenStream,
    implementation: TokenStream,
}

fn mock(subject: &Subject<'_>) -> Result<TokenStream> {
    let Subject { item, mock, visibility, cfgs, generics, associated, .. } = subject;
    let name = &item.ident;
    let shares: Vec<_> = subject.methods.iter().map(|method| share(subject, method)).collect::<Result<_>>()?;
    let items = shares.iter().map(|share| &share.items);
    let fields = shares.iter().map(|share| &share.field);
    let fresh = shares.iter().map(|share| &share.fresh);
    let shared = shares.iter().map(|share| &share.shared);
    let implementations = shares.iter().map(|share| &share.implementation);
    let (impls, types, wheres) = generics.split_for_impl();
    let defaulted = with_defaults(generics, &item.generics);
    let phantom = phantom(generics);
    let text = mock.to_string();
    let docs = format!(
        " A mock of [`{name}`], with one `MockFn` for each method. A clone shares what it is told and what it has seen."
    );
    Ok(quote! {
        #(#items)*

        #(#cfgs)*
        #[doc = #docs]
        #[allow(dead_code, #Clippy)]
        #visibility struct #mock #defaulted #wheres {
            #(#fields)*
            __types: #phantom,
        }

        #(#cfgs)*
        #[allow(dead_code, #Clippy)]
        impl #impls #mock #types #wheres {
            /// A mock that has not been told anything yet.
            #[must_use]
            pub fn new() -> Self {
                Self { #(#fresh)* __types: ::core::marker::PhantomData }
            }
        }

        #(#cfgs)*
        #[automatically_derived]
        impl #impls ::core::default::Default for #mock #types #wheres {
            fn default() -> Self {
                Self::new()
            }
        }

        #(#cfgs)*
        #[automatically_derived]
        impl #impls ::core::clone::Clone for #mock #types #wheres {
            fn clone(&self) -> Self {
                Self { #(#shared)* __types: ::core::marker::PhantomData }
            }
        }

        #(#cfgs)*
        #[automatically_derived]
        impl #impls ::core::fmt::Debug for #mock #types #wheres {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(#text).finish_non_exhaustive()
            }
        }

        #(#cfgs)*
        #[allow(deprecated, mismatched_lifetime_syntaxes, #Clippy)]
        impl #impls #name #types for #mock #types #wheres {
            #(#associated)*
            #(#implementations)*
        }
    })
}

fn share(subject: &Subject<'_>, method: &Method) -> Result<Share> {
    let Subject { standstill, item, visibility, .. } = *subject;
    let (field, cfgs) = (method.name(), &method.cfgs);
    let text = format!("{}::{}", item.ident, field.unraw());
    let (_, types, _) = subject.generics.split_for_impl();
    let signature = shown(&method.signature, method.function.form);
    let marker_name = name(&subject.mock, field);
    let all = match method.family() {
        Some(own) => subject.carry(&[&item.generics, own])?,
        None => subject.generics.clone(),
    };
    let both: Vec<_> = subject.cfgs.iter().chain(cfgs).cloned().collect();
    let marker =
        Marker { standstill, cfgs: &both, visibility, name: &marker_name, generics: &all, function: &method.function };
    let marker = marker.expand();
    let (family, ty, fresh) = if let Some(own) = method.family() {
        // Not with the method's name first, which another method's name may begin with.
        let name = format_ident!("__family_of_{}", marker_name);
        let family = family(subject, own, &all, &both, [&marker_name, &name])?;
        let new = quote!(#standstill::__private::mock::Family::new(#text));
        (Some(family), quote!(#name #types), quote!(#name(#new, ::core::marker::PhantomData)))
    } else {
        let ty = quote!(#standstill::mock::MockFn<#marker_name #types>);
        (None, ty, quote!(#standstill::mock::MockFn::new(#text)))
    };
    let docs = format!(" `{text}`\n\n ```text\n {signature}\n ```");
    let of = format!(" For the types of a call: `{field}.of::<..>()`.");
    let of = family.is_some().then(|| quote!(#[doc = ""] #[doc = #of]));
    Ok(Share {
        items: quote!(#marker #family),
        field: quote!(#(#cfgs)* #[doc = #docs] #of pub #field: #ty,),
        fresh: quote!(#(#cfgs)* #field: #fresh,),
        shared: quote!(#(#cfgs)* #field: ::core::clone::Clone::clone(&self.#field),),
        implementation: method.implement(standstill),
    })
}

/// The field of a generic method: one mock for each choice of its types.
fn family(
    subject: &Subject<'_>,
    own: &Generics,
    all: &Generics,
    cfgs: &[syn::Attribute],
    [marker, name]: [&syn::Ident; 2],
) -> Result<TokenStream> {
    let Subject { standstill, visibility, generics, .. } = subject;
    let own = subject.carry(&[own])?;
    let (impls, types, wheres) = generics.split_for_impl();
    let (own_impls, _, own_wheres) = own.split_for_impl();
    let (_, all_types, _) = all.split_for_impl();
    let phantom = phantom(generics);
    Ok(quote! {
        #(#cfgs)*
        #[doc(hidden)]
        #[allow(dead_code, non_camel_case_types, #Clippy)]
        #visibility struct #name #impls(#standstill::__private::mock::Family, #phantom) #wheres;

        #(#cfgs)*
        #[allow(dead_code, #Clippy)]
        impl #impls #name #types #wheres {
            /// The mock of the calls with these types. The same types give the same mock.
            #[must_use]
            pub fn of #own_impls(&self) -> #standstill::mock::MockFn<#marker #all_types> #own_wheres {
                self.0.of()
            }
        }

        #(#cfgs)*
        #[automatically_derived]
        impl #impls ::core::ops::Deref for #name #types #wheres {
            type Target = #standstill::__private::mock::Undecided<Self>;

            fn deref(&self) -> &Self::Target {
                #standstill::__private::mock::Undecided::any()
            }
        }

        #(#cfgs)*
        #[automatically_derived]
        impl #impls ::core::clone::Clone for #name #types #wheres {
            fn clone(&self) -> Self {
                Self(::core::clone::Clone::clone(&self.0), ::core::marker::PhantomData)
            }
        }
    })
}

/// The generics of the struct's head, where a default may stand.
fn with_defaults(carried: &Generics, generics: &Generics) -> Generics {
    let mut carried = Generics { where_clause: None, ..carried.clone() };
    for parameter in carried.type_params_mut() {
        let same = generics.type_params().find(|same| same.ident == parameter.ident);
        parameter.default = same.and_then(|same| same.default.clone());
    }
    carried
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::{ToTokens, quote};
    use syn::{File, Item};

    use super::expand;

    /// How many traits, mocks and errors the expansion has.
    fn counts(options: &TokenStream, item: &TokenStream) -> [usize; 3] {
        let expansion: File = syn::parse2(expand(options, item)).unwrap();
        let count = |holds: fn(&Item) -> bool| expansion.items.iter().filter(|item| holds(item)).count();
        [
            count(|item| matches!(item, Item::Trait(_))),
            count(|item| matches!(item, Item::Struct(item) if item.ident == "MockUsers")),
            count(|item| item.to_token_stream().to_string().contains("compile_error")),
        ]
    }

    #[test]
    fn beside_an_error_the_trait_is_still_there() {
        let right = quote!(
            trait Users {
                fn get(&self);
            }
        );
        let wrong = quote!(
            trait Users {
                fn get();
            }
        );

        assert_eq!(counts(&quote!(), &right), [1, 1, 0]);
        assert_eq!(counts(&quote!(nice), &right), [1, 0, 1]);
        assert_eq!(counts(&quote!(), &wrong), [1, 0, 1]);
    }

    #[test]
    fn other_macros_go_first_and_leave_the_options() {
        let layered = quote!(
            #[must_use]
            #[async_mock::async_trait(?Send)]
            #[rustfmt::skip]
            #[boxed]
            trait Users {}
        );

        let expected = quote!(
            #[async_mock::async_trait(?Send)]
            #[boxed]
            #[::standstill::async_mock(__last, mock_defaults)]
            #[must_use]
            #[rustfmt::skip]
            trait Users {}
        );
        assert_eq!(expand(&quote!(mock_defaults), &layered).to_string(), expected.to_string());
    }
}
