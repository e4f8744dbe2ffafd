use proc_macro2::{Delimiter, Group, TokenStream};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{
    AttrStyle, Attribute, Error, GenericParam, Result, ReturnType, Signature, Type, Visibility, braced, parse_quote,
};

use super::args::{Args, name};

/// The function under the attribute. Its body is taken as it stands, so that an editor can work in an unfinished one.
pub(super) struct Item {
    pub(super) attributes: Vec<Attribute>,
    pub(super) visibility: Visibility,
    pub(super) signature: Signature,
    /// With its own braces: what is dropped at its end is, to the compiler, at the closing one.
    pub(super) body: Group,
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let signature: Signature = input.parse()?;
        let content;
        let braces = braced!(content in input);
        // The body will stand where inner attributes may not.
        for inner in content.call(Attribute::parse_inner)? {
            attributes.push(Attribute { style: AttrStyle::Outer, ..inner });
        }
        // Added by attributes that look for one spelled `test`. On an async function it can only be meant for this one.
        if signature.asyncness.is_some() {
            attributes.retain(|attribute| !is_std_test(attribute));
        }
        let mut body = Group::new(Delimiter::Brace, content.parse()?);
        body.set_span(braces.span.join());
        Ok(Self { attributes, visibility, signature, body })
    }
}

impl Item {
    /// Refuses what cannot be run as a test.
    pub(super) fn check(&self) -> Result<()> {
        let signature = &self.signature;
        if let Some(second) = self.attributes.iter().find(|attribute| is_test(attribute)) {
            return Err(Error::new_spanned(
                second,
                "a second test attribute: keep one of the two, or the test would run twice",
            ));
        }
        if signature.asyncness.is_none() {
            return Err(Error::new_spanned(
                signature.fn_token,
                "expected an `async fn`: a test that awaits nothing takes #[test], and standstill::run opens a bubble inside one",
            ));
        }
        if self.is_template() {
            return Ok(());
        }
        if let Some(argument) = signature.inputs.first() {
            return Err(Error::new_spanned(
                argument,
                "nothing fills this argument: a test takes none, unless another attribute, such as #[rstest] or #[test_case(..)], \
                 gives it values",
            ));
        }
        let mut parameters = signature.generics.params.iter();
        if let Some(parameter) = parameters.find(|parameter| !matches!(parameter, GenericParam::Lifetime(_))) {
            return Err(Error::new_spanned(
                parameter,
                "a test cannot be generic: nothing says for which type it would run",
            ));
        }
        Ok(())
    }

    /// Whether an attribute that has yet to expand makes the tests out of this function.
    pub(super) fn is_template(&self) -> bool {
        self.attributes.iter().any(|attribute| {
            let name = name(attribute.path());
            matches!(name.as_str(), "googletest::test" | "test_case::case")
                || matches!(name.rsplit("::").next(), Some("apply" | "gtest" | "rstest" | "test_case" | "test_matrix"))
        })
    }

    /// Refuses options that do not go with the function.
    pub(super) fn check_args(&self, args: &Args) -> Result<()> {
        match &args.in_processes {
            Some(option) if self.should_panic() => Err(Error::new_spanned(
                option,
                format!(
                    "`{}` does not go with #[should_panic]: the panic would be another process's",
                    name(&option.path)
                ),
            )),
            _ => Ok(()),
        }
    }

    pub(super) fn should_panic(&self) -> bool {
        self.attributes.iter().any(|attribute| attribute.path().is_ident("should_panic"))
    }

    /// The type that the body gives, unless it cannot be written down.
    pub(super) fn output(&self) -> Option<Type> {
        match &self.signature.output {
            ReturnType::Default => Some(parse_quote!(())),
            ReturnType::Type(_, output) => {
                let has_impl = output.to_token_stream().into_iter().any(|token| token.to_string() == "impl");
                (!has_impl).then(|| (**output).clone())
            }
        }
    }
}

/// `#[test]` and its kin; not `#[test_log::test]`, which only wraps.
fn is_test(attribute: &Attribute) -> bool {
    let name = name(attribute.path());
    is_std_test(attribute)
        || matches!(
            name.as_str(),
            "test" | "async_test" | "tokio::test" | "standstill::test" | "standstill::async_test"
        )
}

/// `#[test]` as macros write it.
fn is_std_test(attribute: &Attribute) -> bool {
    name(attribute.path()).ends_with("prelude::v1::test")
}

/// Without a second test attribute, which would add an error of its own.
impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { attributes, visibility, signature, body } = self;
        let attributes = attributes.iter().filter(|attribute| !is_test(attribute));
        tokens.extend(quote::quote!(#(#attributes)* #visibility #signature #body));
    }
}
