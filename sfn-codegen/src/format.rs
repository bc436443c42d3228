//! Tokens to text.

use proc_macro2::TokenStream;
use syn::Item;

/// The formatted text of a module, below the comment `header`.
pub(crate) fn format(header: &[String], module: TokenStream) -> String {
    let file = syn::parse2(module).expect("what is emitted is a Rust file");
    let mut text = String::new();
    for line in header {
        text.push_str(if line.is_empty() { "//" } else { "// " });
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
    text.push_str(&items(file));
    text
}

/// The items as prettyplease prints them, with the blank lines that it leaves out and readers want.
fn items(file: syn::File) -> String {
    let mut text = String::new();
    let mut after_import = None;
    for item in file.items {
        let is_import = matches!(item, Item::Use(_));
        let has_methods = matches!(item, Item::Trait(_) | Item::Impl(_));
        if after_import.is_some_and(|after_import| !(after_import && is_import)) {
            text.push('\n');
        }
        after_import = Some(is_import);
        let printed = prettyplease::unparse(&syn::File {
            shebang: None,
            frontmatter: None,
            attrs: Vec::new(),
            items: vec![item],
        });
        if has_methods { space_members(&printed, &mut text) } else { text.push_str(&printed) }
    }
    text
}

/// Adds the members of a trait or an impl, with a blank line before each documented one and behind a type.
fn space_members(printed: &str, text: &mut String) {
    let mut previous = "";
    for line in printed.lines() {
        let begins_doc = line.starts_with("    ///") && !previous.starts_with("    ///");
        let follows_type = previous.starts_with("    type ");
        if (begins_doc && !previous.ends_with('{')) || follows_type {
            text.push('\n');
        }
        text.push_str(line);
        text.push('\n');
        previous = line;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_stand_between_items_and_members() {
        let module = "use a::b; use c::d; pub struct A; pub trait T { #[doc = \" One.\"] #[doc = \" More.\"] fn one(); \
                      #[doc = \" Two.\"] fn two(); } const D: &str = r\"x\n    /// y\n\";";
        let expected = "// Made.\n//\n\nuse a::b;\nuse c::d;\n\npub struct A;\n\npub trait T {\n    /// One.\n    \
                        /// More.\n    fn one();\n\n    /// Two.\n    fn two();\n}\n\nconst D: &str = r\"x\n    /// y\n\";\n";
        let header = ["Made.".to_owned(), String::new()];
        let text = format(&header, module.parse().expect("tokens"));
        assert_eq!(text, expected);
        let again = format(&header, text.parse().expect("tokens"));
        assert_eq!(again, text);
    }
}
