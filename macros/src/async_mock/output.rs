use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Error, GenericArgument, Ident, PathArguments, Result, Type, TypeParamBound, TypePath, TypeTraitObject, parse_quote,
};

use super::lifetimes::{borrows, bound_borrows, with};
use super::pointee::{Pointee, arguments, last, peel};

/// What a function gives: what an answer has to give for it, and how the one becomes the other.
pub(super) enum Output {
    /// Given as it is.
    Owned(Type),
    /// A reference, to what the answer gave.
    Lent { pointee: Pointee, is_mutable: bool },
    /// An `Option` or a `Result` with such a reference inside.
    Within { around: Type, inside: Box<Self> },
    /// A boxed iterator over what borrows.
    Iterator(Type),
    /// `!`: no answer gives anything.
    Never,
}

impl Output {
    pub(super) fn of(ty: &Type, unsized_parameters: &BTreeSet<Ident>) -> Self {
        if let Type::Never(_) = peel(ty) {
            return Self::Never;
        }
        if let Type::Reference(reference) = peel(ty)
            && reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static")
        {
            let pointee = Pointee::of(&reference.elem, unsized_parameters);
            return Self::Lent { pointee, is_mutable: reference.mutability.is_some() };
        }
        if is_iterator(ty) && fixed(ty).len() == 1 {
            return Self::Iterator(ty.clone());
        }
        let is_around = |name: &Ident| name == "Option" || name == "Result";
        let inside = last(ty).filter(|last| is_around(&last.ident)).and_then(|last| arguments(last).next());
        match inside.map(|inside| Self::of(inside, unsized_parameters)) {
            None | Some(Self::Owned(_) | Self::Never) => Self::Owned(ty.clone()),
            Some(inside) => Self::Within { around: ty.clone(), inside: inside.into() },
        }
    }

    /// Refuses what an answer cannot become.
    pub(super) fn check(&self) -> Result<()> {
        let ty = match self {
            Self::Never | Self::Iterator(_) => return Ok(()),
            Self::Within { inside, .. } => return inside.check(),
            Self::Owned(ty) => ty,
            Self::Lent { pointee, .. } => pointee.ty(),
        };
        match fixed(ty).first() {
            None => Ok(()),
            Some(object) => Err(Error::new_spanned(
                object,
                "an answer lives for ever, and a `dyn` with a borrow in it cannot be given for a shorter time: \
                 of these only `Box<dyn Iterator<Item = &T> + '_>` can be mocked; have others give what is owned",
            )),
        }
    }

    /// What an answer gives.
    pub(super) fn owned(&self, mock: &TokenStream) -> Type {
        let ty = match self {
            Self::Owned(ty) | Self::Iterator(ty) => ty.clone(),
            Self::Lent { pointee, .. } => pointee.owner(mock),
            Self::Within { around, inside } => replace_first(peel(around), &inside.owned(mock)),
            Self::Never => parse_quote!(::core::convert::Infallible),
        };
        with(&ty, &parse_quote!('static))
    }

    /// Whether the function's own type is that of the answer, letter for letter.
    pub(super) fn is_verbatim(&self) -> bool {
        matches!(self, Self::Owned(ty) if !borrows(ty))
    }

    /// Makes the function's output from the answer's. What a reference points to lives for ever, since nothing says who would
    /// keep it.
    pub(super) fn lend(&self, mock: &TokenStream, value: &TokenStream) -> TokenStream {
        match self {
            Self::Owned(_) => value.clone(),
            Self::Lent { pointee, is_mutable } => {
                let leaked = pointee.leak(mock, value);
                if *is_mutable { leaked } else { quote!(&*#leaked) }
            }
            Self::Within { inside, .. } => {
                let lent = inside.lend(mock, &quote!(value));
                quote!((#value).map(|value| #lent))
            }
            // What its items borrow is not made shorter with the iterator, but with each item.
            Self::Iterator(ty) => {
                quote!((::std::boxed::Box::new(::core::iter::Iterator::map(#value, |item| item)) as #ty))
            }
            Self::Never => quote!(match #value {}),
        }
    }

    /// The same, as what the function returns.
    pub(super) fn give(&self, mock: &TokenStream, value: &TokenStream) -> TokenStream {
        let lent = self.lend(mock, value);
        // What follows a `!` is never reached, not even a `return`.
        if matches!(self, Self::Never) { lent } else { quote!(return #lent;) }
    }
}

/// The type of an `async fn`'s output where it is written as that of a future.
pub(super) fn of_future(ty: Type, mock: &TokenStream) -> Type {
    // Which is not stable to write there.
    if let Type::Never(_) = ty { parse_quote!(<fn() -> ! as #mock::Gives>::Output) } else { ty }
}

/// Whether a type is a `Box<dyn Iterator>`.
fn is_iterator(ty: &Type) -> bool {
    let boxed = last(ty).filter(|last| last.ident == "Box").and_then(|last| arguments(last).next()).map(peel);
    let Some(Type::TraitObject(object)) = boxed else { return false };
    object.bounds.iter().any(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return false };
        let name = bound.path.segments.last().map(|segment| segment.ident.to_string());
        matches!(name.as_deref(), Some("Iterator" | "DoubleEndedIterator" | "ExactSizeIterator"))
    })
}

/// Each `dyn` in a type that has a borrow among its parameters, for which no other lifetime can stand.
fn fixed(ty: &Type) -> Vec<TypeTraitObject> {
    struct Finder(Vec<TypeTraitObject>);

    impl VisitMut for Finder {
        fn visit_type_trait_object_mut(&mut self, object: &mut TypeTraitObject) {
            let is_trait = |bound: &&TypeParamBound| matches!(bound, TypeParamBound::Trait(_));
            if object.bounds.iter().filter(is_trait).any(|bound| bound_borrows(bound, None)) {
                self.0.push(object.clone());
            }
            visit_mut::visit_type_trait_object_mut(self, object);
        }
    }

    let mut finder = Finder(Vec::new());
    finder.visit_type_mut(&mut ty.clone());
    finder.0
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
