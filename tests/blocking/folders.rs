//! What is done to files and folders by their names.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::{chown, symlink};

use standstill::blocking::Category::Files;

use crate::found::{at, one};
use crate::scratch::Scratch;

#[test]
fn fs_read() {
    let scratch = Scratch::new("fs_read");
    let path = scratch.file("file");
    one(Files, "std::fs::read", async || at!(fs::read(&path).unwrap()));
}

#[test]
fn fs_read_to_string() {
    let scratch = Scratch::new("fs_read_to_string");
    let path = scratch.file("file");
    one(Files, "std::fs::read_to_string", async || at!(fs::read_to_string(&path).unwrap()));
}

#[test]
fn fs_read_to_string_of_nothing() {
    let path = Scratch::new("fs_read_to_string_of_nothing").path("file");
    one(Files, "std::fs::read_to_string", async || at!(fs::read_to_string(&path).unwrap_err()));
}

#[test]
fn fs_write() {
    let scratch = Scratch::new("fs_write");
    let path = scratch.path("file");
    one(Files, "std::fs::write", async || at!(fs::write(&path, "word").unwrap()));
}

#[test]
fn fs_copy() {
    let scratch = Scratch::new("fs_copy");
    let (from, to) = (scratch.file("file"), scratch.path("other"));
    one(Files, "std::fs::copy", async || at!(fs::copy(&from, &to).unwrap()));
}

#[test]
fn fs_rename() {
    let scratch = Scratch::new("fs_rename");
    let (from, to) = (scratch.file("file"), scratch.path("other"));
    one(Files, "std::fs::rename", async || at!(fs::rename(&from, &to).unwrap()));
}

#[test]
fn fs_remove_file() {
    let scratch = Scratch::new("fs_remove_file");
    let path = scratch.file("file");
    one(Files, "std::fs::remove_file", async || at!(fs::remove_file(&path).unwrap()));
}

#[test]
fn fs_remove_dir() {
    let scratch = Scratch::new("fs_remove_dir");
    let path = scratch.folder("folder");
    one(Files, "std::fs::remove_dir", async || at!(fs::remove_dir(&path).unwrap()));
}

#[test]
fn fs_remove_dir_all() {
    let scratch = Scratch::new("fs_remove_dir_all");
    let path = scratch.folder("folder");
    scratch.file("folder/file");
    one(Files, "std::fs::remove_dir_all", async || at!(fs::remove_dir_all(&path).unwrap()));
}

#[test]
fn fs_create_dir() {
    let scratch = Scratch::new("fs_create_dir");
    let path = scratch.path("folder");
    one(Files, "std::fs::create_dir", async || at!(fs::create_dir(&path).unwrap()));
}

#[test]
fn fs_create_dir_all() {
    let scratch = Scratch::new("fs_create_dir_all");
    let path = scratch.path("folder");
    one(Files, "std::fs::create_dir_all", async || at!(fs::create_dir_all(&path).unwrap()));
}

#[test]
fn fs_read_dir() {
    let scratch = Scratch::new("fs_read_dir");
    let path = scratch.folder("folder");
    one(Files, "std::fs::read_dir", async || at!(fs::read_dir(&path).unwrap()));
}

#[test]
fn read_dir_next() {
    let scratch = Scratch::new("read_dir_next");
    scratch.file("file");
    let mut entries = fs::read_dir(scratch.path("")).unwrap();
    one(Files, "std::fs::ReadDir::next", async || at!(entries.next().unwrap().unwrap()));
}

#[test]
fn dir_entry_metadata() {
    let scratch = Scratch::new("dir_entry_metadata");
    scratch.file("file");
    let entry = fs::read_dir(scratch.path("")).unwrap().next().unwrap().unwrap();
    one(Files, "std::fs::DirEntry::metadata", async || at!(entry.metadata().unwrap()));
}

#[test]
fn fs_metadata() {
    let scratch = Scratch::new("fs_metadata");
    let path = scratch.file("file");
    one(Files, "std::fs::metadata", async || at!(fs::metadata(&path).unwrap()));
}

#[test]
fn fs_symlink_metadata() {
    let scratch = Scratch::new("fs_symlink_metadata");
    let path = scratch.file("file");
    one(Files, "std::fs::symlink_metadata", async || at!(fs::symlink_metadata(&path).unwrap()));
}

#[test]
fn path_metadata() {
    let scratch = Scratch::new("path_metadata");
    let path = scratch.file("file");
    one(Files, "std::path::Path::metadata", async || at!(path.metadata().unwrap()));
}

#[test]
fn fs_exists() {
    let scratch = Scratch::new("fs_exists");
    let path = scratch.path("nothing");
    one(Files, "std::fs::exists", async || assert!(!at!(fs::exists(&path).unwrap())));
}

#[test]
fn path_exists() {
    let scratch = Scratch::new("path_exists");
    let path = scratch.file("file");
    one(Files, "std::path::Path::exists", async || assert!(at!(path.exists())));
}

#[test]
fn path_is_dir() {
    let scratch = Scratch::new("path_is_dir");
    let path = scratch.file("file");
    one(Files, "std::path::Path::is_dir", async || assert!(!at!(path.is_dir())));
}

#[test]
fn fs_canonicalize() {
    let scratch = Scratch::new("fs_canonicalize");
    let path = scratch.file("file");
    one(Files, "std::fs::canonicalize", async || at!(fs::canonicalize(&path).unwrap()));
}

#[test]
fn fs_hard_link() {
    let scratch = Scratch::new("fs_hard_link");
    let (from, to) = (scratch.file("file"), scratch.path("other"));
    one(Files, "std::fs::hard_link", async || at!(fs::hard_link(&from, &to).unwrap()));
}

#[test]
fn fs_symlink() {
    let scratch = Scratch::new("fs_symlink");
    let (from, to) = (scratch.file("file"), scratch.path("other"));
    one(Files, "std::os::unix::fs::symlink", async || at!(symlink(&from, &to).unwrap()));
}

#[test]
fn fs_read_link() {
    let scratch = Scratch::new("fs_read_link");
    let path = scratch.path("link");
    symlink(scratch.file("file"), &path).unwrap();
    one(Files, "std::fs::read_link", async || at!(fs::read_link(&path).unwrap()));
}

#[test]
fn fs_set_permissions() {
    let scratch = Scratch::new("fs_set_permissions");
    let path = scratch.file("file");
    let permissions = fs::metadata(&path).unwrap().permissions();
    one(Files, "std::fs::set_permissions", async || at!(fs::set_permissions(&path, permissions).unwrap()));
}

#[test]
fn path_read_dir() {
    let scratch = Scratch::new("path_read_dir");
    let path = scratch.folder("folder");
    one(Files, "std::path::Path::read_dir", async || drop(at!(path.read_dir().unwrap())));
}

#[test]
fn dir_builder_create() {
    let scratch = Scratch::new("dir_builder_create");
    let path = scratch.path("folder");
    one(Files, "std::fs::DirBuilder::create", async || at!(DirBuilder::new().create(&path).unwrap()));
}

#[test]
fn unix_chown() {
    let scratch = Scratch::new("unix_chown");
    let path = scratch.file("file");
    one(Files, "std::os::unix::fs::chown", async || at!(chown(&path, None, None).unwrap()));
}
