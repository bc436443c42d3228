use super::*;

fn request(line: &str) -> Generate {
    match arguments::parse(line.split_whitespace().map(std::ffi::OsString::from)) {
        Ok(Command::Generate(request)) => request,
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn the_workflow_is_called_like_its_file() {
    let check = |line: &str, name: &str| assert_eq!(default_name(&request(line).input), name, "{line}");
    check("order-saga.asl.json", "order-saga");
    check("flows/pay.yaml", "pay");
    check("flows/.hidden.json", "hidden");
    check("pay", "pay");
    check("-", "workflow");
    check("...", "workflow");
}

#[test]
fn the_format_is_the_extension_or_what_the_text_looks_like() {
    let check =
        |line: &str, text: &str, expected: Format| assert_eq!(format(&request(line).input, text), expected, "{line}");
    check("a.json", "StartAt: A", Format::Json);
    check("a.asl.JSON", "", Format::Json);
    check("a.yml", "{}", Format::Yaml);
    check("a.asl", " \n{", Format::Json);
    check("a.asl", "StartAt: A", Format::Yaml);
    check("-", "# comment", Format::Yaml);
    check("-", "\u{FEFF}{", Format::Json);
    check("-", "", Format::Json);
}

#[test]
fn the_command_can_be_typed_again() {
    let check = |line: &str, expected: &str| assert_eq!(command(&request(line)), expected);
    check("a.json", "sfn-codegen --style types a.json");
    check("--name=X -o b.rs a.json", "sfn-codegen --style types --name X -o b.rs a.json");
    check("-", "sfn-codegen --style types -");
    check("-- -a.json", "sfn-codegen --style types -- -a.json");
    assert_eq!(quoted("it's here.json"), r"'it'\''s here.json'");
    assert_eq!(quoted(""), "''");
}
