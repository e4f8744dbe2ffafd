//! Files that are open.

use std::fs::{File, OpenOptions};
use std::io::{
    BufRead as _, BufReader, BufWriter, ErrorKind, IoSlice, IoSliceMut, LineWriter, Read as _, Seek as _, SeekFrom,
    Write as _,
};
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::FileExt as _;

use futures::stream::{self, StreamExt as _};
use standstill::Builder;
use standstill::blocking::Category::Files;

use crate::found::{at, found, one, place, times};
use crate::scratch::Scratch;

/// A file to read and write, whose folder goes with the scratch.
fn file(test: &str) -> (Scratch, File) {
    let scratch = Scratch::new(test);
    let file = OpenOptions::new().read(true).write(true).open(scratch.file("file")).unwrap();
    (scratch, file)
}

/// As [`file`], at its end: how often what is in it is read depends on std.
fn read_up(test: &str) -> (Scratch, File) {
    let (scratch, mut file) = file(test);
    file.seek(SeekFrom::End(0)).unwrap();
    (scratch, file)
}

#[test]
fn file_open() {
    let scratch = Scratch::new("file_open");
    let path = scratch.file("file");
    one(Files, "std::fs::File::open", async || at!(File::open(&path).unwrap()));
}

#[test]
fn file_open_of_nothing() {
    let path = Scratch::new("file_open_of_nothing").path("file");
    one(Files, "std::fs::File::open", async || {
        assert_eq!(at!(File::open(&path)).unwrap_err().kind(), ErrorKind::NotFound);
    });
}

#[test]
fn file_create() {
    let scratch = Scratch::new("file_create");
    let path = scratch.path("file");
    one(Files, "std::fs::File::create", async || at!(File::create(&path).unwrap()));
}

#[test]
fn file_create_new() {
    let scratch = Scratch::new("file_create_new");
    let path = scratch.path("file");
    one(Files, "std::fs::File::create_new", async || at!(File::create_new(&path).unwrap()));
}

#[test]
fn open_options_open() {
    let scratch = Scratch::new("open_options_open");
    let path = scratch.file("file");
    one(Files, "std::fs::OpenOptions::open", async || at!(OpenOptions::new().append(true).open(&path).unwrap()));
}

#[test]
fn file_read() {
    let (_scratch, mut file) = file("file_read");
    one(Files, "std::fs::File::read", async || at!(file.read(&mut [0; 4]).unwrap()));
}

#[test]
fn file_read_to_end() {
    let (_scratch, mut file) = read_up("file_read_to_end");
    one(Files, "std::fs::File::read_to_end", async || at!(file.read_to_end(&mut Vec::new()).unwrap()));
}

#[test]
fn file_read_to_string() {
    let (_scratch, mut file) = read_up("file_read_to_string");
    one(Files, "std::fs::File::read_to_string", async || at!(file.read_to_string(&mut String::new()).unwrap()));
}

#[test]
fn file_read_exact() {
    let (_scratch, mut file) = file("file_read_exact");
    one(Files, "std::io::Read::read_exact", async || at!(file.read_exact(&mut [0; 8]).unwrap()));
}

#[test]
fn file_read_vectored() {
    let (_scratch, mut file) = file("file_read_vectored");
    one(Files, "std::fs::File::read_vectored", async || {
        at!(file.read_vectored(&mut [IoSliceMut::new(&mut [0; 2])]).unwrap())
    });
}

#[test]
fn file_read_at() {
    let (_scratch, file) = file("file_read_at");
    one(Files, "std::fs::File::read_at", async || at!(file.read_at(&mut [0; 4], 4).unwrap()));
}

#[test]
fn file_write() {
    let (_scratch, mut file) = file("file_write");
    one(Files, "std::fs::File::write", async || at!(file.write(b"word").unwrap()));
}

#[test]
fn file_write_all() {
    let (_scratch, mut file) = file("file_write_all");
    one(Files, "std::io::Write::write_all", async || at!(file.write_all(b"word").unwrap()));
}

#[test]
fn file_write_vectored() {
    let (_scratch, mut file) = file("file_write_vectored");
    one(Files, "std::fs::File::write_vectored", async || at!(file.write_vectored(&[IoSlice::new(b"word")]).unwrap()));
}

#[test]
fn file_write_at() {
    let (_scratch, file) = file("file_write_at");
    one(Files, "std::fs::File::write_at", async || at!(file.write_at(b"word", 4).unwrap()));
}

#[test]
fn file_sync_all() {
    let (_scratch, file) = file("file_sync_all");
    one(Files, "std::fs::File::sync_all", async || at!(file.sync_all().unwrap()));
}

#[test]
fn file_sync_data() {
    let (_scratch, file) = file("file_sync_data");
    one(Files, "std::fs::File::sync_data", async || at!(file.sync_data().unwrap()));
}

#[test]
fn file_set_len() {
    let (_scratch, file) = file("file_set_len");
    one(Files, "std::fs::File::set_len", async || at!(file.set_len(1).unwrap()));
}

#[test]
fn file_set_permissions() {
    let (_scratch, file) = file("file_set_permissions");
    let permissions = file.metadata().unwrap().permissions();
    one(Files, "std::fs::File::set_permissions", async || at!(file.set_permissions(permissions).unwrap()));
}

