use syn::{
    CapturedParam, Error, GenericArgument, GenericParam, Generics, Lifetime, LifetimeParam, PathArguments, Receiver,
    ReceiverKind, ReturnType, Signature, Type, TypeParamBound, WherePredicate, parse_quote,
};

use super::argument::Argument;
use super::form::Form;
use super::lifetimes::{Lifetimes, with};
use super::pointee::{arguments, last, peel};
use super::shown::text;

/// How much of what a method is given its future may borrow.
pub(super) enum Reach {
    /// All of it.
    All,
    /// What lives as long as this.
    Named(Lifetime),
    /// None of its arguments: it borrows only the receiver, or nothing.
    Nothing,
}

impl Reach {
    pub(super) fn of(signature: &Signature, form: Form) -> Self {
        let ReturnType::Type(_, ty) = &signature.output else { return Self::All };
        let lifetime = match form {
            Form::Sync | Form::Native => return Self::All,
            Form::Opaque => match (lifetime(ty), captured(ty).as_deref()) {
                (Some(bound), _) => Some(bound),
                (None, Some([])) => None,
                (None, Some([one])) => Some(one.clone()),
                (None, None | Some(_)) => return Self::All,
            },
            Form::Boxed => lifetime(ty),
        };
        match lifetime {
            None => Self::Nothing,
            Some(lifetime) if lifetime.ident == "static" => Self::Nothing,
            Some(lifetime) if lifetime.ident == "_" => match signature.receiver().map(Self::of_receiver) {
                // The one thing that is borrowed.
                None | Some(None) => Self::All,
                Some(Some(reach)) => reach,
            },
            Some(lifetime) => Self::Named(lifetime),
        }
    }

    /// That of what borrows as the receiver does, if it does.
    fn of_receiver(receiver: &Receiver) -> Option<Self> {
        match &receiver.kind {
            ReceiverKind::Reference(_, Some(lifetime), _) if lifetime.ident != "_" => {
                Some(Self::Named(lifetime.clone()))
            }
            ReceiverKind::Reference(..) => Some(Self::Nothing),
            ReceiverKind::Typed(_, ty) => {
                let Lifetimes { named, elided } = Lifetimes::of([&**ty]);
                match named.into_iter().next() {
                    Some(lifetime) => Some(Self::Named(lifetime)),
                    None => (elided > 0).then_some(Self::Nothing),
                }
            }
            _ => None,
        }
    }

    /// Whether it reaches all that a call holds of an argument.
    pub(super) fn has(&self, argument: &Argument, generics: &Generics) -> bool {
        argument.reached().is_none_or(|ty| self.has_all(&ty, generics))
    }

    /// Whether it reaches all that this type borrows.
    fn has_all(&self, ty: &Type, generics: &Generics) -> bool {
        let Lifetimes { named, elided } = Lifetimes::of([ty]);
        match self {
            Self::All => true,
            Self::Named(end) => elided == 0 && named.iter().all(|lifetime| outlives(lifetime, end, generics)),
            Self::Nothing => elided == 0 && named.is_empty(),
        }
    }
}

/// Says that a future may not borrow an argument of which there is no copy.
pub(super) fn refusal(signature: &Signature, argument: &Argument) -> Error {
    let advice = format!(
        "the future may not borrow `{}`, and the mock has no copy of it that it could lend: name one lifetime for both, \
         as in `{}`",
        argument.name,
        with_one_lifetime(signature)
    );
    match &signature.output {
        ReturnType::Type(_, ty) => Error::new_spanned(ty, advice),
        ReturnType::Default => Error::new_spanned(signature, advice),
    }
}

