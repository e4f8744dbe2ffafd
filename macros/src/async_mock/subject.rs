use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{
    Attribute, Error, Expr, GenericParam, Generics, Ident, ItemTrait, Path, Result, TraitItem, TraitItemFn, Type,
    Visibility, parse_quote,
};

use super::args::{Args, Defaults};
use super::faults::Faults;
use super::generics::{carry, names, unsized_parameters};
use super::method::{Method, cfgs};
use super::selves::Selves;

/// The trait, and what its mock is made of.
pub(super) struct Subject<'a> {
    pub(super) standstill: &'a Path,
    pub(super) item: &'a ItemTrait,
    pub(super) mock: Ident,
    pub(super) visibility: &'a Visibility,
    pub(super) cfgs: Vec<Attribute>,
    /// Those of the trait, as the mock carries them.
    pub(super) generics: Generics,
    pub(super) methods: Vec<Method>,
    /// The associated types and constants.
    pub(super) associated: Vec<TokenStream>,
    ty: Type,
    types: &'a BTreeMap<Ident, Type>,
}

impl<'a> Subject<'a> {
    pub(super) fn parse(args: &'a Args, item: &'a ItemTrait) -> Result<Self> {
        let mut faults = Faults::default();
        refuse(item, &mut faults);
        let mock = format_ident!("Mock{}", item.ident);
        let names = names(&item.generics);
        let ty = if names.is_empty() { parse_quote!(#mock) } else { parse_quote!(#mock<#(#names),*>) };
        let associated = associated(args, item, &mut faults);
        // Further ones would only follow from these.
        faults.or(())?;
        let mut faults = Faults::default();
        let selves = Selves { mock: &ty, types: &args.types };
        let mut methods = Vec::new();
        for method in mocked(args, item, &mut faults) {
            let all = [&item.generics, &method.sig.generics];
            methods.extend(faults.keep(Method::parse(method, &selves, &unsized_parameters(all))));
        }
        let generics = faults.keep(carry([&item.generics], &selves)).unwrap_or_default();
        faults.or(Self {
            standstill: &args.standstill,
            item,
            mock,
            visibility: args.visibility.as_ref().unwrap_or(&item.vis),
            cfgs: cfgs(&item.attrs),
            generics,
            methods,
            associated,
            ty,
            types: &args.types,
        })
    }

    /// The trait's generics, and a method's own.
    pub(super) fn carry(&self, own: &[&Generics]) -> Result<Generics> {
        let selves = Selves { mock: &self.ty, types: self.types };
        carry(own.iter().copied(), &selves)
    }
}

/// What no trait with a mock may have.
fn refuse(item: &ItemTrait, faults: &mut Faults) {
    if let Some(token) = &item.unsafety {
        faults.push(Error::new_spanned(
            token,
            "an unsafe trait promises what a mock cannot keep: implement it by hand, with a `MockFn` for each method",
        ));
    }
    for parameter in &item.generics.params {
        if let GenericParam::Lifetime(parameter) = parameter {
            faults.push(Error::new_spanned(
                parameter,
                "a mock outlives what it is called with, so its trait cannot have a lifetime: put it on the methods",
            ));
        }
    }
    for part in &item.items {
        match part {
            TraitItem::Macro(call) => faults
                .push(Error::new_spanned(&call.mac.path, "what a macro gives is not seen here: write the methods out")),
            TraitItem::Verbatim(tokens) => faults.push(Error::new_spanned(tokens, "this cannot be mocked")),
            _ => {}
        }
    }
}

/// Gives the associated types and constants, as the attribute says them.
fn associated(args: &Args, item: &ItemTrait, faults: &mut Faults) -> Vec<TokenStream> {
    let mut associated = Vec::new();
    let mut missing: Vec<(Ident, String)> = Vec::new();
    let (mut types, mut consts): (Vec<&Ident>, Vec<&Ident>) = (Vec::new(), Vec::new());
    for part in &item.items {
        match part {
            TraitItem::Type(part) if !part.generics.params.is_empty() => faults.push(Error::new_spanned(
                &part.generics,
                "one type has to stand for all calls: an associated type cannot have parameters here",
            )),
            TraitItem::Type(part) => {
                let (name, cfgs) = (&part.ident, cfgs(&part.attrs));
                types.push(name);
                match args.types.get(name) {
                    Some(ty) => associated.push(quote!(#(#cfgs)* type #name = #ty;)),
                    None => missing.push((name.clone(), format!("type {name} = .."))),
                }
            }
            TraitItem::Const(part) => {
                let (name, ty, cfgs) = (&part.ident, &part.ty, cfgs(&part.attrs));
                consts.push(name);
                match args.consts.get(name) {
                    Some(value) => associated.push(constant(&cfgs, name, ty, value)),
                    None if part.default.is_some() => {}
                    None => missing.push((name.clone(), format!("const {name} = .."))),
                }
            }
            _ => {}
        }
    }
    if let Some((first, _)) = missing.first() {
        let missing: Vec<_> = missing.iter().map(|(_, text)| text.as_str()).collect();
        let missing = missing.join(", ");
        faults.push(Error::new(first.span(), format!("the mock has to know this: write `#[async_mock({missing})]`")));
    }
    // A type may also be a supertrait's.
    let strange_types = args.types.keys().filter(|name| item.supertraits.is_empty() && !types.contains(name));
    for name in strange_types.chain(args.consts.keys().filter(|name| !consts.contains(name))) {
        faults.push(Error::new(name.span(), format!("the trait has no associated `{name}`")));
    }
    associated
}

fn constant(cfgs: &[Attribute], name: &Ident, ty: &Type, value: &Expr) -> TokenStream {
    quote!(#(#cfgs)* const #name: #ty = #value;)
}

/// The methods that the mock answers for; the others have a body, which they keep.
fn mocked<'a>(args: &Args, item: &'a ItemTrait, faults: &mut Faults) -> Vec<&'a TraitItemFn> {
    let methods = item.items.iter().filter_map(|part| match part {
        TraitItem::Fn(method) => Some(method),
        _ => None,
    });
    let methods: Vec<_> = methods.collect();
    if let Defaults::Some(names) = &args.defaults {
        for name in names {
            match methods.iter().find(|method| method.sig.ident == *name) {
                None => faults.push(Error::new(name.span(), format!("the trait has no method `{name}`"))),
                Some(method) if method.default.is_none() => {
                    faults
                        .push(Error::new(name.span(), format!("`{name}` has no default body, so it is mocked anyway")));
                }
                Some(_) => {}
            }
        }
    }
    let is_mocked = |method: &&TraitItemFn| match &args.defaults {
        _ if method.default.is_none() => true,
        Defaults::Kept => false,
        Defaults::All => method.sig.receiver().is_some(),
        Defaults::Some(names) => names.contains(&method.sig.ident),
    };
    methods.into_iter().filter(is_mocked).collect()
}
