//! Turns Amazon States Language documents into typed Rust.
//!
//! [`generate`] takes the text of a definition and gives the text of a Rust module. The document is embedded as it was
//! written, so nothing of it can be lost; around it stand the types that rustc checks. The module names nothing but
//! `::sfn_core`, `::core` and `::std`.
//!
//! With the default feature `cli` the crate is the program `sfn-codegen`, too, and reads YAML. Build scripts and macros
//! use it with `default-features = false`.

mod options;

mod infer;
mod naming;
mod plan;

mod emit;
mod format;

use sfn_asl::{Definition, Diagnostic, Diagnostics, Format};

pub use options::{Options, Style, UnknownStyle};

/// What [`generate`] gives.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The text of a Rust module.
    pub code: String,
    /// Findings about the definition that do not keep it from running.
    pub warnings: Vec<Diagnostic>,
}

/// Turns the definition `text` into a Rust module.
///
/// The same text and options give the same module, byte for byte. A definition in YAML is embedded as the JSON of the
/// same document.
///
/// # Errors
/// All findings about a definition that is not valid, the warnings among them.
pub fn generate(text: &str, format: Format, options: &Options) -> Result<Generated, Diagnostics> {
    let definition = Definition::parse(text, format)?;
    let code = match options.style {
        Style::Types => {
            let plan = plan::plan(&definition, text, format, options);
            format::format(&plan.header, emit::module(&plan))
        }
    };
    Ok(Generated { code, warnings: definition.diagnostics().to_vec() })
}
