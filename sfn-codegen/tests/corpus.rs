//! Every valid definition of the corpus goes through, and the module holds the document byte for byte.
//!
//! The corpus is `corpus/definitions.jsonl` in the folder that `SFN_REFERENCE` names.

use std::path::{Path, PathBuf};

use sfn_asl::{Definition, Format, Value};
use sfn_codegen::Options;

/// The definitions of the corpus: their id and their text, as compact JSON and as indented JSON by turns.
fn corpus() -> Option<Vec<(String, String)>> {
    let folder = std::env::var_os("SFN_REFERENCE")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let file = folder.join("corpus/definitions.jsonl");
    let Ok(lines) = std::fs::read_to_string(&file) else {
        println!("SKIPPED: there is no {}", file.display());
        return None;
    };
    let definitions = lines.lines().enumerate().map(|(index, line)| {
        let row = Value::parse(line).expect("a line of the corpus is JSON");
        let id = row.get("id").and_then(Value::as_str).expect("a row has an id").to_owned();
        let definition = row.get("definition").expect("a row has a definition");
        (id, if index % 2 == 0 { definition.to_json_pretty() } else { definition.to_json() })
    });
    Some(definitions.collect())
}

#[test]
fn every_valid_definition_is_embedded_in_a_module() {
    let Some(definitions) = corpus() else { return };
    let mut generated = 0;
    for (id, text) in &definitions {
        let Ok(module) = sfn_codegen::generate(text, Format::Json, &Options::new(id.as_str())) else {
            assert!(Definition::parse_json(text).is_err(), "{id} is valid");
            continue;
        };
        generated += 1;
        let file = syn::parse_file(&module.code).unwrap_or_else(|error| panic!("{id}: {error}\n{}", module.code));
        assert_eq!(embedded(&file), *text, "{id}: the document as it was written");
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
