use std::cell::Cell;
use std::error::Error;
use std::fmt::Debug;
use std::process::{ExitCode, Termination};

/// A test's output, to be judged by what its type offers.
///
/// The attribute calls `(&&&&&Output::new(output)).judge()`: the first of the traits below, in their order, that the
/// type fits is the one method resolution finds.
pub struct Output<T>(Cell<Option<T>>);

impl<T> Output<T> {
    /// Wraps what the body gave.
    pub fn new(output: T) -> Self {
        Self(Cell::new(Some(output)))
    }

    fn take(&self) -> T {
        self.0.take().expect("an output is judged once")
    }
}

/// For `Result<_, E>` where `E` is an error.
pub trait ViaError {
    /// Judges the output.
    ///
    /// # Errors
    ///
    /// Says why the test failed, if it did.
    fn judge(&self) -> Result<(), String>;
}

/// For `Result<_, E>` where `E` holds an error: `Box<dyn Error>`, `anyhow::Error`.
pub trait ViaAsRef {
    /// Judges the output.
    ///
    /// # Errors
    ///
    /// Says why the test failed, if it did.
    fn judge(&self) -> Result<(), String>;
}

/// For `Result<_, Box<dyn Error + Send + Sync>>`.
pub trait ViaAsRefSync {
    /// Judges the output.
    ///
    /// # Errors
    ///
    /// Says why the test failed, if it did.
    fn judge(&self) -> Result<(), String>;
}

/// For `Result<_, E>` where `E` can only be printed.
pub trait ViaDebug {
    /// Judges the output.
    ///
    /// # Errors
    ///
    /// Says why the test failed, if it did.
    fn judge(&self) -> Result<(), String>;
}

/// For whatever else `#[test]` takes.
pub trait ViaTermination {
    /// Judges the output.
    ///
    /// # Errors
    ///
    /// Says why the test failed, if it did.
    fn judge(&self) -> Result<(), String>;
}

impl<T: Termination, E: Error + 'static> ViaError for &&&&Output<Result<T, E>> {
    fn judge(&self) -> Result<(), String> {
        self.take().map_err(|error| chain(&error)).and_then(report)
    }
}

impl<T: Termination, E: AsRef<dyn Error + 'static>> ViaAsRef for &&&Output<Result<T, E>> {
    fn judge(&self) -> Result<(), String> {
        self.take().map_err(|error| chain(error.as_ref())).and_then(report)
    }
}

impl<T: Termination, E: AsRef<dyn Error + Send + Sync + 'static>> ViaAsRefSync for &&Output<Result<T, E>> {
    fn judge(&self) -> Result<(), String> {
        self.take().map_err(|error| chain(error.as_ref())).and_then(report)
    }
}

impl<T: Termination, E: Debug> ViaDebug for &Output<Result<T, E>> {
    fn judge(&self) -> Result<(), String> {
        self.take().map_err(|error| format!("{error:?}")).and_then(report)
    }
}

impl<T: Termination> ViaTermination for Output<T> {
    fn judge(&self) -> Result<(), String> {
        report(self.take())
    }
}

fn report(output: impl Termination) -> Result<(), String> {
    match output.report() {
        code if code == ExitCode::SUCCESS => Ok(()),
        code => Err(format!("a failing exit code, {code:?}")),
    }
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}\n  caused by: {error}");
        cause = error.source();
    }
    text
}
