use std::collections::BTreeSet;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Error, FnArg, Ident, Lifetime, ParenthesizedGenericArguments, Pat, Result, Type, TypeFnPtr, TypeParamBound,
    TypeReference, TypeTraitObject, parse_quote,
};

use super::form::impl_trait;
use super::function::local;
use super::lifetimes::{are_all, borrows, with};
use super::pointee::{Pointee, arguments, last, peel};
use super::selves::Selves;
use super::span::at;

/// One argument: what it is called, and how it is kept and shown to matchers.
pub(super) struct Argument {
    pub(super) name: Ident,
    pub(super) ty: Type,
    kind: Kind,
}

/// How an argument is copied, and how the copy, which goes by the argument's name, is lent.
pub(super) struct Copied {
    pub(super) copy: TokenStream,
    pub(super) lend: TokenStream,
}

enum Kind {
    /// `T`: a copy if it has one; matchers see the argument itself.
    Value,
    /// `&T`, `&mut T`: the owned form; matchers see what it points to.
    Reference { pointee: Box<Pointee>, view: Box<Type> },
    /// `Option<&T>`: an option of the owned form, which matchers see.
    Option { pointee: Box<Pointee> },
    /// Whatever else borrows: by its text.
    Text,
    /// A `&mut` to what borrows for another lifetime, or something that holds such a one, which a call cannot hold: its text stands for it.
    Told,
}

impl Argument {
    pub(super) fn parse(
        place: usize,
        input: &FnArg,
        taken: &BTreeSet<String>,
        selves: Option<&Selves<'_>>,
        unsized_parameters: &BTreeSet<Ident>,
    ) -> Result<Self> {
        let FnArg::Typed(typed) = input else {
            return Err(Error::new_spanned(input, "a function by itself has no `self`; a trait takes `#[async_mock]`"));
        };
        if let Some(cfg) = typed.attrs.iter().find(|attribute| attribute.path().is_ident("cfg")) {
            return Err(Error::new_spanned(
                cfg,
                "a mock has the same arguments in every configuration: put the `#[cfg]` on two functions instead",
            ));
        }
        let mut ty = (*typed.ty).clone();
        if let Some(opaque) = impl_trait(&ty) {
            let advice = if selves.is_some() {
                "`impl Trait` has no name to record it by: name it, as in `fn find<Q: Query + 'static>(&self, query: Q)`"
            } else {
                "`impl Trait` stands for many types, and a mock of one function has one signature: write the type out"
            };
            return Err(Error::new_spanned(opaque, advice));
        }
        let has_two_lifetimes = has_two_lifetimes(&ty);
        let is_about_self = selves.map_or(Ok(false), |selves| selves.name(&mut ty))?;
        let kind = match (has_two_lifetimes, is_about_self) {
            (true, _) => Kind::Told,
            (false, true) => Kind::Text,
            (false, false) => Kind::of(&ty, unsized_parameters),
        };
        Ok(Self { name: name(place, &typed.pat, taken), ty, kind })
    }

