use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Error, Result, ReturnType, Signature, Type, Visibility, braced, parse_quote};

/// The function under the attribute. Its body is taken as it stands, so that an editor can work in an unfinished one.
pub(super) struct Item {
    pub(super) attributes: Vec<Attribute>,
    pub(super) visibility: Visibility,
    pub(super) signature: Signature,
    pub(super) body: TokenStream,
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let signature = input.parse()?;
        let content;
        braced!(content in input);
        Ok(Self { attributes, visibility, signature, body: content.parse()? })
    }
}

impl Item {
    /// Refuses what cannot be run as a test.
    pub(super) fn check(&self) -> Result<()> {
        let signature = &self.signature;
        if signature.asyncness.is_none() {
            return Err(Error::new(
                signature.fn_token.span(),
                "expected an `async fn`: a test that awaits nothing takes #[test], and standstill::run opens a bubble inside one",
            ));
        }
        if let Some(argument) = signature.inputs.first() {
            return Err(Error::new(
                argument.span(),
                "nothing fills this argument: an #[async_test] takes none, unless rstest's or test-case's attribute stands above \
                 and this one is written #[standstill::test]",
            ));
        }
        if let Some(parameter) = signature.generics.params.first() {
            return Err(Error::new(
                parameter.span(),
                "a test cannot be generic: nothing says for which type it would run",
            ));
        }
        if let Some(second) = self.attributes.iter().find(|attribute| is_test(attribute)) {
            return Err(Error::new(
                second.span(),
                "a second test attribute: keep one of the two, or the test would run twice",
            ));
        }
        Ok(())
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

/// `#[test]` and its kin, by the last part of their path; not `#[test_log::test]`, which only wraps.
fn is_test(attribute: &Attribute) -> bool {
    let path: Vec<_> = attribute.path().segments.iter().map(|segment| segment.ident.to_string()).collect();
    matches!(
        path.iter().map(String::as_str).collect::<Vec<_>>()[..],
        ["test" | "async_test"]
            | [.., "prelude", "v1", "test"]
            | ["tokio", "test"]
            | ["standstill", "test" | "async_test"]
    )
}

impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { attributes, visibility, signature, body } = self;
        tokens.extend(quote::quote!(#(#attributes)* #visibility #signature { #body }));
    }
}
