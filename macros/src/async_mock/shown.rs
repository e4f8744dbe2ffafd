//! How a method is written, for the docs of its field.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{FnArg, GenericParam, Lifetime, Receiver, ReceiverKind, Signature, TypeReference};

use super::form::Form;

/// The method as its author wrote it, as far as `#[async_trait]` has left it.
pub(super) fn shown(signature: &Signature, form: Form) -> String {
    let mut signature = signature.clone();
    Plain.visit_signature_mut(&mut signature);
    let output = Form::of(&signature).map_or(None, |(_, output)| Some(output));
    let Signature { ident, generics, inputs, .. } = &signature;
    let parameters: Vec<_> = generics.params.iter().filter(|parameter| !is_added(parameter)).collect();
    let parameters = (!parameters.is_empty()).then(|| quote!(<#(#parameters),*>));
    let asyncness = (form != Form::Sync).then(|| quote!(async));
    let inputs = inputs.iter().map(FnArg::to_token_stream);
    let output = output.map(|output| quote!(-> #output)).filter(|output| output.to_string() != "-> ()");
    text(quote!(#asyncness fn #ident #parameters(#(#inputs),*) #output))
}

struct Plain;

impl VisitMut for Plain {
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        reference.lifetime = reference.lifetime.take().filter(|lifetime| !is_numbered(lifetime));
        visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_receiver_mut(&mut self, receiver: &mut Receiver) {
        receiver.mutability = None;
        if let ReceiverKind::Reference(_, lifetime, _) = &mut receiver.kind {
            *lifetime = lifetime.take().filter(|lifetime| !is_numbered(lifetime));
        }
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if is_numbered(lifetime) {
            *lifetime = Lifetime::new("'_", lifetime.span());
        }
    }
}

fn is_added(parameter: &GenericParam) -> bool {
    matches!(parameter, GenericParam::Lifetime(parameter) if parameter.lifetime.ident == "_" || parameter.lifetime.ident == "async_trait")
}

/// Whether `#[async_trait]` has given the name.
fn is_numbered(lifetime: &Lifetime) -> bool {
    let name = lifetime.ident.to_string();
    name.strip_prefix("life").is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
}

/// Puts the spaces where rustfmt does.
pub(super) fn text(tokens: TokenStream) -> String {
    let mut text = String::new();
    write(tokens, &mut text);
    text
}

fn write(tokens: TokenStream, text: &mut String) {
    let mut is_joint = true;
    for token in tokens {
        match &token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::None => ("", ""),
                };
                let is_call =
                    text.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '>') && !text.ends_with("->");
                if !(is_joint || is_call && group.delimiter() == Delimiter::Parenthesis) {
                    space(text);
                }
                *text += open;
                write(group.stream(), text);
                *text += close;
                is_joint = false;
            }
            TokenTree::Punct(punct) => {
                let is_path = punct.as_char() == ':' && (punct.spacing() == Spacing::Joint || text.ends_with(':'));
                let hugs = is_path || matches!(punct.as_char(), ',' | ';' | '>' | '<' | '.' | '?' | ':');
                let is_arrow = text.ends_with('-');
                if !(is_joint || hugs || is_arrow) {
                    space(text);
                }
                text.push(punct.as_char());
                is_joint = is_path
                    || punct.spacing() == Spacing::Joint
                    || matches!(punct.as_char(), '<' | '&' | '*' | '\'' | '.' | '?' | '!');
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) => {
                if !is_joint {
                    space(text);
                }
                *text += &token.to_string();
                is_joint = false;
            }
        }
    }
}

fn space(text: &mut String) {
    if !text.is_empty() && !text.ends_with([' ', '(', '[']) {
        text.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn a_signature_is_shown_as_it_is_written() {
        let cases: [(Signature, &str); 6] = [
            (
                parse_quote!(async fn get(&self, id: u64) -> Result<User, io::Error>),
                "async fn get(&self, id: u64) -> Result<User, io::Error>",
            ),
            (
                parse_quote!(fn put(&mut self, key: &str, values: &[Vec<u8>])),
                "fn put(&mut self, key: &str, values: &[Vec<u8>])",
            ),
            (
                parse_quote!(fn each(&self, f: Box<dyn Fn(&str) -> bool + Send>) -> (u8, [u8; 4])),
                "fn each(&self, f: Box<dyn Fn(&str) -> bool + Send>) -> (u8, [u8; 4])",
            ),
            (
                parse_quote!(async fn find<Q: Query + 'static>(&self, query: Q) -> Option<Q::Item>),
                "async fn find<Q: Query + 'static>(&self, query: Q) -> Option<Q::Item>",
            ),
            (
                parse_quote!(fn wait<'a>(self: Arc<Self>, text: &'a mut Text<'a>) -> BoxFuture<'a, ()>),
                "async fn wait<'a>(self: Arc<Self>, text: &'a mut Text<'a>)",
            ),
            (
                parse_quote!(fn get<'life0, 'life1, 'async_trait>(&'life0 self, text: &'life1 str) -> ::core::pin::Pin<Box<dyn ::core::future::Future<Output = u64> + ::core::marker::Send + 'async_trait>>),
                "async fn get(&self, text: &str) -> u64",
            ),
        ];

        for (signature, expected) in cases {
            let (form, _) = Form::of(&signature).unwrap();
            assert_eq!(shown(&signature, form), expected);
        }
    }
}
