use std::ffi::{CStr, c_int, c_void};
use std::ops::Range;

/// The program, or a library that it has loaded.
pub(super) struct Object {
    /// Of the program itself, empty.
    pub(super) name: String,
    pub(super) parts: Vec<Part>,
    /// What was writable only until the addresses in it were known, such as tables of functions.
    pub(super) kept: Range<usize>,
}

/// A piece of memory that it was loaded into.
pub(super) struct Part {
    pub(super) place: Range<usize>,
    pub(super) is_writable: bool,
}

/// What is loaded, the program first.
pub(super) fn objects() -> Vec<Object> {
    unsafe extern "C" fn add(object: *mut libc::dl_phdr_info, _: usize, objects: *mut c_void) -> c_int {
        // SAFETY: libc gives a valid object, and hands on what was given to it below.
        let (object, objects) = unsafe { (&*object, &mut *objects.cast::<Vec<Object>>()) };
        let name = if object.dlpi_name.is_null() {
            String::new()
        } else {
            // SAFETY: It ends with a zero byte.
            unsafe { CStr::from_ptr(object.dlpi_name) }.to_string_lossy().into_owned()
        };
        // SAFETY: The object says how many headers it has.
        let headers = unsafe { std::slice::from_raw_parts(object.dlpi_phdr, object.dlpi_phnum.into()) };
        let place = |part: &libc::Elf64_Phdr| {
            let start = usize::try_from(object.dlpi_addr + part.p_vaddr).unwrap_or(usize::MAX);
            start..start.saturating_add(usize::try_from(part.p_memsz).unwrap_or(0))
        };
        let of_type = |is| headers.iter().filter(move |part| part.p_type == is);
        let parts =
            of_type(libc::PT_LOAD).map(|part| Part { place: place(part), is_writable: part.p_flags & libc::PF_W != 0 });
        let kept = of_type(libc::PT_GNU_RELRO).map(place).next().unwrap_or_default();
        objects.push(Object { name, parts: parts.collect(), kept });
        0
    }

    let mut objects = Vec::new();
    // SAFETY: `add` takes its last argument for what it is.
    unsafe { libc::dl_iterate_phdr(Some(add), (&raw mut objects).cast()) };
    objects
}

impl Object {
    pub(super) fn contains(&self, address: usize) -> bool {
        self.parts.iter().any(|part| part.place.contains(&address))
    }
}
