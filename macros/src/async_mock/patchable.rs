use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::visit_mut::{VisitMut, visit_type_mut};
use syn::{
    Attribute, Block, Error, FnArg, Generics, Ident, ImplItem, Item, ItemFn, ItemImpl, Pat, PatType, Path, Result,
    ReturnType, Signature, Token, Type, Visibility, parse_quote,
};

use super::clippy::Clippy;
use super::form::Form;
use super::function::{Function, local};
use super::generics::names;
use super::marker::{Marker, together};
use super::method::cfgs;
use super::output::of_future;
use super::pointee::peel;

/// Has a function, or each method of an `impl` block, ask for a patch first.
pub(crate) fn patchable(tokens: &TokenStream, item: &TokenStream) -> TokenStream {
    let patched = standstill(tokens).and_then(|standstill| match syn::parse2(item.clone())? {
        Item::Fn(function) => free(&standstill, function),
        Item::Impl(methods) => block(&standstill, methods),
        other => Err(Error::new_spanned(
            other,
            "expected a function with a body, or the `impl` block of a type; a trait takes `#[async_mock]`",
        )),
    });
    patched.unwrap_or_else(|error| {
        let error = error.into_compile_error();
        quote!(#item #error)
    })
}

/// The path of the crate `standstill`.
fn standstill(tokens: &TokenStream) -> Result<Path> {
    if tokens.is_empty() {
        return Ok(parse_quote!(::standstill));
    }
    let option = |input: ParseStream<'_>| {
        let name = input.call(Ident::parse_any)?;
        if name != "standstill" {
            return Err(Error::new(
                name.span(),
                format!("there is no option `{name}`; expected `standstill = \"path\"`"),
            ));
        }
        input.parse::<Token![=]>()?;
        crate::async_test::path(&input.parse()?)
    };
    option.parse2(tokens.clone())
}

fn free(standstill: &Path, mut function: ItemFn) -> Result<TokenStream> {
    if let Some(receiver) = function.sig.receiver() {
        return Err(Error::new_spanned(
            receiver,
            "a method is patched by its type: put `#[patchable]` on the `impl` block; a trait takes `#[async_mock]`",
        ));
    }
    let (name, handle) = (signature(None, &function.sig.ident), hidden(&function.sig.ident));
    let ItemFn { attrs, vis, sig, block, .. } = &mut function;
    let question = Question { standstill, name: &name, cfgs: cfgs(attrs), visibility: vis, of: None };
    let Asked { marker, patch } = question.put(attrs, sig, block)?;
    let Question { cfgs, visibility, .. } = question;
    Ok(quote! {
        #marker

        #(#cfgs)*
        #[doc(hidden)]
        #[allow(dead_code, missing_docs, unreachable_pub, non_camel_case_types, #Clippy)]
        #visibility struct #handle;

        #(#cfgs)*
        #[automatically_derived]
        impl #handle {
            #patch
        }

        #function
    })
}

