use std::collections::BTreeSet;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Error, FnArg, Ident, Result, Signature, Type};

use super::argument::{Argument, taken};
use super::faults::Faults;
use super::form::Form;
use super::output::Output;
use super::selves::Selves;

/// The most arguments that a mock takes.
const MOST_ARGUMENTS: usize = 8;

/// What a mock needs to know of a function.
pub(super) struct Function {
    pub(super) form: Form,
    pub(super) arguments: Vec<Argument>,
    pub(super) output: Output,
}

impl Function {
    /// Takes the function as it stands, apart from its receiver.
    pub(super) fn parse(
        signature: &Signature,
        selves: Option<&Selves<'_>>,
        unsized_parameters: &BTreeSet<Ident>,
    ) -> Result<Self> {
        let mut faults = Faults::default();
        if let Some(variadic) = &signature.variadic {
            faults.push(Error::new_spanned(variadic, "a mock has to know all arguments: take a slice, or a struct"));
        }
        let is_receiver = |input: &&FnArg| selves.is_some() && matches!(input, FnArg::Receiver(_));
        let inputs: Vec<_> = signature.inputs.iter().filter(|input| !is_receiver(input)).collect();
        if let Some(ninth) = inputs.get(MOST_ARGUMENTS) {
            faults.push(Error::new_spanned(
                ninth,
                format!("a mock takes at most {MOST_ARGUMENTS} arguments: put some of them into a struct"),
            ));
        }
        let taken = taken(&inputs);
        let formed = Form::of(signature);
        let arguments = inputs.into_iter().enumerate().filter_map(|(place, input)| {
            faults.keep(Argument::parse(place, input, &taken, selves, unsized_parameters))
        });
        let arguments = arguments.collect();
        let output = faults.keep(formed).and_then(|(form, mut ty)| {
            let named = selves.map_or(Ok(false), |selves| selves.name(&mut ty));
            faults.keep(named.map(|_| (form, Output::of(&ty, unsized_parameters))))
        });
        match output {
            Some((form, output)) => faults.or(Self { form, arguments, output }),
            None => Err(faults.or(()).err().unwrap_or_else(|| Error::new_spanned(signature, "no output"))),
        }
    }

    /// What a call is given.
    pub(super) fn give(&self, mock: &TokenStream) -> TokenStream {
        together(self.arguments.iter().map(|argument| argument.give(mock)))
    }

    /// What is to be done before that is lent which a call is given while it goes on record.
    pub(super) fn before_lent(&self) -> TokenStream {
        self.arguments.iter().filter_map(Argument::before_lent).collect()
    }

    /// What a call is given while it goes on record.
    pub(super) fn lend(&self, mock: &TokenStream) -> TokenStream {
        together(self.arguments.iter().map(|argument| argument.lend(mock)))
    }

    /// As `lend`, where a text is made only if it is wanted.
    pub(super) fn lend_if(&self, mock: &TokenStream, is_wanted: &TokenStream) -> TokenStream {
        together(self.arguments.iter().map(|argument| {
            let lend = argument.lend(mock);
            let is_text = argument.held().is_none();
            if is_text { quote!(if #is_wanted { #lend } else { #mock::Told::nothing() }) } else { lend }
        }))
    }

    /// A pattern that takes apart what was lent.
    pub(super) fn taken_back(&self) -> TokenStream {
        together(self.arguments.iter().map(Argument::taken_back))
    }

    /// What was taken apart, put together again.
    pub(super) fn held(&self) -> TokenStream {
        together(self.arguments.iter().map(Argument::held_by))
    }

    /// The types of what a call is given.
    pub(super) fn given(&self, mock: &TokenStream, lifetime: &syn::Lifetime) -> Vec<Type> {
        self.arguments.iter().map(|argument| argument.given(mock, lifetime)).collect()
    }
}

/// One thing by itself, several as a tuple.
pub(super) fn together(parts: impl Iterator<Item = TokenStream>) -> TokenStream {
    let parts: Vec<_> = parts.collect();
    match parts.as_slice() {
        [one] => quote!(#one),
        several => quote!((#(#several),*)),
    }
}

/// A name that does not meet those of the function.
pub(super) fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}
