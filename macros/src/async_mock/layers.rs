use syn::{Attribute, ItemTrait, Meta};

/// Takes the `#[async_trait]` that stands below ours, so that it can go first: what it makes of the trait is what the mock
/// has to implement.
pub(super) fn take_async_trait(item: &mut ItemTrait) -> Option<Attribute> {
    let place = item.attrs.iter().position(is_async_trait)?;
    Some(item.attrs.remove(place))
}

fn is_async_trait(attribute: &Attribute) -> bool {
    match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg_attr") => {
            list.tokens.clone().into_iter().any(|token| token.to_string() == "async_trait")
        }
        meta => meta.path().segments.last().is_some_and(|segment| segment.ident == "async_trait"),
    }
}
