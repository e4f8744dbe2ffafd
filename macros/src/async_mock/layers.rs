use syn::{Attribute, ItemTrait};

/// Takes the attributes that stand below ours and may be macros, such as `#[async_trait]` by whatever name it was imported, so that they can go
/// first: what they make of the trait is what the mock has to implement.
pub(super) fn take_macros(item: &mut ItemTrait) -> Vec<Attribute> {
    item.attrs.extract_if(.., |attribute| may_be_macro(attribute)).collect()
}

/// Those of the compiler that stand at a trait.
const BUILT_IN: [&str; 9] = ["allow", "cfg", "deny", "deprecated", "doc", "expect", "forbid", "must_use", "warn"];

/// Those whose names begin with the name of a tool.
const TOOLS: [&str; 3] = ["clippy", "diagnostic", "rustfmt"];

fn may_be_macro(attribute: &Attribute) -> bool {
    let path = attribute.path();
    let is_tool = path.segments.len() > 1 && TOOLS.iter().any(|tool| path.segments[0].ident == tool);
    !is_tool && !BUILT_IN.iter().any(|name| path.is_ident(name))
}
