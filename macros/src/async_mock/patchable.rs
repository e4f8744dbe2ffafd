use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::parse::Parser;
use syn::visit_mut::{VisitMut, visit_type_mut};
use syn::{
    Attribute, Block, Error, FnArg, Generics, Ident, ImplItem, Item, ItemFn, ItemImpl, Pat, Path, PathSegment, Result,
    Signature, Type, Visibility, parse_quote,
};

use super::form::Form;
use super::function::Function;
use super::generics::names;
use super::marker::Marker;
use super::method::cfgs;

/// Has a function, or each method of an `impl` block, ask for a patch first.
pub(crate) fn patchable(tokens: &TokenStream, item: &TokenStream) -> TokenStream {
    let patched = if tokens.is_empty() {
        syn::parse2(item.clone()).and_then(|item| match item {
            Item::Fn(function) => free(function),
            Item::Impl(methods) => block(methods),
            other => Err(Error::new_spanned(other, "expected a function, or the `impl` block of a type")),
        })
    } else {
        Err(Error::new_spanned(tokens, "`#[patchable]` takes no options"))
    };
    patched.unwrap_or_else(|error| {
        let error = error.into_compile_error();
        quote!(#item #error)
    })
}

fn free(mut function: ItemFn) -> Result<TokenStream> {
    let name = hidden(None, &function.sig.ident);
    let marker = patch(&name, &function.attrs, &function.vis, &function.sig, &mut function.block, None)?;
    Ok(quote!(#marker #function))
}

fn block(mut block: ItemImpl) -> Result<TokenStream> {
    if let Some((path, _)) = &block.trait_ {
        return Err(Error::new_spanned(
            path,
            "expected the `impl` block of a type itself: a trait is mocked by `#[async_mock]`",
        ));
    }
    let Type::Path(of) = &*block.self_ty else {
        return Err(Error::new_spanned(&block.self_ty, "expected a type with a name"));
    };
    let ty = of.path.segments.last().expect("a path has a segment").ident.clone();
    if let Some(parameter) = block.generics.params.first() {
        return Err(Error::new_spanned(parameter, "a patch stands for one function: a generic type has many"));
    }
    let self_ty = block.self_ty.clone();
    let mut markers = Vec::new();
    for item in &mut block.items {
        if let ImplItem::Fn(method) = item {
            let name = hidden(Some(&ty), &method.sig.ident);
            markers.push(patch(&name, &method.attrs, &method.vis, &method.sig, &mut method.block, Some(&self_ty))?);
        }
    }
    Ok(quote!(#(#markers)* #block))
}

/// Puts the question at the start of the body, and gives the type that stands for the signature.
fn patch(
    name: &Ident,
    attributes: &[Attribute],
    visibility: &Visibility,
    signature: &Signature,
    body: &mut Block,
    of: Option<&Type>,
) -> Result<TokenStream> {
    if let Some(parameter) = names(&signature.generics).first() {
        return Err(Error::new_spanned(
            parameter,
            "a patch stands for one function, and a generic one is many: patch the functions that it calls",
        ));
    }
    let mut plain = signature.clone();
    plain.inputs = plain.inputs.into_iter().filter(|input| matches!(input, FnArg::Typed(_))).collect();
    if let Some(of) = of {
        SelfType(of).visit_signature_mut(&mut plain);
    }
    let function = Function::parse(&plain, None, &BTreeSet::new())?;
    let arguments = plain.inputs.iter().map(argument).collect::<Result<Vec<_>>>()?;
    let args = match &*arguments {
        [one] => quote!(#one),
        several => quote!((#(#several),*)),
    };
    let standstill: Path = parse_quote!(::standstill);
    let cfgs = cfgs(attributes);
    let marker = Marker {
        standstill: &standstill,
        cfgs: &cfgs,
        visibility,
        name,
        generics: &Generics::default(),
        function: &function,
    };
    let marker = marker.expand();
    let answer = match function.form {
        Form::Sync => quote!(mock.call_now(#args)),
        Form::Native => quote!(mock.call(#args).await),
        Form::Opaque | Form::Boxed => {
            return Err(Error::new_spanned(
                &signature.output,
                "write it as an `async fn`, so that its body can ask for a patch",
            ));
        }
    };
    let answer = function.output.lend(&answer);
    let statements = &body.stmts;
    *body = parse_quote!({
        if let ::core::option::Option::Some(mock) = #standstill::__private::mock::patched::<#name>() {
            return #answer;
        }
        #(#statements)*
    });
    Ok(marker)
}

fn argument(input: &FnArg) -> Result<&Ident> {
    let FnArg::Typed(input) = input else { return Err(Error::new_spanned(input, "expected an argument")) };
    match &*input.pat {
        Pat::Ident(named) if named.subpat.is_none() => Ok(&named.ident),
        other => Err(Error::new_spanned(other, "give the argument a name, so that it can be passed to a patch")),
    }
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
fn hidden(of: Option<&Ident>, function: &Ident) -> Ident {
    match of {
        Some(of) => format_ident!("__patchable_{of}_{function}"),
        None => format_ident!("__patchable_{function}"),
    }
}

/// `patch!(fetch)`, `patch!(client::fetch)`, `patch!(client::Client::fetch)`: the mock of a function, for this bubble.
pub(crate) fn patch_of(tokens: TokenStream) -> TokenStream {
    let expected = "expected the path of a function under `#[patchable]`: `patch!(fetch)`, `patch!(Client::fetch)`";
    let path = match Path::parse_mod_style.parse2(tokens) {
        Ok(path) => path,
        Err(error) => return Error::new(error.span(), expected).into_compile_error(),
    };
    let text = path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>().join("::");
    let mut segments: Vec<PathSegment> = path.segments.iter().cloned().collect();
    let Some(function) = segments.pop() else { return Error::new_spanned(path, expected).into_compile_error() };
    let is_type = |segment: &PathSegment| segment.ident.to_string().starts_with(char::is_uppercase);
    let of = segments.pop_if(|last| is_type(last) && last.ident != "Self");
    let marker = hidden(of.as_ref().map(|of| &of.ident), &function.ident);
    let leading = path.leading_colon;
    quote!(::standstill::__private::mock::patch::<#leading #(#segments::)* #marker>(#text))
}
