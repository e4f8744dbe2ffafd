//! Ordinary tests, each written once and run under `#[tokio::test]` and under this crate's attribute: the swap changes nothing.

use std::error::Error;
use std::process::{ExitCode, Termination};
use std::rc::Rc;

use standstill::{assert_elapsed, prelude::*};
use tokio::time::{Instant, sleep};

/// A result of a test's own kind.
struct Report;

impl Termination for Report {
    fn report(self) -> ExitCode {
        ExitCode::SUCCESS
    }
}

/// `local` and `start_paused` give tokio's attribute what this crate's has by itself: `spawn_local` and virtual time.
macro_rules! tests {
    ($module:ident, $($attribute:tt)*) => {
        mod $module {
            use super::*;

            #[$($attribute)*(flavor = "local", start_paused = true)]
            async fn an_hour_is_slept() {
                let start = Instant::now();

                sleep(1.hours()).await;

                assert_eq!(start.elapsed(), 1.hours());
            }

            #[$($attribute)*]
            async fn an_error_may_be_passed_on() -> Result<(), std::num::ParseIntError> {
                assert_eq!("7".parse::<u8>()?, 7);
                Ok(())
            }

            #[$($attribute)*]
            async fn an_error_may_be_boxed() -> Result<(), Box<dyn Error>> {
                assert_eq!("7".parse::<u8>()?, 7);
                Ok(())
            }

            #[$($attribute)*]
            async fn an_error_may_be_boxed_and_sent() -> Result<(), Box<dyn Error + Send + Sync>> {
                assert_eq!("7".parse::<u8>()?, 7);
                Ok(())
            }

            #[$($attribute)*]
            async fn an_error_may_be_neither_sent_nor_an_error() -> Result<(), Rc<str>> {
                sleep(1.millis()).await;
                Ok(())
            }

            #[$($attribute)*]
            async fn an_exit_code_may_be_given() -> ExitCode {
                ExitCode::SUCCESS
            }

            #[$($attribute)*]
            async fn an_exit_code_may_be_given_in_a_result() -> Result<ExitCode, Box<dyn Error>> {
                Ok(ExitCode::SUCCESS)
            }

            #[$($attribute)*]
            async fn a_termination_of_its_own_may_be_given() -> Report {
                Report
            }

            #[$($attribute)*]
            async fn a_body_may_return_early() -> Result<(), String> {
                if sleep(1.millis()).await == () {
                    return Ok(());
                }
                Err("late".to_owned())
            }

            #[$($attribute)*]
            async fn locals_may_be_borrowed_across_an_await() {
                let mut orders = vec!["tea".to_owned()];
                let first = &mut orders[0];

                let (length, ()) = tokio::join!(async { first.len() }, sleep(1.millis()));

                assert_eq!(length, 3);
                assert_eq!(orders, ["tea"]);
            }

            #[$($attribute)*]
            async fn a_body_need_not_be_send() {
                let shared = Rc::new(7);

                sleep(1.millis()).await;

                assert_eq!(*shared, 7);
            }

            #[$($attribute)*(flavor = "local", start_paused = true)]
            async fn a_task_may_stay_on_its_thread() {
                let (start, shared) = (Instant::now(), Rc::new(7));

                let task = tokio::task::spawn_local(async move {
                    sleep(1.hours()).await;
                    *shared
                });

                assert_eq!(task.await.unwrap(), 7);
                assert_eq!(start.elapsed(), 1.hours());
            }

            #[$($attribute)*]
            #[ignore = "it is not written yet"]
            async fn an_ignored_test_is_not_run() {
                todo!()
            }

            #[$($attribute)*]
            #[should_panic(expected = "the milk is sour")]
            async fn a_panic_may_be_expected() {
                sleep(1.millis()).await;
                panic!("the milk is sour");
            }

            #[should_panic(expected = "the milk is sour")]
            #[$($attribute)*]
            async fn a_panic_may_be_expected_above() {
                sleep(1.millis()).await;
                panic!("the milk is sour");
            }

            #[$($attribute)*]
            #[cfg(any())]
            async fn a_test_may_be_left_out() {
                this_is_not_compiled();
            }

            #[cfg(all())]
            #[cfg_attr(all(), $($attribute)*)]
            async fn an_attribute_may_be_conditional() {
                sleep(1.millis()).await;
            }

            /// A comment that says more.
            #[$($attribute)*]
            /// And more.
            async fn a_comment_may_say_more() {
                sleep(1.millis()).await;
            }

            #[$($attribute)*]
            #[expect(unused_variables, reason = "to see whether the lint reaches the body")]
            async fn a_lint_may_be_set() {
                let unused = 7;
            }

            #[$($attribute)*]
            async fn a_lint_may_be_set_inside() {
                #![expect(unused_variables, reason = "to see whether the lint reaches the body")]

                let unused = 7;
            }

            #[$($attribute)*]
            #[rustfmt::skip]
            async fn a_tool_may_be_told() {
                sleep(1.millis()).await;
            }

            #[$($attribute)*]
            #[expect(unreachable_pub, reason = "nobody can reach a test")]
            pub async fn a_test_may_be_public() {
                sleep(1.millis()).await;
            }

            #[$($attribute)*]
            pub(crate) async fn a_test_may_be_public_in_the_crate() {
                sleep(1.millis()).await;
            }

            #[$($attribute)*]
            #[allow(clippy::extra_unused_lifetimes, reason = "only tokio's attribute leaves clippy a view of it")]
            async fn a_lifetime_may_be_named<'a>() {
                let text: &'a str = "tea";
                assert_eq!(text.len(), 3);
            }

            #[$($attribute)*]
            async fn r#match() {
                sleep(1.millis()).await;
            }

            mod inner {
                use super::*;

                fn pause() -> std::time::Duration {
                    1.millis()
                }

                mod innermost {
                    use super::*;

                    #[$($attribute)*]
                    async fn a_test_sees_the_modules_around_it() -> Result<(), Box<dyn Error>> {
                        sleep(pause()).await;
                        Ok(())
                    }
                }
            }
        }
    };
}

tests!(under_tokio, tokio::test);
tests!(under_standstill, standstill::test);
tests!(under_async_test, async_test);

macro_rules! test_in_a_macro {
    ($name:ident, $timeout:literal, $flavor:expr, $body:block) => {
        #[async_test(timeout = $timeout, flavor = $flavor)]
        async fn $name() $body
    };
}

test_in_a_macro!(a_macro_may_give_options_and_body, "2h", "current_thread", {
    sleep(1.hours()).await;

    assert_elapsed!(1.hours());
});

#[async_test]
async fn some_termination_may_be_given() -> impl Termination {
    Report
}

#[async_test]
async fn some_error_may_be_given() -> Result<(), impl std::fmt::Debug> {
    sleep(1.millis()).await;
    Ok::<_, Rc<str>>(())
}
