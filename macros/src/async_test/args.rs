use std::collections::BTreeSet;
use std::time::Duration;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Error, Meta, MetaNameValue, Path, Result, Token, parse_quote};

use super::blocking;
use super::value::{boolean, duration, instant, number, path, seed, string, word};

const NAMES: &str = "`timeout`, `wall_timeout`, `leaks`, `task_panics`, `never_polled`, `blocking`, `poll_budget`, `stuck_after`, `time`, `start_time`, `seed`, `seeds`, `check_determinism`, \
                     `random`, `standstill`, and those of `#[tokio::test]`: \
                     `flavor`, `worker_threads`, `start_paused`, `unhandled_panic`, `name`, `crate`";

/// What stands in the attribute's brackets.
pub(super) struct Args {
    /// The path of the crate `standstill`.
    pub(super) standstill: Path,
    /// Calls of `Builder`'s methods.
    pub(super) calls: Vec<TokenStream>,
    /// Calls of `Runs`' methods.
    pub(super) runs: Vec<TokenStream>,
    /// The option by which the test runs in processes of their own.
    pub(super) in_processes: Option<MetaNameValue>,
}

impl Default for Args {
    fn default() -> Self {
        Self { standstill: parse_quote!(::standstill), calls: Vec::new(), runs: Vec::new(), in_processes: None }
    }
}

/// The options that bear on each other.
#[derive(Default)]
struct Seen<'a> {
    flavor: Option<&'static str>,
    time: Option<(&'static str, &'a MetaNameValue)>,
    worker_threads: Option<&'a MetaNameValue>,
    start_paused: Option<(bool, &'a MetaNameValue)>,
    unhandled_panic: Option<&'a MetaNameValue>,
    random: Option<(&'static str, &'a MetaNameValue)>,
    /// What has no effect unless random bytes come from a seed.
    seeded: Option<&'a MetaNameValue>,
}

impl Args {
    pub(super) fn parse(tokens: TokenStream) -> Result<Self> {
        let expected = || format!("expected `option = value`, as in `timeout = \"5s\"`; the options are {NAMES}");
        let metas = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(tokens);
        let metas = metas.map_err(|error| Error::new(error.span(), expected()))?;
        let mut args = Self::default();
        let mut seen = Seen::default();
        let mut names = BTreeSet::new();
        for meta in &metas {
            let name = name(meta.path());
            if !names.insert(name.clone()) {
                return Err(Error::new_spanned(meta.path(), format!("`{name}` is set twice")));
            }
            match meta {
                Meta::NameValue(option) => args.take(&name, option, &mut seen)?,
                Meta::List(list) if name == "blocking" => args.calls.push(blocking::by_category(list)?),
                _ => return Err(Error::new_spanned(meta, expected())),
            }
        }
        seen.check()?;
        Ok(args)
    }