fn block(standstill: &Path, mut block: ItemImpl) -> Result<TokenStream> {
    if let Some((path, _)) = &block.trait_ {
        return Err(Error::new_spanned(
            path,
            "expected the `impl` block of a type itself: mock the trait by `#[async_mock]`, or have this call methods of the type, and patch those",
        ));
    }
    let Type::Path(of) = peel(&block.self_ty) else {
        return Err(Error::new_spanned(&block.self_ty, "expected a type with a name, to patch its methods by"));
    };
    let ty = in_one(&of.path);
    if let Some(parameter) = names(&block.generics).first() {
        return Err(Error::new_spanned(
            parameter,
            "a patch stands for one function, and a generic type has many: put it on the block of one type, as in `impl Key<u8>`, or patch the functions that this one calls",
        ));
    }
    let self_ty = block.self_ty.clone();
    let (mut markers, mut patches) = (Vec::new(), Vec::new());
    for item in &mut block.items {
        if let ImplItem::Fn(method) = item {
            let name = signature(Some(&ty), &method.sig.ident);
            let cfgs = [cfgs(&block.attrs), cfgs(&method.attrs)].concat();
            let question = Question { standstill, name: &name, cfgs, visibility: &method.vis, of: Some(&self_ty) };
            let Asked { marker, patch } = question.put(&mut method.attrs, &mut method.sig, &mut method.block)?;
            markers.push(marker);
            patches.push(ImplItem::Verbatim(patch));
        }
    }
    block.items.extend(patches);
    Ok(quote!(#(#markers)* #block))
}

/// The question for a patch, which a function asks before it does anything.
struct Question<'a> {
    standstill: &'a Path,
    /// Of the type that stands for the signature.
    name: &'a Ident,
    cfgs: Vec<Attribute>,
    visibility: &'a Visibility,
    /// The type of which it is a method.
    of: Option<&'a Type>,
}

/// What there has to be beside a function that asks.
struct Asked {
    /// The type that stands for the signature. It is private, as the types of the function may be.
    marker: TokenStream,
    /// The function that gives the patch, as visible as the function itself.
    patch: TokenStream,
}

impl Question<'_> {
    /// Puts it at the start of a function.
    fn put(&self, attributes: &mut Vec<Attribute>, signature: &mut Signature, body: &mut Block) -> Result<Asked> {
        if let Some(token) = &signature.constness {
            return Err(Error::new_spanned(
                token,
                "a `const fn` may run in the compiler, where there is no patch: leave out `const`, or patch what calls it",
            ));
        }
        if let Some(parameter) = names(&signature.generics).first() {
            return Err(Error::new_spanned(
                parameter,
                "a patch stands for one function, and a generic one is many: patch the functions that it calls",
            ));
        }
        // What is written here uses arguments that the function does not, and puts its body into another.
        let lints = quote!(unused_braces, clippy::used_underscore_binding, clippy::no_effect_underscore_binding);
        attributes.push(parse_quote!(#[allow(#lints)]));
        let function = self.function(signature)?;
        let ident = signature.ident.clone();
        match function.form {
            Form::Sync => self.ask_now(&function, signature, body),
            Form::Native => {
                self.ask_for_future(&function, signature, body);
                // Which no other calling convention may have.
                if signature.abi.is_none()
                    && !attributes.iter().any(|attribute| attribute.path().is_ident("track_caller"))
                {
                    attributes.push(parse_quote!(#[track_caller]));
                }
            }
            Form::Opaque | Form::Boxed => {
                return Err(Error::new_spanned(
                    &signature.output,
                    "write it as an `async fn`, so that a patch can give the future",
                ));
            }
        }
        Ok(self.asked(&ident, &function))
    }

    /// The function without its receiver.
    fn function(&self, signature: &Signature) -> Result<Function> {
        let mut plain = signature.clone();
        plain.inputs = plain.inputs.into_iter().filter(|input| matches!(input, FnArg::Typed(_))).collect();
        if let Some(of) = self.of {
            SelfType(of).visit_signature_mut(&mut plain);
        }
        let function = Function::parse(&plain, None, &BTreeSet::new())?;
        function.output.check()?;
        Ok(function)
    }

    fn asked(&self, ident: &Ident, function: &Function) -> Asked {
        let Self { standstill, name, cfgs, visibility, of } = self;
        let none = Generics::default();
        let marker = Marker { standstill, cfgs, visibility: &Visibility::Inherited, name, generics: &none, function };
        let opaque = marker.opaque();
        let give = if of.is_some() { hidden(ident) } else { format_ident!("patch") };
        let patch = quote! {
            #(#cfgs)*
            #[doc(hidden)]
            #[allow(dead_code, unreachable_pub, private_interfaces, private_bounds, deprecated)]
            #[allow(non_snake_case, impl_trait_redundant_captures, #Clippy)]
            #[track_caller]
            #visibility fn #give(name: &'static str) -> #standstill::mock::MockFn<#opaque> {
                #standstill::__private::mock::patch::<#name>(name)
            }
        };
        Asked { marker: marker.expand(), patch }
    }

    fn ask_now(&self, function: &Function, signature: &mut Signature, body: &mut Block) {
        let Self { standstill, name, .. } = self;
        let mock = local("mock");
        let patterns = typed(signature).zip(&function.arguments).filter(|(input, _)| !is_name(&input.pat));
        let patterns = patterns.map(|(input, argument)| {
            let name = &argument.name;
            let pattern = rename(input, name);
            quote!(let #pattern = #name;)
        });
        let patterns: Vec<_> = patterns.collect();
        let made = quote!(#standstill::__private::mock);
        let args = function.give(&made);
        let give = function.output.give(&made, &quote!(#mock.call_now(#args)));
        let statements = &body.stmts;
        *body = parse_quote!({
            if let ::core::option::Option::Some(#mock) = #standstill::__private::mock::patched::<#name>() {
                #give
            }
            #(#patterns)*
            #(#statements)*
        });
    }

    /// Takes the `async` off, so that a call is on record when it is made; with an `async` block that owns and drops what the function
    /// did, and in its order.
    fn ask_for_future(&self, function: &Function, signature: &mut Signature, body: &mut Block) {
        let Self { standstill, name, .. } = self;
        let made = quote!(#standstill::__private::mock);
        signature.asyncness = None;
        let output: Type = match &signature.output {
            ReturnType::Default => parse_quote!(()),
            ReturnType::Type(_, ty) => of_future((**ty).clone(), &made),
        };
        signature.output = parse_quote!(-> impl ::core::future::Future<Output = #output>);
        // All of it, whatever the body uses of it.
        let own_receiver = signature.receiver().map(|_| quote!(let _ = &self;));
        let patterns = typed(signature).zip(&function.arguments).map(|(input, argument)| {
            let name = &argument.name;
            let pattern = rename(input, name);
            let own = (!is_name(&pattern)).then(|| quote!(let #name = #name;));
            quote!(#own let #pattern = #name;)
        });
        let patterns: Vec<_> = patterns.collect();
        let (patch, all, call, result) = (local("patch"), local("args"), local("call"), local("output"));
        let before = function.before_lent();
        let announced = function.lend_if(&made, &quote!(#patch.is_some()));
        let (taken, held) = (function.taken_back(), function.held());
        let give = function.output.give(&made, &quote!(#result));
        let real = &*body;
        *body = parse_quote!({
            let #patch = #made::patched::<#name>();
            #before
            let #all = #announced;
            let #call = #made::announce_patched(#patch, &#all);
            let #taken = #all;
            async move {
                #own_receiver
                if let ::core::option::Option::Some(#call) = #call {
                    let #result = #call.with(#held).await;
                    #give
                }
                #(#patterns)*
                #real
            }
        });
    }
}

fn typed(signature: &mut Signature) -> impl Iterator<Item = &mut PatType> {
    signature.inputs.iter_mut().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    })
}

/// Gives an argument a name, and takes its pattern.
fn rename(input: &mut PatType, name: &Ident) -> Pat {
    std::mem::replace(&mut *input.pat, parse_quote!(#name))
}

/// Whether a pattern does no more than name what it is given.
fn is_name(pattern: &Pat) -> bool {
    matches!(pattern, Pat::Ident(named) if named.subpat.is_none() && named.by_ref.is_none())
}

/// Writes out what `Self` is, where there is none.
struct SelfType<'a>(&'a Type);

impl VisitMut for SelfType<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if matches!(ty, Type::Path(path) if path.path.is_ident("Self")) {
            *ty = self.0.clone();
        } else {
            visit_type_mut(self, ty);
        }
    }
}

/// The hidden name of the type that stands for a function's signature.
fn signature(of: Option<&Ident>, function: &Ident) -> Ident {
    match of {
        Some(of) => format_ident!("__signature_{}", together(of, function)),
        None => format_ident!("__signature__{}", function),
    }
}

/// A type's path as one name, which no other path gives.
fn in_one(path: &Path) -> Ident {
    if let Some(name) = path.get_ident() {
        return name.clone();
    }
    let letters = path.to_token_stream().to_string();
    let letters = letters.chars().filter(|letter| !letter.is_whitespace());
    let name: String = letters
        .map(|letter| if letter.is_alphanumeric() { letter.into() } else { format!("_{:x}_", u32::from(letter)) })
        .collect();
    format_ident!("{}", name, span = path.span())
}

/// The hidden name of what gives a function's patch: of a type, or for a method, of a function beside it.
pub(super) fn hidden(function: &Ident) -> Ident {
    format_ident!("__patchable_{}", function)
}
