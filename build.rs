//! Says whether the seam with libc can be built, as `cfg(seam)`, and in which folder of cargo's a profile's programs are.

use std::env;
use std::path::PathBuf;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(seam, sanitized)");

    let target = |key: &str| env::var(format!("CARGO_CFG_TARGET_{key}")).unwrap_or_default();
    // A static libc has no second definition of a symbol to go on to.
    let is_static = target("FEATURE").split(',').any(|feature| feature == "crt-static");
    // A sanitizer has hooks of its own in the same calls, and must see each of them.
    let is_sanitized = env::var_os("CARGO_CFG_SANITIZE").is_some();
    if is_sanitized {
        println!("cargo::rustc-cfg=sanitized");
    }
    let is_supported = target("OS") == "linux"
        && target("ENV") == "gnu"
        && ["x86_64", "aarch64"].contains(&&*target("ARCH"))
        && !is_static
        && !is_sanitized
        && env::var_os("CARGO_CFG_MIRI").is_none();
    if env::var_os("CARGO_FEATURE_OS").is_some() && is_supported {
        println!("cargo::rustc-cfg=seam");
    }
    println!("cargo::rustc-env=STANDSTILL_PROFILE_FOLDER={}", profile_folder().unwrap_or_default());
}

/// The folder that has `build` in it, where cargo puts what such programs as this one make: `target/release/build/standstill-1f0e/out`.
fn profile_folder() -> Option<String> {
    let made = PathBuf::from(env::var_os("OUT_DIR")?);
    let build = made.ancestors().find(|folder| folder.ends_with("build"))?;
    build.parent()?.file_name()?.to_str().map(str::to_owned)
}
