use std::fmt::Display;
use std::marker::PhantomData;

use predicates::Predicate;

/// Stands for an argument that matchers see as a `&T`.
pub struct View<T: ?Sized>(PhantomData<fn(&T)>);

/// A tuple of [`View`]s: what matchers see of a call.
pub trait Views: 'static {
    /// The references themselves: nothing, one, or a tuple of several.
    type Refs<'a>: Copy;
}

/// What tells whether a call's arguments are the expected ones: a predicate for the one argument, or a tuple with one for each.
///
/// All types of the crate `predicates` are, and with them mockall's.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not match these arguments",
    label = "expected one predicate for each argument, of the argument's type",
    note = "for one argument: `when(eq(7))`; for several: `when((eq(7), always()))`; for all at once: `when_fn(\"what is expected\", |args| ..)`",
    note = "`eq` and its like take a value of the argument's own type, `eq(\"x\".to_owned())` for a `String`, `eq(\"x\")` for a `&str`, `eq(vec![1])` for a `&[u8]`, if it is `Debug` and `PartialEq`; \
            `when_fn` needs nothing"
)]
pub trait Matcher<V: Views> {
    /// Says whether the arguments match.
    fn matches(&self, refs: V::Refs<'_>) -> bool;

    /// Gives the places of the arguments that do not match.
    fn misses(&self, refs: V::Refs<'_>) -> Vec<usize>;

    /// Says what is expected of each argument, given its name.
    fn expects(&self, name: &dyn Fn(usize) -> String) -> String;

    /// Gives the `{:#?}` of what the argument at a place is to be equal to, if that is what is expected of it.
    #[doc(hidden)]
    fn equal_to(&self, _place: usize) -> Option<String> {
        None
    }
}

impl Views for () {
    type Refs<'a> = ();
}

impl<A: ?Sized + 'static> Views for (View<A>,) {
    type Refs<'a> = &'a A;
}

#[diagnostic::do_not_recommend]
impl<A: ?Sized + 'static, P: Predicate<A>> Matcher<(View<A>,)> for P {
    fn matches(&self, refs: &A) -> bool {
        self.eval(refs)
    }

    fn misses(&self, refs: &A) -> Vec<usize> {
        if self.eval(refs) { Vec::new() } else { vec![0] }
    }

    fn expects(&self, name: &dyn Fn(usize) -> String) -> String {
        named(&self.to_string(), &name(0))
    }

    fn equal_to(&self, _: usize) -> Option<String> {
        value_of_eq(self)
    }
}

macro_rules! tuple {
    ($($predicate:ident $view:ident $place:tt),*) => {
        impl<$($view: ?Sized + 'static),*> Views for ($(View<$view>,)*) {
            type Refs<'a> = ($(&'a $view,)*);
        }

        #[diagnostic::do_not_recommend]
        impl<$($view: ?Sized + 'static, $predicate: Predicate<$view>),*> Matcher<($(View<$view>,)*)> for ($($predicate,)*) {
            fn matches(&self, refs: ($(&$view,)*)) -> bool {
                $(self.$place.eval(refs.$place))&&*
            }

            fn misses(&self, refs: ($(&$view,)*)) -> Vec<usize> {
                let mut misses = Vec::new();
                $(if !self.$place.eval(refs.$place) {
                    misses.push($place);
                })*
                misses
            }

            fn expects(&self, name: &dyn Fn(usize) -> String) -> String {
                [$(named(&self.$place.to_string(), &name($place))),*].join(", ")
            }

            fn equal_to(&self, place: usize) -> Option<String> {
                match place {
                    $($place => value_of_eq(&self.$place),)*
                    _ => None,
                }
            }
        }
    };
}

tuple!(P A 0, Q B 1);
tuple!(P A 0, Q B 1, R C 2);
tuple!(P A 0, Q B 1, R C 2, S D 3);
tuple!(P A 0, Q B 1, R C 2, S D 3, T E 4);
tuple!(P A 0, Q B 1, R C 2, S D 3, T E 4, U F 5);
tuple!(P A 0, Q B 1, R C 2, S D 3, T E 4, U F 5, V G 6);
tuple!(P A 0, Q B 1, R C 2, S D 3, T E 4, U F 5, V G 6, W H 7);