/// The method as it is written so that its future may borrow all of it.
fn with_one_lifetime(signature: &Signature) -> String {
    let one: Lifetime = parse_quote!('a);
    let Signature { ident, generics, inputs, output, .. } = signature;
    let mut inputs = inputs.clone();
    for input in &mut inputs {
        match input {
            syn::FnArg::Typed(typed) => *typed.ty = with(&typed.ty, &one),
            syn::FnArg::Receiver(receiver) => match &mut receiver.kind {
                ReceiverKind::Reference(_, lifetime, _) => *lifetime = Some(one.clone()),
                ReceiverKind::Typed(_, ty) => **ty = with(ty, &one),
                _ => {}
            },
        }
    }
    let mut output = output.clone();
    if let ReturnType::Type(_, ty) = &mut output {
        **ty = with(ty, &one);
        if let Some(bounds) = bounds(ty).filter(|_| lifetime(ty).is_none()) {
            let bounded = bounds.iter().cloned().chain([TypeParamBound::Lifetime(one.clone())]);
            let bounded: Vec<_> = bounded.collect();
            **ty = parse_quote!(Pin<Box<dyn #(#bounded)+*>>);
        }
    }
    let others = generics.params.iter().filter(|parameter| !matches!(parameter, GenericParam::Lifetime(_)));
    let parameters = [GenericParam::Lifetime(LifetimeParam::new(one))];
    let parameters = parameters.iter().chain(others);
    text(quote::quote!(fn #ident<#(#parameters),*>(#inputs) #output))
}

/// The lifetime of a future's type, if it says one.
fn lifetime(ty: &Type) -> Option<Lifetime> {
    if let Some(bounds) = bounds(ty) {
        return bounds.into_iter().find_map(|bound| match bound {
            TypeParamBound::Lifetime(lifetime) => Some(lifetime),
            _ => None,
        });
    }
    let PathArguments::AngleBracketed(arguments) = &last(ty)?.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Lifetime(lifetime) => Some(lifetime.clone()),
        _ => None,
    })
}

/// The bounds of an `impl Future`, or of the `dyn Future` in a `Pin<Box<..>>`.
fn bounds(ty: &Type) -> Option<Vec<TypeParamBound>> {
    let bounds = match peel(ty) {
        Type::ImplTrait(opaque) => &opaque.bounds,
        ty => match arguments(last(arguments(last(ty)?).next()?)?).next().map(peel)? {
            Type::TraitObject(object) => &object.bounds,
            _ => return None,
        },
    };
    Some(bounds.iter().cloned().collect())
}

/// The lifetimes that an `impl Future + use<..>` captures.
fn captured(ty: &Type) -> Option<Vec<Lifetime>> {
    let bounds = bounds(ty)?;
    let captures = bounds.iter().find_map(|bound| match bound {
        TypeParamBound::PreciseCapture(captures) => Some(captures),
        _ => None,
    })?;
    let lifetime = |parameter: &CapturedParam| match parameter {
        CapturedParam::Lifetime(lifetime) => Some(lifetime.clone()),
        _ => None,
    };
    Some(captures.params.iter().filter_map(lifetime).collect())
}

/// Whether the method says that one lifetime outlives the other.
fn outlives(longer: &Lifetime, shorter: &Lifetime, generics: &Generics) -> bool {
    let mut all = vec![longer.clone()];
    let mut next = 0;
    while let Some(lifetime) = all.get(next).cloned() {
        if lifetime == *shorter {
            return true;
        }
        let inline = generics.lifetimes().filter(|parameter| parameter.lifetime == lifetime);
        let inline = inline.flat_map(|parameter| &parameter.bounds);
        let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
        let elsewhere = predicates.filter_map(|predicate| match predicate {
            WherePredicate::Lifetime(predicate) if predicate.lifetime == lifetime => Some(&predicate.bounds),
            _ => None,
        });
        let fresh: Vec<_> = inline.chain(elsewhere.flatten()).filter(|bound| !all.contains(bound)).cloned().collect();
        all.extend(fresh);
        next += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use quote::quote;
    use syn::parse_quote;

    use super::*;

    fn reaches(signature: &Signature) -> Vec<bool> {
        let (form, _) = Form::of(signature).unwrap();
        let reach = Reach::of(signature, form);
        let typed = signature.inputs.iter().filter_map(|input| match input {
            syn::FnArg::Typed(typed) => Some(&*typed.ty),
            syn::FnArg::Receiver(_) => None,
        });
        typed.map(|ty| reach.has_all(ty, &signature.generics)).collect()
    }

    #[test]
    fn a_future_reaches_what_lives_as_long_as_it_does() {
        let cases: [(Signature, &[bool]); 11] = [
            (parse_quote!(fn f(&self, a: &str, b: u8) -> BoxFuture<'_, u8>), &[false, true]),
            (parse_quote!(fn f(self: Arc<Self>, a: &str) -> BoxFuture<'_, u8>), &[true]),
            (parse_quote!(fn f<'a>(&'a self, a: &'a str, b: &str) -> BoxFuture<'_, u8>), &[true, false]),
            (parse_quote!(fn f(&self, a: &str) -> Pin<Box<dyn Future<Output = u8>>>), &[false]),
            (parse_quote!(fn f<'a>(&self, a: &'a str) -> Pin<Box<dyn Future<Output = u8> + 'a>>), &[true]),
            (parse_quote!(fn f<'a, 'b: 'a>(&'a self, a: &'b str) -> BoxFuture<'a, u8>), &[true]),
            (parse_quote!(fn f<'a, 'b, 'c>(&self, a: &'b str) -> BoxFuture<'a, u8> where 'b: 'c, 'c: 'a), &[true]),
            (parse_quote!(fn f(&self, a: &str, b: &str) -> impl Future<Output = u8>), &[true, true]),
            (parse_quote!(fn f(&self, a: &str) -> impl Future<Output = u8> + '_), &[false]),
            (parse_quote!(fn f(&self, a: &str, b: u8) -> impl Future<Output = u8> + use<Self>), &[false, true]),
            (
                parse_quote!(fn f<'a>(&self, a: &'a str, b: &str) -> impl Future<Output = u8> + use<'a, Self>),
                &[true, false],
            ),
        ];

        for (signature, expected) in cases {
            assert_eq!(reaches(&signature), expected, "{}", quote!(#signature));
        }
    }

    #[test]
    fn what_to_write_has_one_lifetime() {
        let cases: [(Signature, &str); 3] = [
            (
                parse_quote!(fn f(&self, a: &mut u8) -> BoxFuture<'_, u8>),
                "fn f<'a>(&'a self, a: &'a mut u8) -> BoxFuture<'a, u8>",
            ),
            (
                parse_quote!(fn f<'x, T>(&'x self, a: Key<'_>) -> Pin<Box<dyn Future<Output = T>>>),
                "fn f<'a, T>(&'a self, a: Key<'a>) -> Pin<Box<dyn Future<Output = T> + 'a>>",
            ),
            (
                parse_quote!(fn f(&self, a: Key<'_>) -> impl Future<Output = u8> + '_),
                "fn f<'a>(&'a self, a: Key<'a>) -> impl Future<Output = u8> + 'a",
            ),
        ];

        for (signature, expected) in cases {
            assert_eq!(with_one_lifetime(&signature), expected);
        }
    }
}
