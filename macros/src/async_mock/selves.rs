use std::collections::BTreeMap;

use syn::visit_mut::{self, VisitMut};
use syn::{Error, Ident, Type, TypePath};

use super::faults::Faults;

/// What `Self` is outside of the trait: the mock; and `Self::Error` the type that the attribute was given.
pub(super) struct Selves<'a> {
    pub(super) mock: &'a Type,
    pub(super) types: &'a BTreeMap<Ident, Type>,
}

impl Selves<'_> {
    /// Says `Self` by its name; gives whether the type speaks of the mock itself.
    pub(super) fn name(&self, ty: &mut Type) -> syn::Result<bool> {
        self.name_in(|visitor| visitor.visit_type_mut(ty))
    }

    /// The same for whatever is visited.
    pub(super) fn name_in(&self, visit: impl FnOnce(&mut Namer<'_>)) -> syn::Result<bool> {
        let mut namer = Namer { selves: self, is_found: false, faults: Faults::default() };
        visit(&mut namer);
        namer.faults.or(namer.is_found)
    }

    fn associated(&self, name: &Ident) -> syn::Result<Type> {
        self.types.get(name).cloned().ok_or_else(|| {
            Error::new(name.span(), format!("nothing says what `{name}` is: write `#[async_mock(type {name} = ..)]`"))
        })
    }
}

pub(super) struct Namer<'a> {
    selves: &'a Selves<'a>,
    is_found: bool,
    faults: Faults,
}

impl VisitMut for Namer<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        let Type::Path(TypePath { qself, path, .. }) = &*ty else {
            return visit_mut::visit_type_mut(self, ty);
        };
        let is_self = |ty: &Type| matches!(ty, Type::Path(TypePath { qself: None, path, .. }) if path.is_ident("Self"));
        let last = path.segments.last().map(|segment| segment.ident.clone());
        let named = match (qself, last) {
            // `<Self as Trait>::Error`
            (Some(qself), Some(last)) if is_self(&qself.ty) && self.selves.types.contains_key(&last) => {
                self.selves.associated(&last)
            }
            (None, Some(last)) if path.segments[0].ident == "Self" && path.segments.len() == 2 => {
                self.selves.associated(&last)
            }
            (None, _) if path.is_ident("Self") => {
                self.is_found = true;
                Ok(self.selves.mock.clone())
            }
            (None, _) if path.segments[0].ident == "Self" => {
                Err(Error::new_spanned(path, "write this type with its trait: `<Self::Type as Trait>::Other`"))
            }
            _ => return visit_mut::visit_type_mut(self, ty),
        };
        if let Some(named) = self.faults.keep(named) {
            *ty = named;
        }
    }
}
