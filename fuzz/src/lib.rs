//! What the fuzz targets share: geometries drawn from the bytes of the fuzzer, what must hold, and
//! the decoders of the server.

mod draw;
pub mod flight;
mod oracle;

pub use draw::Draw;
pub use oracle::{
    area_scale, assert_same_text, is_nearly_valid, is_ordinary, read, size, text, valid,
};

/// Has panics printed where they happen.
///
/// Those that the code under test catches are reported by its error; the others end the run.
pub fn print_panics() {
    std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
}
