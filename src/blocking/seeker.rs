use super::Category;

/// Who looks for blocking calls, and so where it is said what they do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seeker {
    /// A test under `#[async_test]`.
    Test,
    /// A run of a `Builder`, or of `standstill::run`.
    Run,
    Detector,
}

impl Seeker {
    /// What a policy is for.
    pub(super) fn reach(self) -> &'static str {
        match self {
            Self::Test => "for the whole test",
            Self::Run => "for the whole run",
            Self::Detector => "on the detector",
        }
    }

    /// How to allow what a function calls.
    pub(super) fn allowing_in(self, function: &str) -> String {
        match self {
            Self::Test => format!("#[async_test(blocking(allow_in = {function:?}))]"),
            Self::Run => {
                format!(
                    "standstill::Builder::new().blocking(standstill::blocking::Policy::new().allow_in({function:?})).run(..)"
                )
            }
            Self::Detector => format!(".policy(standstill::blocking::Policy::new().allow_in({function:?}))"),
        }
    }

    /// How to allow a category of calls.
    pub(super) fn allowing(self, category: Category) -> String {
        match self {
            Self::Test => format!("#[async_test(blocking({category} = \"allow\"))]"),
            Self::Run => format!("standstill::Builder::new().blocking(\"{category}=allow\".parse().unwrap()).run(..)"),
            Self::Detector => format!(".policy(\"{category}=allow\".parse().unwrap())"),
        }
    }

    /// The same in a few words.
    pub(super) fn silencer(self, category: Category) -> String {
        match self {
            Self::Test => format!("blocking({category} = \"allow\")"),
            Self::Run => format!("Builder::blocking(\"{category}=allow\".parse().unwrap())"),
            Self::Detector => format!("policy \"{category}=allow\""),
        }
    }
}
