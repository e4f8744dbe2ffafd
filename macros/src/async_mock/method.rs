use std::collections::BTreeSet;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{
    Attribute, CapturedParam, Error, FnArg, Generics, Ident, Pat, PatIdent, Path, PreciseCapture, Receiver,
    ReceiverKind, Result, ReturnType, Safety, Signature, TraitItemFn, Type, TypeParam, TypeParamBound, parse_quote,
};

use super::argument::{Argument, Copied};
use super::form::Form;
use super::function::{Function, local, together};
use super::generics::{all_bounds, is_static, names, not_static};
use super::lifetimes::{Lifetimes, borrows};
use super::output::of_future;
use super::reach::{Reach, refusal};
use super::selves::Selves;
use super::shown::text;
use super::span::{at, throughout};

/// A method that the mock answers for.
pub(super) struct Method {
    pub(super) cfgs: Vec<Attribute>,
    pub(super) signature: Signature,
    pub(super) function: Function,
    /// Whether the call takes the mock itself along.
    is_consumed: bool,
    reach: Reach,
}

impl Method {
    pub(super) fn parse(
        method: &TraitItemFn,
        selves: &Selves<'_>,
        unsized_parameters: &BTreeSet<Ident>,
    ) -> Result<Self> {
        let signature = &method.sig;
        let Some(receiver) = signature.receiver() else {
            return Err(Error::new_spanned(
                &signature.ident,
                "a mock answers by its `self`, which this function has not: give it a default body, or move it to another trait",
            ));
        };
        let mut borrowing = not_static(&signature.generics).map(|parameter| {
            let advice = format!(
                "a mock records calls by type, so a type parameter must not borrow: write `{}`",
                static_parameter(&signature.generics, &parameter.ident)
            );
            Error::new_spanned(&parameter.ident, advice)
        });
        if let Some(mut error) = borrowing.next() {
            borrowing.for_each(|next| error.combine(next));
            return Err(error);
        }
        let function = Function::parse(signature, Some(selves), unsized_parameters)?;
        function.output.check()?;
        let reach = Reach::of(signature, function.form);
        let lost = |argument: &&Argument| {
            !reach.has(argument, &signature.generics)
                && argument.copied(&TokenStream::new(), Span::call_site()).is_none()
        };
        if let Some(argument) = function.arguments.iter().find(lost) {
            return Err(refusal(signature, argument));
        }
        Ok(Self {
            cfgs: cfgs(&method.attrs),
            signature: signature.clone(),
            is_consumed: is_consumed(receiver),
            function,
            reach,
        })
    }

    pub(super) fn name(&self) -> &Ident {
        &self.signature.ident
    }

    /// The method's own generics, if it has more than lifetimes.
    pub(super) fn family(&self) -> Option<&Generics> {
        let generics = &self.signature.generics;
        (!names(generics).is_empty()).then_some(generics)
    }

