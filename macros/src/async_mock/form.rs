use syn::visit_mut::VisitMut;
use syn::{
    Error, GenericArgument, PathArguments, Result, ReturnType, Signature, Type, TypeImplTrait, TypeParamBound,
    parse_quote,
};

use super::pointee::{arguments, last, peel};

/// How a function is async, if it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Sync,
    /// `async fn`
    Native,
    /// `-> impl Future`
    Opaque,
    /// `-> Pin<Box<dyn Future>>`, `-> BoxFuture`
    Boxed,
}

impl Form {
    /// Gives the form, and what the function gives in the end.
    pub(super) fn of(signature: &Signature) -> Result<(Self, Type)> {
        let ty = match &signature.output {
            ReturnType::Default => parse_quote!(()),
            ReturnType::Type(_, ty) => (**ty).clone(),
        };
        let is_async = signature.asyncness.is_some();
        let (form, output) = match future(&ty) {
            _ if is_async => (Self::Native, ty),
            Some(found) => found,
            None => (Self::Sync, ty),
        };
        match impl_trait(&output) {
            Some(opaque) => Err(Error::new_spanned(
                opaque,
                "an answer cannot name this type: return a boxed trait object, such as `Box<dyn Iterator<Item = u64>>`; \
                 of `impl Trait` only `impl Future<Output = ..>` can be mocked",
            )),
            None => Ok((form, output)),
        }
    }
}

/// The form and the output of a type that is a future.
fn future(ty: &Type) -> Option<(Form, Type)> {
    if let Type::ImplTrait(opaque) = peel(ty) {
        return opaque.bounds.iter().find_map(output).map(|output| (Form::Opaque, output));
    }
    let segment = last(ty)?;
    let output = match segment.ident.to_string().as_str() {
        "BoxFuture" | "LocalBoxFuture" => arguments(segment).next_back().cloned(),
        "Pin" => {
            let boxed = arguments(segment).next().and_then(last).filter(|segment| segment.ident == "Box")?;
            match arguments(boxed).next().map(peel) {
                Some(Type::TraitObject(object)) => object.bounds.iter().find_map(output),
                _ => None,
            }
        }
        _ => None,
    };
    output.map(|output| (Form::Boxed, output))
}

/// The `Output` of a bound that is a `Future`.
fn output(bound: &TypeParamBound) -> Option<Type> {
    let TypeParamBound::Trait(bound) = bound else { return None };
    let segment = bound.path.segments.last().filter(|segment| segment.ident == "Future")?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(output) if output.ident == "Output" => Some(output.ty.clone()),
        _ => None,
    })
}

/// What a type says `impl` of.
pub(super) fn impl_trait(ty: &Type) -> Option<TypeImplTrait> {
    struct Finder(Option<TypeImplTrait>);

    impl VisitMut for Finder {
        fn visit_type_impl_trait_mut(&mut self, opaque: &mut TypeImplTrait) {
            self.0.get_or_insert_with(|| opaque.clone());
        }
    }

    let mut finder = Finder(None);
    finder.visit_type_mut(&mut ty.clone());
    finder.0
}
