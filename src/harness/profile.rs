/// What cargo is to be told, so that it builds a test as this one was built.
pub(super) fn option() -> String {
    of_folder(env!("STANDSTILL_PROFILE_FOLDER"))
}

/// By the folder in which cargo puts what it builds so; empty if it is not known.
fn of_folder(folder: &str) -> String {
    match folder {
        "" | "debug" => String::new(),
        "release" => " --release".to_owned(),
        other => format!(" --profile {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_named_as_cargo_takes_it() {
        let options = ["", "debug", "release", "ci"].map(of_folder);
        assert_eq!(options, ["", "", " --release", " --profile ci"]);
    }

    #[test]
    fn the_folder_is_that_of_this_very_program() {
        let (folder, program) = (env!("STANDSTILL_PROFILE_FOLDER"), std::env::current_exe().unwrap());
        assert!(!folder.is_empty() && program.ancestors().any(|above| above.ends_with(folder)));
    }
}