    /// The method of the mock.
    pub(super) fn implement(&self, standstill: &Path) -> TokenStream {
        let made = quote!(#standstill::__private::mock);
        let (cfgs, signature) = (&self.cfgs, self.implemented(&made));
        let field = self.name();
        let of = self.family().map(|generics| {
            let names = names(generics);
            quote!(.of::<#(#names),*>())
        });
        let mock = quote!(self.#field #of);
        let args = self.function.give(&made);
        let body = match self.function.form {
            Form::Sync => self.function.output.lend(&made, &quote!(#mock.call_now(#args))),
            Form::Native | Form::Opaque => self.future(standstill, &mock, &args),
            Form::Boxed => {
                let future = self.future(standstill, &mock, &args);
                quote!(::std::boxed::Box::pin(#future))
            }
        };
        let body = match self.family().and_then(unseen) {
            Some(parameter) => throughout(parameter.ident.span(), body),
            None => body,
        };
        // Which no other calling convention may have.
        let track_caller = signature.abi.is_none().then(|| quote!(#[track_caller]));
        // The lint has been told what it needs to know at the trait.
        let is_unsafe = matches!(signature.safety, Safety::Unsafe(_));
        let unsafe_code = is_unsafe.then(|| quote!(#[allow(unsafe_code)]));
        quote!(#(#cfgs)* #track_caller #unsafe_code #signature { #body })
    }

    fn future(&self, standstill: &Path, mock: &TokenStream, args: &TokenStream) -> TokenStream {
        let Function { form, arguments, output } = &self.function;
        let consume = self.is_consumed.then(|| quote!(::core::mem::drop(self);));
        let lent = output.lend(&quote!(#standstill::__private::mock), &quote!(output));
        if let Some(future) = self.future_of_copies(standstill, mock) {
            return future;
        }
        // An opaque type can only name lifetimes of the method, so it cannot hold a call, whose one lifetime is what several
        // have in common. So it holds the arguments as they are, and makes the call of them when it is polled.
        if *form != Form::Boxed && Lifetimes::of(arguments.iter().filter_map(Argument::held)).count() > 1 {
            return self.future_on_record(standstill, mock, &[], &self.function.held());
        }
        if output.is_verbatim() && !self.is_consumed {
            return quote!(#mock.call(#args));
        }
        quote!({
            let call = #mock.call(#args);
            async move {
                let output = call.await;
                #consume
                #lent
            }
        })
    }

    /// The future of a call whose arguments do not all live as long as it does: it holds copies of those, and lends them to the answer.
    fn future_of_copies(&self, standstill: &Path, mock: &TokenStream) -> Option<TokenStream> {
        let Function { arguments, .. } = &self.function;
        let span = match &self.signature.output {
            ReturnType::Type(_, ty) => ty.span(),
            ReturnType::Default => return None,
        };
        // All of it there, where an argument without a copy is told of.
        let made = at(span, &quote!(#standstill::__private::mock));
        let (mut copies, mut lent) = (Vec::new(), Vec::new());
        for argument in arguments {
            let name = &argument.name;
            match argument.copied(&made, span).filter(|_| !self.reach.has(argument, &self.signature.generics)) {
                None => lent.push(argument.held_by()),
                Some(Copied { copy, lend }) => {
                    copies.push(quote!(let #name = #copy;));
                    lent.push(lend);
                }
            }
        }
        if copies.is_empty() {
            return None;
        }
        Some(self.future_on_record(standstill, mock, &copies, &together(lent.into_iter())))
    }

    /// The future of a call that goes on record at once, and is given its arguments when it is polled.
    fn future_on_record(
        &self,
        standstill: &Path,
        mock: &TokenStream,
        copies: &[TokenStream],
        held: &TokenStream,
    ) -> TokenStream {
        let made = quote!(#standstill::__private::mock);
        let (all, call, result) = (local("args"), local("call"), local("output"));
        let (before, lent, taken) =
            (self.function.before_lent(), self.function.lend(&made), self.function.taken_back());
        let consume = self.is_consumed.then(|| quote!(::core::mem::drop(self);));
        let output = self.function.output.lend(&made, &quote!(#result));
        quote!({
            #before
            let #all = #lent;
            let #call = #made::announce(&#mock, &#all);
            let #taken = #all;
            #(#copies)*
            async move {
                let #result = #call.with(#held).await;
                #consume
                #output
            }
        })
    }

    /// The signature as the mock has it: no `async`, so that the call is recorded when it is made; and a name for each argument.
    fn implemented(&self, made: &TokenStream) -> Signature {
        let mut signature = self.signature.clone();
        if signature.asyncness.take().is_some() {
            let output: Type = match &signature.output {
                ReturnType::Default => parse_quote!(()),
                ReturnType::Type(_, ty) => of_future((**ty).clone(), made),
            };
            signature.output = parse_quote!(-> impl ::core::future::Future<Output = #output>);
        }
        WithoutSelf.visit_return_type_mut(&mut signature.output);
        let mut arguments = self.function.arguments.iter();
        for input in &mut signature.inputs {
            match input {
                FnArg::Receiver(receiver) => receiver.mutability = None,
                FnArg::Typed(typed) => {
                    if let Some(argument) = arguments.next() {
                        let ident = argument.name.clone();
                        *typed.pat = Pat::Ident(PatIdent {
                            attrs: Vec::new(),
                            by_ref: None,
                            mutability: None,
                            ident,
                            subpat: None,
                        });
                    }
                }
            }
        }
        signature
    }
}

/// A type parameter of which the compiler alone may know whether it borrows.
fn unseen(own: &Generics) -> Option<&TypeParam> {
    own.type_params().find(|parameter| !all_bounds(own, &parameter.ident).any(is_static))
}

/// Takes `Self` out of each `use<..>`, where it names a parameter of the trait, and none of its implementation.
struct WithoutSelf;

impl VisitMut for WithoutSelf {
    fn visit_precise_capture_mut(&mut self, captures: &mut PreciseCapture) {
        let params = std::mem::take(&mut captures.params);
        let is_self = |param: &CapturedParam| matches!(param, CapturedParam::Ident(ident) if ident == "Self");
        captures.params = params.into_iter().filter(|param| !is_self(param)).collect();
    }
}

/// The attributes that decide whether an item is there.
pub(super) fn cfgs(attributes: &[Attribute]) -> Vec<Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")).cloned().collect()
}

fn is_consumed(receiver: &Receiver) -> bool {
    match &receiver.kind {
        ReceiverKind::Value => true,
        ReceiverKind::Typed(_, ty) => !borrows(ty),
        _ => false,
    }
}

/// The parameter with all its bounds, wherever they stand, and `'static`.
fn static_parameter(generics: &Generics, name: &Ident) -> String {
    let of_async_trait =
        |bound: &TypeParamBound| matches!(bound, TypeParamBound::Lifetime(lifetime) if lifetime.ident == "async_trait");
    let bounds = all_bounds(generics, name).filter(|bound| !of_async_trait(bound));
    let mut bounds: Vec<_> = bounds.map(|bound| text(quote!(#bound))).collect();
    bounds.push("'static".to_owned());
    format!("{name}: {}", bounds.join(" + "))
}