    /// The type of what a call is given, with all lifetimes the one.
    pub(super) fn given(&self, mock: &TokenStream, lifetime: &Lifetime) -> Type {
        match &self.kind {
            Kind::Told => parse_quote!(#mock::Told),
            _ => with(&self.ty, lifetime),
        }
    }

    /// The type of what a call holds of the argument itself, if it does.
    pub(super) fn held(&self) -> Option<&Type> {
        (!matches!(self.kind, Kind::Told)).then_some(&self.ty)
    }

    /// What a call is given.
    pub(super) fn give(&self, mock: &TokenStream) -> TokenStream {
        if self.held().is_some() {
            return self.held_by();
        }
        let name = &self.name;
        let told = if let Type::Reference(_) = peel(&self.ty) { quote!(&*#name) } else { quote!(&#name) };
        quote!({
            use #mock::{ShowText as _, ShowType as _};
            #mock::Told::new((&&#mock::Look(#told)).show())
        })
    }

    /// What is to be done before it is lent.
    pub(super) fn before_lent(&self) -> Option<TokenStream> {
        let name = &self.name;
        self.optional_object().map(|_| quote!(let mut #name = #name;))
    }

    /// What a call is given while it goes on record, if its future holds the arguments until it is polled.
    pub(super) fn lend(&self, mock: &TokenStream) -> TokenStream {
        let name = &self.name;
        // What an object behind a `&mut` borrows for is shortened where it stands by itself, and not inside a tuple or an `Option`.
        if let Some(object) = self.object() {
            return shortened(object, &quote!(&mut *#name));
        }
        if let Some(object) = self.optional_object() {
            let lent = shortened(object, &quote!(&mut **object));
            return quote!(#name.as_mut().map(|object| #lent));
        }
        self.give(mock)
    }

    /// A pattern for what was lent.
    pub(super) fn taken_back(&self) -> TokenStream {
        match self.held() {
            Some(_) if self.object().or_else(|| self.optional_object()).is_some() => quote!(_),
            Some(_) => self.name.to_token_stream(),
            None => self.text().to_token_stream(),
        }
    }

    /// What the future then has for the call.
    pub(super) fn held_by(&self) -> TokenStream {
        let name = &self.name;
        match (self.held(), self.optional_object()) {
            (None, _) => self.text().to_token_stream(),
            (Some(_), None) => name.to_token_stream(),
            (Some(_), Some(object)) => {
                let shortened = shortened(object, &quote!(object));
                quote!(#name.map(|object| #shortened))
            }
        }
    }

    /// Where its text is kept that stands for it.
    fn text(&self) -> Ident {
        local(&format!("text_of_{}", self.name.unraw()))
    }

    /// The type of what a call holds, but for what an object borrows for: that lives as long as the `&mut` to it.
    pub(super) fn reached(&self) -> Option<Type> {
        let held = self.held()?;
        let (Some(object), Type::Reference(reference)) = (self.object(), peel(held)) else { return Some(held.clone()) };
        let elem = Box::new(Type::TraitObject(without_lifetime(object)));
        Some(Type::Reference(TypeReference { elem, ..reference.clone() }))
    }

    /// The object that it is a `&mut` to.
    fn object(&self) -> Option<&TypeTraitObject> {
        object(self.held()?)
    }

    /// The object that there is a `&mut` to in an `Option`.
    fn optional_object(&self) -> Option<&TypeTraitObject> {
        object(optional(self.held()?)?)
    }

    pub(super) fn kept(&self, mock: &TokenStream) -> Type {
        match &self.kind {
            Kind::Value => self.ty.clone(),
            Kind::Reference { pointee, .. } => pointee.owner(mock),
            Kind::Option { pointee } => {
                let owner = pointee.owner(mock);
                parse_quote!(::core::option::Option<#owner>)
            }
            Kind::Text | Kind::Told => parse_quote!(#mock::Text),
        }
    }

    pub(super) fn view(&self, mock: &TokenStream) -> Type {
        match &self.kind {
            Kind::Reference { view, .. } => (**view).clone(),
            Kind::Text | Kind::Told => parse_quote!(str),
            Kind::Value | Kind::Option { .. } => self.kept(mock),
        }
    }

    /// Keeps the argument that a reference, called `given`, is to.
    pub(super) fn keep(&self, mock: &TokenStream, given: &Ident) -> TokenStream {
        match &self.kind {
            Kind::Value => {
                quote!(#mock::Kept::new((&&&#mock::Look(#given)).copy(), (&&&#mock::Look(#given)).show()))
            }
            Kind::Reference { view, .. } => {
                let there = at(view.span(), mock);
                let known = quote_spanned!(view.span()=> #there::known(#there::Look::<#view>(&**#given)));
                quote!({
                    #known;
                    #mock::Kept::new((&&&#mock::Look(&**#given)).copy(), (&&&#mock::Look(&**#given)).show())
                })
            }
            Kind::Option { .. } => {
                let kept = self.kept(mock);
                quote!({
                    let copy: #kept = #given.map(::std::borrow::ToOwned::to_owned);
                    #mock::Kept::new((&&&#mock::Look(&copy)).copy(), (&&&#mock::Look(&copy)).show())
                })
            }
            // One `&` fewer: what is kept is of another type than what is looked at.
            Kind::Text => {
                quote!(#mock::Kept::by_text((&&#mock::Look(#given)).show()))
            }
            Kind::Told => quote!(#mock::Kept::by_text(#given.show())),
        }
    }

    /// Copies it, for a future that may not borrow it, and lends it from the copy; if the kind allows it. The span is of what says that it may not.
    pub(super) fn copied(&self, mock: &TokenStream, span: Span) -> Option<Copied> {
        let mut name = self.name.clone();
        name.set_span(span.resolved_at(self.name.span()));
        match &self.kind {
            Kind::Reference { .. } if matches!(peel(&self.ty), Type::Reference(of) if of.mutability.is_none()) => {
                Some(Copied {
                    copy: quote_spanned!(span=> #mock::copied(#mock::Look(#name))),
                    lend: quote!(::std::borrow::Borrow::borrow(&#name)),
                })
            }
            Kind::Option { .. } => Some(Copied {
                copy: quote_spanned!(span=> #name.map(|given| #mock::copied(#mock::Look(given)))),
                lend: quote!(#name.as_ref().map(|copy| ::std::borrow::Borrow::borrow(copy))),
            }),
            _ => None,
        }
    }

    /// Shows it to a matcher.
    pub(super) fn show(&self, place: usize, given: &Ident) -> TokenStream {
        let place = syn::Index::from(place);
        match &self.kind {
            Kind::Value => quote!(#given),
            Kind::Reference { .. } => quote!(&**#given),
            Kind::Option { .. } => quote!(kept.#place.expect_copy()),
            Kind::Text | Kind::Told => quote!(kept.#place.text()),
        }
    }
}

impl Kind {
    fn of(ty: &Type, unsized_parameters: &BTreeSet<Ident>) -> Self {
        let pointee = |elem: &Type| match Pointee::of(elem, unsized_parameters) {
            known @ Pointee::Known(_) if !borrows(elem) => Some(Box::new(known)),
            _ => None,
        };
        if let Type::Reference(reference) = peel(ty) {
            return pointee(&reference.elem)
                .map_or(Self::Text, |pointee| Self::Reference { pointee, view: reference.elem.clone() });
        }
        match optional(ty) {
            Some(Type::Reference(reference)) if reference.mutability.is_none() => {
                pointee(&reference.elem).map_or(Self::Text, |pointee| Self::Option { pointee })
            }
            _ if borrows(ty) => Self::Text,
            _ => Self::Value,
        }
    }
}

/// What is in an `Option`.
fn optional(ty: &Type) -> Option<&Type> {
    last(ty).filter(|last| last.ident == "Option").and_then(|last| arguments(last).next()).map(peel)
}

/// The object that a type is a `&mut` to.
fn object(ty: &Type) -> Option<&TypeTraitObject> {
    let Type::Reference(reference) = peel(ty) else { return None };
    match peel(&reference.elem) {
        Type::TraitObject(object) if reference.mutability.is_some() => Some(object),
        _ => None,
    }
}

/// A `&mut` to an object, of which only as much is known of what it borrows for as the place demands.
fn shortened(object: &TypeTraitObject, given: &TokenStream) -> TokenStream {
    let bounds = &without_lifetime(object).bounds;
    quote!({
        let lent: &mut (dyn #bounds + '_) = #given;
        lent
    })
}

/// Whether there is a `&mut` in it to something that borrows for another lifetime: what is behind a `&mut` cannot be given the one that a mock has
/// for all.
fn has_two_lifetimes(ty: &Type) -> bool {
    struct Finder(bool);

    impl VisitMut for Finder {
        fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
            self.0 |= reference.mutability.is_some() && !is_of_one_lifetime(reference);
            visit_mut::visit_type_reference_mut(self, reference);
        }

        fn visit_type_fn_ptr_mut(&mut self, _: &mut TypeFnPtr) {}

        fn visit_parenthesized_generic_arguments_mut(&mut self, _: &mut ParenthesizedGenericArguments) {}
    }

    let mut finder = Finder(false);
    finder.visit_type_mut(&mut ty.clone());
    finder.0
}

fn is_of_one_lifetime(reference: &TypeReference) -> bool {
    let behind = match peel(&reference.elem) {
        // The compiler shortens what an object borrows for.
        Type::TraitObject(object) => &Type::TraitObject(without_lifetime(object)),
        other => other,
    };
    match &reference.lifetime {
        Some(lifetime) => are_all(behind, lifetime),
        None => !borrows(behind),
    }
}

fn without_lifetime(object: &TypeTraitObject) -> TypeTraitObject {
    let bounds = object.bounds.iter().filter(|bound| !matches!(bound, TypeParamBound::Lifetime(_))).cloned();
    TypeTraitObject { bounds: bounds.collect(), ..object.clone() }
}

/// Gives an argument that has no name one that is not taken.
fn name(place: usize, pattern: &Pat, taken: &BTreeSet<String>) -> Ident {
    if let Some(name) = own_name(pattern) {
        return name.clone();
    }
    let mut name = format!("argument_{}", place + 1);
    while taken.contains(&name) {
        name.push('_');
    }
    format_ident!("{name}")
}

fn own_name(pattern: &Pat) -> Option<&Ident> {
    match pattern {
        // `#[async_trait]` has names of its own for patterns.
        Pat::Ident(pattern) if !pattern.ident.to_string().starts_with("__arg") => Some(&pattern.ident),
        _ => None,
    }
}

/// The names that stand in the patterns of arguments.
pub(super) fn taken(inputs: &[&FnArg]) -> BTreeSet<String> {
    fn collect(tokens: TokenStream, names: &mut BTreeSet<String>) {
        for token in tokens {
            match token {
                TokenTree::Ident(name) => drop(names.insert(name.to_string())),
                TokenTree::Group(group) => collect(group.stream(), names),
                _ => {}
            }
        }
    }

    let mut names = BTreeSet::new();
    for input in inputs {
        if let FnArg::Typed(typed) = input {
            collect(typed.pat.to_token_stream(), &mut names);
        }
    }
    names
}