#[test]
fn file_set_modified() {
    let (_scratch, file) = file("file_set_modified");
    let time = std::time::SystemTime::UNIX_EPOCH;
    one(Files, "std::fs::File::set_modified", async || at!(file.set_modified(time).unwrap()));
}

#[test]
fn file_lock() {
    let (_scratch, file) = file("file_lock");
    one(Files, "std::fs::File::lock", async || at!(file.lock().unwrap()));
}

#[test]
fn file_lock_shared() {
    let (_scratch, file) = file("file_lock_shared");
    one(Files, "std::fs::File::lock_shared", async || at!(file.lock_shared().unwrap()));
}

#[test]
fn buf_reader_read_line() {
    let (_scratch, file) = file("buf_reader_read_line");
    let mut reader = BufReader::new(file);
    one(Files, "std::io::BufRead::read_line", async || at!(reader.read_line(&mut String::new()).unwrap()));
}

#[test]
fn buf_reader_lines() {
    let (_scratch, file) = file("buf_reader_lines");
    let mut lines = BufReader::new(file).lines();
    one(Files, "std::io::Lines::next", async || at!(lines.next().unwrap().unwrap()));
}

#[test]
fn buf_writer_flush() {
    let (_scratch, file) = file("buf_writer_flush");
    let mut writer = BufWriter::new(file);
    one(Files, "std::io::BufWriter::flush", async || {
        writer.write_all(b"word").unwrap();
        at!(writer.flush().unwrap());
    });
}

#[test]
fn io_copy_of_files() {
    let (scratch, mut file) = file("io_copy_of_files");
    let mut other = File::create(scratch.path("other")).unwrap();
    times(2, Files, "std::io::copy", async || at!(std::io::copy(&mut file, &mut other).unwrap()));
}

#[test]
fn a_reader_in_a_box() {
    let (_scratch, file) = file("a_reader_in_a_box");
    let mut reader: Box<dyn std::io::Read> = Box::new(file);
    one(Files, "std::io::Read::read_exact", async || at!(reader.read_exact(&mut [0]).unwrap()));
}

#[test]
fn a_function_that_was_given_to_an_adapter() {
    let scratch = Scratch::new("a_function_that_was_given_to_an_adapter");
    let paths = [scratch.file("file")];
    one(Files, "std::fs::metadata", async || {
        let each = stream::iter(&paths).map(std::fs::metadata);
        at!(each.collect::<Vec<_>>().await)
    });
}

#[test]
fn what_a_once_cell_of_tokio_s_is_made_with() {
    let scratch = Scratch::new("what_a_once_cell_of_tokio_s_is_made_with");
    let path = scratch.file("file");
    one(Files, "std::fs::metadata", async || {
        let cell = tokio::sync::OnceCell::new();
        cell.get_or_init(async || at!(std::fs::metadata(&path).unwrap().len())).await.to_owned()
    });
}

/// A derive writes code that calls what writes.
#[derive(Debug)]
struct Order {
    #[expect(dead_code, reason = "it is printed")]
    parcels: u32,
}

#[test]
fn what_is_derived_is_not_who_wrote() {
    let (_scratch, mut file) = file("what_is_derived_is_not_who_wrote");
    let order = Order { parcels: 7 };
    let found = found(Files, Builder::new(), async || at!(write!(file, "{order:?}")).unwrap());
    let places: Vec<_> = found.iter().map(|found| (&*found.call, &*found.place)).collect();
    assert_eq!(places, [("std::io::Write::write_fmt", &*place())]);
}

#[test]
fn libc_read_of_a_file() {
    let (_scratch, mut file) = file("libc_read_of_a_file");
    file.rewind().unwrap();
    let mut bytes = [0_u8; 4];
    one(Files, "read", async || at!(unsafe { libc::read(file.as_raw_fd(), bytes.as_mut_ptr().cast(), 4) }));
}

#[test]
fn buf_reader_bytes() {
    let (_scratch, file) = file("buf_reader_bytes");
    let mut bytes = BufReader::new(file).bytes();
    one(Files, "std::io::Bytes::next", async || at!(bytes.next()).unwrap().unwrap());
}

#[test]
fn buf_reader_split() {
    let (_scratch, file) = file("buf_reader_split");
    let mut lines = BufReader::new(file).split(b'\n');
    one(Files, "std::io::Split::next", async || at!(lines.next()).unwrap().unwrap());
}

#[test]
fn buf_writer_drop() {
    let (_scratch, file) = file("buf_writer_drop");
    let mut writer = BufWriter::new(file);
    writer.write_all(b"word").unwrap();
    one(Files, "std::io::BufWriter::drop", async || at!(drop(writer)));
}

#[test]
fn line_writer_write_fmt() {
    let (_scratch, file) = file("line_writer_write_fmt");
    let mut writer = LineWriter::new(file);
    one(Files, "std::io::LineWriter::write_fmt", async || at!(writeln!(writer, "word").unwrap()));
}

#[test]
fn file_read_exact_at() {
    let (_scratch, file) = file("file_read_exact_at");
    one(Files, "std::os::unix::fs::FileExt::read_exact_at", async || {
        at!(file.read_exact_at(&mut [0; 4], 0).unwrap());
    });
}
