use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, Ident, Path, Result, Token, Type, Visibility, parenthesized, parse_quote};

const EXPECTED: &str = "expected `type Name = ..`, `const NAME = ..`, `mock_defaults`, `mock_defaults(method, ..)`, `pub(crate)` or `standstill = \"path\"`";

/// What stands in the attribute's brackets.
pub(super) struct Args {
    /// The path of the crate `standstill`.
    pub(super) standstill: Path,
    pub(super) types: BTreeMap<Ident, Type>,
    pub(super) consts: BTreeMap<Ident, Expr>,
    pub(super) defaults: Defaults,
    /// That of the mock, if it is not the trait's.
    pub(super) visibility: Option<Visibility>,
    /// Whether the other attributes have been put first.
    pub(super) is_last: bool,
}

/// Which of the methods that have a body are mocked.
#[derive(Default)]
pub(super) enum Defaults {
    #[default]
    Kept,
    All,
    Some(BTreeSet<Ident>),
}

enum Arg {
    Type(Ident, Type),
    Const(Ident, Expr),
    Defaults(Ident, Defaults),
    Visibility(Ident, Visibility),
    Standstill(Ident, Path),
    Last(Ident),
}

impl Default for Args {
    fn default() -> Self {
        Self {
            standstill: parse_quote!(::standstill),
            types: BTreeMap::new(),
            consts: BTreeMap::new(),
            defaults: Defaults::Kept,
            visibility: None,
            is_last: false,
        }
    }
}

impl Args {
    pub(super) fn parse(tokens: TokenStream) -> Result<Self> {
        let parser = Punctuated::<Arg, Token![,]>::parse_terminated;
        let mut args = Self::default();
        let mut names = BTreeSet::new();
        for arg in syn::parse::Parser::parse2(parser, tokens)? {
            let (Arg::Type(name, _)
            | Arg::Const(name, _)
            | Arg::Defaults(name, _)
            | Arg::Visibility(name, _)
            | Arg::Standstill(name, _)
            | Arg::Last(name)) = &arg;
            if !names.insert(name.clone()) {
                return Err(Error::new(name.span(), format!("`{name}` is set twice")));
            }
            match arg {
                Arg::Type(name, ty) => drop(args.types.insert(name, ty)),
                Arg::Const(name, value) => drop(args.consts.insert(name, value)),
                Arg::Defaults(_, defaults) => args.defaults = defaults,
                Arg::Visibility(_, visibility) => args.visibility = Some(visibility),
                Arg::Standstill(_, path) => args.standstill = path,
                Arg::Last(_) => args.is_last = true,
            }
        }
        Ok(args)
    }
}

impl Parse for Arg {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(Token![type]) {
            input.parse::<Token![type]>()?;
            let name = input.parse()?;
            input.parse::<Token![=]>()?;
            return Ok(Self::Type(name, input.parse()?));
        }
        if input.peek(Token![const]) {
            input.parse::<Token![const]>()?;
            let name = input.parse()?;
            // The trait knows the type, but it may be said.
            if input.peek(Token![:]) {
                input.parse::<Token![:]>()?;
                input.parse::<Type>()?;
            }
            input.parse::<Token![=]>()?;
            return Ok(Self::Const(name, input.parse()?));
        }
        if input.peek(Token![pub]) {
            let name = Ident::new("pub", input.span());
            return Ok(Self::Visibility(name, input.parse()?));
        }
        let name = input.call(Ident::parse_any).map_err(|error| Error::new(error.span(), EXPECTED))?;
        if name == "mock_defaults" {
            if !input.peek(syn::token::Paren) {
                return Ok(Self::Defaults(name, Defaults::All));
            }
            let content;
            parenthesized!(content in input);
            let methods = Punctuated::<Ident, Token![,]>::parse_terminated(&content)?;
            return Ok(Self::Defaults(name, Defaults::Some(methods.into_iter().collect())));
        }
        if name == "__last" {
            return Ok(Self::Last(name));
        }
        if name != "standstill" {
            return Err(Error::new(name.span(), format!("there is no option `{name}`; {EXPECTED}")));
        }
        input.parse::<Token![=]>()?;
        let path = crate::async_test::path(&input.parse()?)?;
        Ok(Self::Standstill(name, path))
    }
}
