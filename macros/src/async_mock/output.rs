use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericArgument, Ident, PathArguments, Type, TypePath, parse_quote};

use super::lifetimes::{borrows, with};
use super::pointee::{Pointee, arguments, last, peel};

/// What a function gives: what an answer has to give for it, and how the one becomes the other.
pub(super) enum Output {
    /// Given as it is.
    Owned(Type),
    /// A reference, to what the answer gave.
    Lent { pointee: Pointee, is_mutable: bool },
    /// An `Option` or a `Result` with such a reference inside.
    Within { around: Type, inside: Box<Self> },
}

impl Output {
    pub(super) fn of(ty: &Type, unsized_parameters: &BTreeSet<Ident>) -> Self {
        if let Type::Reference(reference) = peel(ty)
            && reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static")
        {
            let pointee = Pointee::of(&reference.elem, unsized_parameters);
            return Self::Lent { pointee, is_mutable: reference.mutability.is_some() };
        }
        let is_around = |name: &Ident| name == "Option" || name == "Result";
        let inside = last(ty).filter(|last| is_around(&last.ident)).and_then(|last| arguments(last).next());
        match inside.map(|inside| Self::of(inside, unsized_parameters)) {
            None | Some(Self::Owned(_)) => Self::Owned(ty.clone()),
            Some(inside) => Self::Within { around: ty.clone(), inside: inside.into() },
        }
    }

    /// What an answer gives.
    pub(super) fn owned(&self) -> Type {
        let ty = match self {
            Self::Owned(ty) => ty.clone(),
            Self::Lent { pointee, .. } => pointee.owner(),
            Self::Within { around, inside } => replace_first(peel(around), &inside.owned()),
        };
        with(&ty, &parse_quote!('static))
    }

    /// Whether the function's own type is that of the answer, letter for letter.
    pub(super) fn is_verbatim(&self) -> bool {
        matches!(self, Self::Owned(ty) if !borrows(ty))
    }

    /// Makes the function's output from the answer's. What a reference points to lives for ever, since nothing says who would
    /// keep it.
    pub(super) fn lend(&self, value: &TokenStream) -> TokenStream {
        match self {
            Self::Owned(_) => value.clone(),
            Self::Lent { pointee, is_mutable } => {
                let leaked = match pointee {
                    Pointee::Unsized(_) => quote!(::std::boxed::Box::leak(#value)),
                    Pointee::Deref(_) | Pointee::Sized(_) => {
                        quote!(::std::boxed::Box::leak(::std::boxed::Box::new(#value)))
                    }
                };
                match (pointee, is_mutable) {
                    (Pointee::Deref(_), true) => quote!(&mut **#leaked),
                    (Pointee::Deref(_), false) => quote!(&**#leaked),
                    (_, true) => leaked,
                    (_, false) => quote!(&*#leaked),
                }
            }
            Self::Within { inside, .. } => {
                let lent = inside.lend(&quote!(value));
                quote!((#value).map(|value| #lent))
            }
        }
    }
}

fn replace_first(ty: &Type, by: &Type) -> Type {
    let mut ty = ty.clone();
    if let Type::Path(TypePath { path, .. }) = &mut ty
        && let Some(PathArguments::AngleBracketed(arguments)) =
            path.segments.last_mut().map(|segment| &mut segment.arguments)
    {
        let first = arguments.args.iter_mut().find_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        });
        if let Some(first) = first {
            *first = by.clone();
        }
    }
    ty
}
