//! The type parameters that a mock carries: those of the trait, and of a method its own.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::visit_mut::VisitMut;
use syn::{
    BoundLifetimes, GenericParam, Generics, Ident, Result, Token, TypeParam, TypeParamBound, WherePredicate,
    parse_quote,
};

use super::lifetimes::{bound_borrows, predicate_borrows};
use super::pointee::last;
use super::selves::Selves;

/// Puts generics together, without lifetimes and defaults, all `'static`, and `Self` said by its name.
pub(super) fn carry<'a>(all: impl IntoIterator<Item = &'a Generics>, selves: &Selves<'_>) -> Result<Generics> {
    let mut carried = Generics::default();
    for generics in all {
        for parameter in &generics.params {
            match parameter {
                GenericParam::Lifetime(_) => {}
                GenericParam::Type(parameter) => carried.params.push(GenericParam::Type(TypeParam {
                    attrs: Vec::new(),
                    colon_token: Some(parse_quote!(:)),
                    bounds: with_static(bounds(&parameter.bounds, None, selves)?),
                    default: None,
                    ..parameter.clone()
                })),
                GenericParam::Const(parameter) => {
                    let mut parameter = parameter.clone();
                    parameter.default = None;
                    carried.params.push(GenericParam::Const(parameter));
                }
            }
        }
        for predicate in generics.where_clause.iter().flat_map(|clause| &clause.predicates) {
            if let Some(predicate) = carry_predicate(predicate, selves)? {
                carried.make_where_clause().predicates.push(predicate);
            }
        }
    }
    Ok(carried)
}

/// Leaves out what is about the mock itself, which the compiler checks on its own, and what only the method's lifetimes say.
fn carry_predicate(predicate: &WherePredicate, selves: &Selves<'_>) -> Result<Option<WherePredicate>> {
    let WherePredicate::Type(predicate) = predicate else { return Ok(None) };
    let mut predicate = predicate.clone();
    if selves.name(&mut predicate.bounded_ty)? || predicate_borrows(&predicate) {
        return Ok(None);
    }
    predicate.bounds = bounds(&predicate.bounds, predicate.lifetimes.as_ref(), selves)?;
    Ok((!predicate.bounds.is_empty()).then_some(WherePredicate::Type(predicate)))
}

type Bounds = Punctuated<TypeParamBound, Token![+]>;

fn bounds(bounds: &Bounds, binder: Option<&BoundLifetimes>, selves: &Selves<'_>) -> Result<Bounds> {
    let mut carried = Bounds::new();
    for bound in bounds {
        let mut bound = bound.clone();
        let is_about_self = selves.name_in(|namer| namer.visit_type_param_bound_mut(&mut bound))?;
        if !is_about_self && !bound_borrows(&bound, binder) {
            carried.push(bound);
        }
    }
    Ok(carried)
}

fn with_static(mut bounds: Bounds) -> Bounds {
    if !bounds.iter().any(is_static) {
        bounds.push(parse_quote!('static));
    }
    bounds
}

pub(super) fn is_static(bound: &TypeParamBound) -> bool {
    matches!(bound, TypeParamBound::Lifetime(lifetime) if lifetime.ident == "static")
}

fn is_unsized(bound: &TypeParamBound) -> bool {
    matches!(bound, TypeParamBound::Trait(bound) if bound.maybe.is_some())
}

/// Traits which what borrows may have, by names that everybody knows. One of somebody's own that has such a name, and says `'static`, loses nothing
/// where that is written out.
const OF_WHAT_BORROWS: [&str; 33] = [
    "AsMut",
    "AsRef",
    "AsyncFn",
    "AsyncFnMut",
    "AsyncFnOnce",
    "AsyncRead",
    "AsyncWrite",
    "Borrow",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "DeserializeOwned",
    "Display",
    "Eq",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "Future",
    "Hash",
    "Into",
    "IntoIterator",
    "Iterator",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Send",
    "Serialize",
    "Sized",
    "Sync",
    "ToString",
];

fn is_of_what_borrows(bound: &TypeParamBound) -> bool {
    let TypeParamBound::Trait(bound) = bound else { return false };
    let name = bound.path.segments.last().map(|segment| segment.ident.to_string());
    bound.maybe.is_some() || name.is_some_and(|name| OF_WHAT_BORROWS.contains(&name.as_str()))
}

/// The parameters that may be without a size.
pub(super) fn unsized_parameters<'a>(all: impl IntoIterator<Item = &'a Generics>) -> BTreeSet<Ident> {
    let of = |generics: &'a Generics| {
        generics.type_params().filter(|parameter| all_bounds(generics, &parameter.ident).any(is_unsized))
    };
    all.into_iter().flat_map(of).map(|parameter| parameter.ident.clone()).collect()
}

/// The type parameters that may borrow, as far as a macro can see: a trait may say that what implements it is `'static`.
pub(super) fn not_static(generics: &Generics) -> impl Iterator<Item = &TypeParam> {
    let may_say =
        |bound: &_| is_static(bound) || matches!(bound, TypeParamBound::Trait(_)) && !is_of_what_borrows(bound);
    generics.type_params().filter(move |parameter| !all_bounds(generics, &parameter.ident).any(may_say))
}

/// What stands at the parameter and in the `where` clause.
pub(super) fn all_bounds<'a>(generics: &'a Generics, name: &'a Ident) -> impl Iterator<Item = &'a TypeParamBound> {
    let inline = generics.type_params().filter(move |parameter| parameter.ident == *name);
    let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let elsewhere = predicates.filter_map(move |predicate| match predicate {
        WherePredicate::Type(predicate)
            if last(&predicate.bounded_ty).is_some_and(|segment| segment.ident == *name) =>
        {
            Some(&predicate.bounds)
        }
        _ => None,
    });
    inline.map(|parameter| &parameter.bounds).chain(elsewhere).flatten()
}

/// The names of the types and constants: `Q, LENGTH`.
pub(super) fn names(generics: &Generics) -> Vec<&Ident> {
    let name = |parameter| match parameter {
        &GenericParam::Lifetime(_) => None,
        GenericParam::Type(parameter) => Some(&parameter.ident),
        GenericParam::Const(parameter) => Some(&parameter.ident),
    };
    generics.params.iter().filter_map(name).collect()
}

/// A type that has all type parameters in it, and demands nothing of them.
pub(super) fn phantom(generics: &Generics) -> TokenStream {
    let parameters = generics.type_params().map(|parameter| &parameter.ident);
    quote!(::core::marker::PhantomData<(#(fn(&#parameters),)*)>)
}