    fn take<'a>(&mut self, name: &str, option: &'a MetaNameValue, seen: &mut Seen<'a>) -> Result<()> {
        let value = &option.value;
        match name {
            "timeout" | "wall_timeout" | "poll_budget" => self.duration(name, duration(value)?),
            "start_time" => {
                let since_1970 = instant(value)?;
                let (seconds, nanos) = (since_1970.as_secs(), since_1970.subsec_nanos());
                self.calls.push(quote! {
                    .start_time(::std::time::SystemTime::UNIX_EPOCH + ::core::time::Duration::new(#seconds, #nanos))
                });
            }
            "leaks" | "task_panics" | "never_polled" => self.level(name, word(value, &["allow", "warn", "deny"])?),
            "blocking" => self.calls.push(blocking::for_all(value)?),
            "stuck_after" => {
                let jumps = number(value)?;
                self.calls.push(quote!(.stuck_after(#jumps)));
            }
            "time" => {
                let time = word(value, &["virtual", "real"])?;
                seen.time = Some((time, option));
                self.choose("time", "Time", if time == "real" { "Real" } else { "Virtual" });
            }
            "seed" => {
                let seed = seed(value)?;
                seen.seeded = Some(option);
                self.calls.push(quote!(.seed(#seed)));
            }
            "seeds" => {
                let count = number(value)?;
                seen.seeded = Some(option);
                self.in_processes = Some(option.clone());
                self.runs.push(quote!(.seeds(#count)));
            }
            "check_determinism" => {
                if boolean(value)? {
                    seen.seeded = Some(option);
                    self.in_processes = Some(option.clone());
                    self.runs.push(quote!(.check_determinism(true)));
                }
            }
            "random" => {
                let random = word(value, &["seeded", "real"])?;
                seen.random = Some((random, option));
                if random == "real" {
                    self.choose("random", "Random", "Real");
                }
            }
            "standstill" => self.standstill = path(value)?,
            "flavor" => {
                let flavor = word(value, &["current_thread", "multi_thread", "local"])?;
                seen.flavor = Some(flavor);
                if flavor == "multi_thread" {
                    self.choose("flavor", "Flavor", "MultiThread");
                }
            }
            "worker_threads" => {
                let count = usize::try_from(number(value)?).map_err(|error| Error::new_spanned(value, error))?;
                seen.worker_threads = Some(option);
                self.calls.push(quote!(.worker_threads(#count)));
            }
            "start_paused" => {
                let paused = boolean(value)?;
                seen.start_paused = Some((paused, option));
                self.calls.push(quote!(.start_paused(#paused)));
            }
            "unhandled_panic" => {
                seen.unhandled_panic = Some(option);
                if word(value, &["ignore", "shutdown_runtime"])? == "shutdown_runtime" {
                    self.choose("unhandled_panic", "UnhandledPanic", "ShutdownRuntime");
                }
            }
            "name" => {
                let name = string(value)?;
                if name.is_empty() {
                    return Err(Error::new_spanned(value, "expected a name that is not empty"));
                }
                self.calls.push(quote!(.name(#name)));
            }
            "crate" => drop(path(value)?),
            other => {
                return Err(Error::new_spanned(
                    &option.path,
                    format!("there is no option `{other}`; the options are {NAMES}"),
                ));
            }
        }
        Ok(())
    }

    fn duration(&mut self, name: &str, duration: Duration) {
        let (method, seconds, nanos) = (format_ident!("{name}"), duration.as_secs(), duration.subsec_nanos());
        self.calls.push(quote!(.#method(::core::time::Duration::new(#seconds, #nanos))));
    }

    fn level(&mut self, name: &str, level: &str) {
        let level = match level {
            "allow" => "Allow",
            "warn" => "Warn",
            _ => "Deny",
        };
        self.choose(name, "Level", level);
    }

    fn choose(&mut self, method: &str, of: &str, variant: &str) {
        let (method, of, variant) = (format_ident!("{method}"), format_ident!("{of}"), format_ident!("{variant}"));
        // `__standstill` is imported by the expansion, wherever `standstill` lies.
        self.calls.push(quote!(.#method(__standstill::#of::#variant)));
    }
}

impl Seen<'_> {
    fn check(&self) -> Result<()> {
        let is_multi_thread = self.flavor == Some("multi_thread");
        if let (Some(option), false) = (self.worker_threads, is_multi_thread) {
            return Err(Error::new_spanned(option, "`worker_threads` needs `flavor = \"multi_thread\"`"));
        }
        if let (Some((_, option)), true) = (self.start_paused, is_multi_thread) {
            return Err(Error::new_spanned(option, "`start_paused` needs `flavor = \"current_thread\"`, as in tokio"));
        }
        if let (Some((true, _)), Some(("real", option))) = (self.start_paused, self.time) {
            return Err(Error::new_spanned(
                option,
                "`time = \"real\"` and `start_paused = true` contradict each other: leave out one of them",
            ));
        }
        if let Some(option) = self.seeded {
            self.check_seeded(option)?;
        }
        if let (Some(option), true) = (self.unhandled_panic, is_multi_thread) {
            return Err(Error::new_spanned(
                option,
                "`unhandled_panic` needs `flavor = \"current_thread\"`, as in tokio",
            ));
        }
        Ok(())
    }

    fn check_seeded(&self, option: &MetaNameValue) -> Result<()> {
        let name = name(&option.path);
        if let Some(("real", random)) = self.random {
            return Err(Error::new_spanned(
                random,
                format!("`random = \"real\"` and `{name}` contradict each other: leave out one of them"),
            ));
        }
        if let Some(("real", _)) = self.time {
            return Err(Error::new_spanned(
                option,
                format!("`{name}` needs virtual time: leave out `time = \"real\"`"),
            ));
        }
        if let Some((true, _)) = self.start_paused {
            return Err(Error::new_spanned(
                option,
                format!(
                    "`{name}` needs all of the test in virtual time: leave out `start_paused = true`, which asks for tokio's own clock"
                ),
            ));
        }
        Ok(())
    }
}

/// A path as text, such as `tokio::test`.
pub(super) fn name(path: &Path) -> String {
    path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>().join("::")
}
