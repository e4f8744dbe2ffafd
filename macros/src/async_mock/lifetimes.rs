//! What a type borrows, and for how long.

use std::collections::BTreeSet;

use syn::visit_mut::{self, VisitMut};
use syn::{
    BoundLifetimes, GenericParam, Lifetime, ParenthesizedGenericArguments, PredicateType, TraitBound, Type, TypeFnPtr,
    TypeParamBound, TypeReference, parse_quote,
};

/// Whether a type has a lifetime in it other than `'static`.
pub(super) fn borrows(ty: &Type) -> bool {
    let mut one = One::new(parse_quote!('static));
    one.visit_type_mut(&mut ty.clone());
    one.is_found
}

/// The type with one lifetime in the place of all.
pub(super) fn with(ty: &Type, lifetime: &Lifetime) -> Type {
    let mut ty = ty.clone();
    One::new(lifetime.clone()).visit_type_mut(&mut ty);
    ty
}

/// The lifetimes that types have between them, other than `'static`.
pub(super) struct Lifetimes {
    pub(super) named: BTreeSet<Lifetime>,
    /// How many there are without a name.
    pub(super) elided: usize,
}

impl Lifetimes {
    pub(super) fn of<'a>(types: impl IntoIterator<Item = &'a Type>) -> Self {
        let mut one = One::new(parse_quote!('static));
        for ty in types {
            one.visit_type_mut(&mut ty.clone());
        }
        Self { named: one.named, elided: one.elided }
    }

    pub(super) fn count(&self) -> usize {
        self.named.len() + self.elided
    }
}

/// Whether all lifetimes of a type are the one.
pub(super) fn are_all(ty: &Type, lifetime: &Lifetime) -> bool {
    let mut one = One { bound: vec![lifetime.clone()], ..One::new(parse_quote!('static)) };
    one.visit_type_mut(&mut ty.clone());
    !one.is_found
}

/// Whether a bound has a lifetime in it that only the method knows.
pub(super) fn bound_borrows(bound: &TypeParamBound, binder: Option<&BoundLifetimes>) -> bool {
    let mut one = One::new(parse_quote!('static));
    one.bind(binder);
    one.visit_type_param_bound_mut(&mut bound.clone());
    one.is_found
}

/// Whether the bounded type of a predicate has a lifetime in it that only the method knows.
pub(super) fn predicate_borrows(predicate: &PredicateType) -> bool {
    let mut one = One::new(parse_quote!('static));
    one.bind(predicate.lifetimes.as_ref());
    one.visit_type_mut(&mut predicate.bounded_ty.clone());
    one.is_found
}

struct One {
    to: Lifetime,
    /// Of a `for<'a>` around.
    bound: Vec<Lifetime>,
    /// In how many `fn(..)` and `Fn(..)`: what is elided there is nobody else's.
    functions: usize,
    is_found: bool,
    named: BTreeSet<Lifetime>,
    elided: usize,
}

impl One {
    fn new(to: Lifetime) -> Self {
        Self { to, bound: Vec::new(), functions: 0, is_found: false, named: BTreeSet::new(), elided: 0 }
    }

    /// Gives how many are bound by now.
    fn bind(&mut self, binder: Option<&BoundLifetimes>) -> usize {
        let before = self.bound.len();
        for parameter in binder.iter().flat_map(|binder| &binder.lifetimes) {
            if let GenericParam::Lifetime(parameter) = parameter {
                self.bound.push(parameter.lifetime.clone());
            }
        }
        before
    }
}

impl VisitMut for One {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        let is_elsewhere = lifetime.ident == "static" || self.bound.contains(lifetime);
        if is_elsewhere || (lifetime.ident == "_" && self.functions > 0) {
            return;
        }
        self.is_found = true;
        if lifetime.ident == "_" {
            self.elided += 1;
        } else {
            self.named.insert(lifetime.clone());
        }
        lifetime.ident = self.to.ident.clone();
    }

    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        if reference.lifetime.is_none() && self.functions == 0 {
            reference.lifetime = Some(self.to.clone());
            self.is_found = true;
            self.elided += 1;
            self.visit_type_mut(&mut reference.elem);
        } else {
            visit_mut::visit_type_reference_mut(self, reference);
        }
    }

    fn visit_type_fn_ptr_mut(&mut self, function: &mut TypeFnPtr) {
        let before = self.bind(function.lifetimes.as_ref());
        self.functions += 1;
        visit_mut::visit_type_fn_ptr_mut(self, function);
        self.functions -= 1;
        self.bound.truncate(before);
    }

    fn visit_trait_bound_mut(&mut self, bound: &mut TraitBound) {
        let before = self.bind(bound.lifetimes.as_ref());
        visit_mut::visit_trait_bound_mut(self, bound);
        self.bound.truncate(before);
    }

    fn visit_parenthesized_generic_arguments_mut(&mut self, arguments: &mut ParenthesizedGenericArguments) {
        self.functions += 1;
        visit_mut::visit_parenthesized_generic_arguments_mut(self, arguments);
        self.functions -= 1;
    }

    fn visit_bound_lifetimes_mut(&mut self, _: &mut BoundLifetimes) {}
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;
    use syn::{Type, parse_quote};

    use super::*;

    #[test]
    fn all_lifetimes_become_one_except_those_bound_inside() {
        let cases: [(Type, Type); 6] = [
            (parse_quote!(&str), parse_quote!(&'x str)),
            (parse_quote!(Map<'_, &'a [Key<'b>]>), parse_quote!(Map<'x, &'x [Key<'x>]>)),
            (parse_quote!(&'static str), parse_quote!(&'static str)),
            (parse_quote!(Box<dyn Fn(&str, Key<'_>) -> &str>), parse_quote!(Box<dyn Fn(&str, Key<'_>) -> &str>)),
            (parse_quote!(for<'a> fn(&'a str, &'b str)), parse_quote!(for<'a> fn(&'a str, &'x str))),
            (parse_quote!(&dyn for<'a> Ask<'a, 'b>), parse_quote!(&'x dyn for<'a> Ask<'a, 'x>)),
        ];

        for (ty, expected) in cases {
            let one = with(&ty, &parse_quote!('x));
            assert_eq!(one.to_token_stream().to_string(), expected.to_token_stream().to_string());
            assert_eq!(borrows(&ty), one.to_token_stream().to_string() != ty.to_token_stream().to_string());
        }
    }
}
