//! Every valid definition of the corpus goes through, and the module holds the document byte for byte.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]
#![allow(clippy::print_stdout, reason = "what was skipped or done is said")]

mod reference;

use sfn_asl::{Definition, Format};
use sfn_codegen::Options;

#[test]
fn every_valid_definition_is_embedded_in_a_module() {
    let Some(definitions) = reference::corpus() else { return };
    let mut generated = 0;
    for (index, (id, definition)) in definitions.iter().enumerate() {
        // Compact and indented texts by turns.
        let text = if index % 2 == 0 { definition.to_json_pretty() } else { definition.to_json() };
        let Ok(module) = sfn_codegen::generate(&text, Format::Json, &Options::new(id.as_str())) else {
            assert!(Definition::parse_json(&text).is_err(), "{id} is valid");
            continue;
        };
        generated += 1;
        let file = syn::parse_file(&module.code).unwrap_or_else(|error| panic!("{id}: {error}\n{}", module.code));
        assert_eq!(embedded(&file), text, "{id}: the document as it was written");
        let plain = |file: &syn::File| prettyplease::unparse(file);
        let once = plain(&file);
        let twice = plain(&syn::parse_file(&once).expect("formatted code is code"));
        assert_eq!(once, twice, "{id}: formatting again changes nothing");
        let lines = |code: &str| -> Vec<String> {
            code.lines().filter(|line| !line.is_empty() && !line.starts_with("// ")).map(str::to_owned).collect()
        };
        assert_eq!(lines(&once), lines(&module.code), "{id}: the code is formatted as printed");
    }
    println!("{generated} of {} definitions generated", definitions.len());
    assert!(generated * 2 > definitions.len(), "most definitions are valid, {generated} went through");
}

/// The value of the constant `DEFINITION`.
fn embedded(file: &syn::File) -> String {
    let constant = file.items.iter().find_map(|item| match item {
        syn::Item::Const(constant) if constant.ident == "DEFINITION" => Some(&*constant.expr),
        _ => None,
    });
    match constant {
        Some(syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. })) => text.value(),
        other => panic!("no text: {other:?}"),
    }
}
