use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericArgument, Ident, PathArguments, PathSegment, Type, TypePath, parse_quote};

use super::lifetimes::with;

/// What a reference points to, and the type that owns such a thing.
pub(super) enum Pointee {
    /// Its type knows the owner.
    Known(Type),
    /// `dyn Trait`, or a parameter that may be one: only a box owns it.
    Unsized(Type),
}

impl Pointee {
    /// Given the parameters that are `?Sized`.
    pub(super) fn of(ty: &Type, unsized_parameters: &BTreeSet<Ident>) -> Self {
        match peel(ty) {
            object @ Type::TraitObject(_) => Self::Unsized(object.clone()),
            Type::Path(TypePath { qself: None, path, .. })
                if path.get_ident().is_some_and(|name| unsized_parameters.contains(name)) =>
            {
                Self::Unsized(ty.clone())
            }
            other => Self::Known(other.clone()),
        }
    }

    pub(super) fn owner(&self, mock: &TokenStream) -> Type {
        match self {
            Self::Known(ty) => parse_quote!(<#ty as #mock::Pointee>::Owner),
            Self::Unsized(ty) => parse_quote!(::std::boxed::Box<#ty>),
        }
    }

    /// Makes a reference that lives for ever of the owner.
    pub(super) fn leak(&self, mock: &TokenStream, owner: &TokenStream) -> TokenStream {
        match self {
            Self::Known(ty) => {
                let ty = with(ty, &parse_quote!('static));
                quote!(<#ty as #mock::Pointee>::leak(#owner))
            }
            Self::Unsized(_) => quote!(::std::boxed::Box::leak(#owner)),
        }
    }

    pub(super) fn ty(&self) -> &Type {
        match self {
            Self::Known(ty) | Self::Unsized(ty) => ty,
        }
    }
}

/// A type without parentheses around it.
pub(super) fn peel(ty: &Type) -> &Type {
    match ty {
        Type::Paren(paren) => peel(&paren.elem),
        Type::Group(group) => peel(&group.elem),
        other => other,
    }
}

/// The last segment of a type that is a path.
pub(super) fn last(ty: &Type) -> Option<&PathSegment> {
    match peel(ty) {
        Type::Path(TypePath { qself: None, path, .. }) => path.segments.last(),
        _ => None,
    }
}

/// The types between the angle brackets.
pub(super) fn arguments(segment: &PathSegment) -> impl DoubleEndedIterator<Item = &Type> {
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        _ => None,
    };
    arguments.into_iter().flatten().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
