//! Floor 3: runs a body in a bubble and reaches a verdict.

mod builder;
mod choices;
mod ending;
mod evidence;
mod failure;
mod finding;
mod identity;
mod level;
mod looks;
mod output;
mod profile;
mod report;
mod root;
mod run;
mod runs;
mod seed;
mod settings;
mod test;
mod verdict;
mod wall;
mod warn;

pub use builder::{Builder, run};
pub use choices::{Flavor, Random, Time, UnhandledPanic};
pub use failure::{Failure, Kind};
pub use level::Level;

pub use identity::Identity;
pub use output::{Output, ViaAsRef, ViaAsRefSync, ViaDebug, ViaError, ViaTermination};
pub use runs::Runs;
pub(crate) use settings::completed;
pub use test::test;
pub(crate) use warn::of_detector as warn_of_detector;
