//! With insta: a snapshot that is named after its test has the name it has under `#[tokio::test]`.

use std::collections::BTreeSet;
use std::fs;

use insta::{assert_debug_snapshot, assert_snapshot};
use standstill::prelude::*;
use tokio::time::sleep;

macro_rules! tests {
    ($module:ident, $($attribute:tt)*) => {
        mod $module {
            use super::*;

            #[$($attribute)*]
            async fn a_snapshot_in_the_body() {
                sleep(1.millis()).await;
                assert_snapshot!("an order");
            }

            #[$($attribute)*]
            async fn several_snapshots() {
                assert_snapshot!("first");
                assert_debug_snapshot!(["second"]);
            }

            #[$($attribute)*]
            async fn a_snapshot_in_a_block() {
                async { assert_snapshot!("in a block") }.await;
                let closure = async || assert_snapshot!("in a closure");
                closure().await;
            }

            #[$($attribute)*]
            async fn test_with_a_prefix() -> Result<(), std::fmt::Error> {
                sleep(1.millis()).await;
                assert_snapshot!("without the prefix");
                Ok(())
            }

            #[rstest::rstest]
            #[case("a case")]
            #[$($attribute)*]
            async fn a_snapshot_in_a_case(#[case] text: &str) {
                assert_snapshot!(text);
            }

            mod inner {
                use super::*;

                #[$($attribute)*]
                async fn a_snapshot_in_a_module() {
                    assert_snapshot!("in a module");
                }
            }
        }
    };
}

tests!(under_tokio, tokio::test);
tests!(under_standstill, standstill::test);

#[test]
fn the_snapshots_have_the_names_that_they_have_under_tokio() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots");
    let files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    let names = |module: &str| -> BTreeSet<_> {
        let prefix = format!("insta__{module}__");
        files.iter().filter_map(|name| name.strip_prefix(&prefix)?.strip_suffix(".snap")).collect()
    };

    let names_under_tokio = names("under_tokio");

    assert_eq!(names_under_tokio.len(), 8);
    assert_eq!(names("under_standstill"), names_under_tokio);
}