/// What a predicate shows of its value, if it is `eq`.
fn value_of_eq(predicate: &impl Display) -> Option<String> {
    Some(predicate.to_string().strip_prefix("var == ")?.to_owned())
}

/// Puts an argument's name where a predicate's text says `var`, in one line.
fn named(text: &str, name: &str) -> String {
    if text == "true" {
        return format!("any {}", name.strip_prefix("the ").unwrap_or(name));
    }
    let text = one_line(text);
    let mut named = String::new();
    let mut is_quoted = false;
    let mut rest = text.as_str();
    while let Some(letter) = rest.chars().next() {
        let starts_word = !named.ends_with(|before: char| before.is_alphanumeric() || before == '_');
        let word =
            rest.strip_prefix("var").filter(|after| !after.starts_with(|c: char| c.is_alphanumeric() || c == '_'));
        if let (false, true, Some(after)) = (is_quoted, starts_word, word) {
            named += name;
            rest = after;
            continue;
        }
        // A letter after a backslash stands for itself, and so does a quote between apostrophes.
        let whole = match letter {
            '\\' if is_quoted => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '\'' if !is_quoted && rest.starts_with("'\"'") => 3,
            letter => letter.len_utf8(),
        };
        is_quoted ^= letter == '"';
        named += &rest[..whole];
        rest = &rest[whole..];
    }
    named
}

/// Undoes what `{:#?}` does, by which predicates show values.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::new();
    for part in text.lines().map(str::trim) {
        let is_tight = line.ends_with(['[', '(']) || part.starts_with([']', ')']);
        if part.starts_with([']', ')', '}']) && line.ends_with(',') {
            line.pop();
        }
        if !line.is_empty() && !is_tight {
            line.push(' ');
        }
        line += part;
    }
    line
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use predicates::prelude::*;

    use super::*;

    #[test]
    fn a_predicate_s_var_gets_the_argument_s_name() {
        assert_eq!(named(&predicate::eq("var x").to_string(), "id"), "id == \"var x\"");
        assert_eq!(named(&predicate::gt(1).and(predicate::lt(7)).to_string(), "id"), "(id > 1 && id < 7)");
    }

    #[test]
    fn quotes_inside_of_values_end_nothing() {
        /// Either of two values, with the argument's name.
        fn either<T: PartialEq + Debug + 'static>(one: T, other: T) -> String {
            let predicate: &dyn Predicate<T> = &predicate::eq(one).or(predicate::eq(other));
            named(&predicate.to_string(), "x")
        }

        assert_eq!(either("C:\\", "D:\\"), r#"(x == "C:\\" || x == "D:\\")"#);
        assert_eq!(either("\\\" var", ""), r#"(x == "\\\" var" || x == "")"#);
        assert_eq!(either('"', '\''), r#"(x == '"' || x == '\'')"#);
    }

    #[test]
    fn a_value_is_shown_in_one_line() {
        #[derive(Debug, PartialEq)]
        struct User {
            id: u64,
            tags: Vec<&'static str>,
        }
        let user = User { id: 7, tags: vec!["a", "b\n"] };

        let expected = "user == User { id: 7, tags: [\"a\", \"b\\n\"] }";
        assert_eq!(named(&predicate::eq(user).to_string(), "user"), expected);
    }

    #[test]
    fn a_tuple_says_which_arguments_it_misses() {
        let matcher = (predicate::eq(7), predicate::eq("x"), predicate::always());
        let refs = (&8, "y", &());

        assert!(!Matcher::<(View<i32>, View<str>, View<()>)>::matches(&matcher, refs));
        assert_eq!(Matcher::<(View<i32>, View<str>, View<()>)>::misses(&matcher, refs), [0, 1]);
    }
}
