use std::collections::BTreeSet;

use syn::{GenericArgument, Ident, PathArguments, PathSegment, Type, TypePath, TypeSlice, parse_quote};

/// What a reference points to, and the type that owns such a thing.
pub(super) enum Pointee {
    /// `str`, `[T]`, `Path`, `OsStr`, `CStr`: the owner derefs to it.
    Deref(Type),
    /// The owner is the thing itself.
    Sized(Type),
    /// `dyn Trait`, or a parameter that may be one: only a box owns it.
    Unsized(Type),
}

impl Pointee {
    /// Given the parameters that are `?Sized`.
    pub(super) fn of(ty: &Type, unsized_parameters: &BTreeSet<Ident>) -> Self {
        match peel(ty) {
            Type::Slice(TypeSlice { elem, .. }) => Self::Deref(parse_quote!(::std::vec::Vec<#elem>)),
            object @ Type::TraitObject(_) => Self::Unsized(object.clone()),
            Type::Path(TypePath { qself: None, path, .. }) => {
                if path.get_ident().is_some_and(|name| unsized_parameters.contains(name)) {
                    return Self::Unsized(ty.clone());
                }
                match path.segments.last().map(|last| (last.ident.to_string(), &last.arguments)) {
                    Some((name, PathArguments::None)) => match name.as_str() {
                        "str" => Self::Deref(parse_quote!(::std::string::String)),
                        "Path" => Self::Deref(parse_quote!(::std::path::PathBuf)),
                        "OsStr" => Self::Deref(parse_quote!(::std::ffi::OsString)),
                        "CStr" => Self::Deref(parse_quote!(::std::ffi::CString)),
                        _ => Self::Sized(ty.clone()),
                    },
                    _ => Self::Sized(ty.clone()),
                }
            }
            other => Self::Sized(other.clone()),
        }
    }

    pub(super) fn owner(&self) -> Type {
        match self {
            Self::Deref(owner) | Self::Sized(owner) => owner.clone(),
            Self::Unsized(ty) => parse_quote!(::std::boxed::Box<#ty>),
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
