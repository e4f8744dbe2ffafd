use std::fmt;

/// How to run one test again.
#[derive(Clone, Debug)]
pub struct Identity {
    package: &'static str,
    /// As libtest has it: the path without the crate's name.
    test: String,
}

impl Identity {
    /// Takes what `CARGO_PKG_NAME`, `module_path!` and the function's name give.
    pub fn new(package: &'static str, module: &str, function: &str) -> Self {
        let test = match module.split_once("::") {
            Some((_crate, module)) => format!("{module}::{function}"),
            None => function.to_owned(),
        };
        Self { package, test }
    }

    pub(super) fn test(&self) -> &str {
        &self.test
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cargo test -p {} {} -- --exact", self.package, self.test)
    }
}
