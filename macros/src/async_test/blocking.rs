//! Reads the option `blocking`, a level for all or one for each category.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, MetaList, MetaNameValue, Result, Token};

use super::args::name;
use super::value::{string, word};

const LEVELS: &[&str] = &["allow", "warn", "deny"];

const CATEGORIES: &[(&str, &str)] = &[
    ("dns", "Dns"),
    ("processes", "Processes"),
    ("joins", "Joins"),
    ("sleeps", "Sleeps"),
    ("sockets", "Sockets"),
    ("stdin", "Stdin"),
    ("pipes", "Pipes"),
    ("files", "Files"),
    ("locks", "Locks"),
    ("cpu", "Cpu"),
];

/// `blocking = "deny"`
pub(super) fn for_all(value: &Expr) -> Result<TokenStream> {
    let level = level(value)?;
    Ok(quote!(.blocking(__standstill::blocking::Policy::all(#level))))
}

/// `blocking(files = "deny", allow_in = ["shop::legacy"])`
pub(super) fn by_category(list: &MetaList) -> Result<TokenStream> {
    let expected = || {
        let categories: Vec<_> = CATEGORIES.iter().map(|(name, _)| format!("`{name}`")).collect();
        format!(
            "expected levels by category, as in `blocking(files = \"deny\")`, or functions that may block, as in \
             `blocking(allow_in = \"shop::legacy\")`; the categories are {}",
            categories.join(", ")
        )
    };
    let options = list.parse_args_with(Punctuated::<MetaNameValue, Token![,]>::parse_terminated);
    let options = options.map_err(|error| Error::new(error.span(), expected()))?;
    if options.is_empty() {
        return Err(Error::new_spanned(list, expected()));
    }
    let mut names = BTreeSet::new();
    let mut calls = Vec::new();
    for option in &options {
        let name = name(&option.path);
        if !names.insert(name.clone()) {
            let several =
                if name == "allow_in" { ": several paths go in brackets, `allow_in = [\"a\", \"b\"]`" } else { "" };
            return Err(Error::new_spanned(&option.path, format!("`{name}` is set twice{several}")));
        }
        if name == "allow_in" {
            calls.extend(rules(&option.value)?.into_iter().map(|rule| quote!(.allow_in(#rule))));
            continue;
        }
        let Some((_, category)) = CATEGORIES.iter().find(|(known, _)| *known == name) else {
            return Err(Error::new_spanned(&option.path, expected()));
        };
        let (category, level) = (format_ident!("{category}"), level(&option.value)?);
        calls.push(quote!(.level(__standstill::blocking::Category::#category, #level)));
    }
    Ok(quote!(.blocking(__standstill::blocking::Policy::new()#(#calls)*)))
}

fn level(value: &Expr) -> Result<TokenStream> {
    let level = match word(value, LEVELS)? {
        "allow" => quote!(Allow),
        "warn" => quote!(Warn),
        _ => quote!(Deny),
    };
    Ok(quote!(__standstill::Level::#level))
}

/// One path, or several in brackets.
fn rules(value: &Expr) -> Result<Vec<String>> {
    let expected = |value| {
        Error::new_spanned(
            value,
            "expected the path of a function or module, such as \"shop::legacy\", or several in brackets",
        )
    };
    let paths: Vec<&Expr> = match value {
        Expr::Array(array) => array.elems.iter().collect(),
        value => vec![value],
    };
    let rule = |value| string(value).ok().filter(|path| !path.is_empty()).ok_or_else(|| expected(value));
    paths.into_iter().map(rule).collect()
}
