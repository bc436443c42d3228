//! Workflows written with sfn: one folder an example, each with its program, its golden document and a README.

#[cfg(test)]
mod designs {
    //! The golden documents beside those that the design of the language gives for the same functions.

    use std::path::PathBuf;

    use sfn_core::Value;

    /// The document of an example, its key in the design, and where the two differ: the place, and why.
    type Example = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

    const EXAMPLES: &[Example] = &[
        ("order_saga/order_saga", "saga", &[]),
        ("expense_approval/expense_approval", "approval", &[]),
        ("export_job/export_job", "poll", &[]),
        ("checkout/checkout", "catch", CHECKOUT),
        ("route_command/route_command", "choice", &[]),
        ("monthly_close/monthly_close", "nested", &[]),
        ("label_image/label_image", "activity", &[]),
        ("first_fit/first_fit", "for", &[]),
        ("trip_quote/quote", "parallel", TRIP_QUOTE),
        ("thumbnails/thumbs", "map", THUMBNAILS),
        ("expense_approval/expense_approval", "approval", &[]),
        ("monthly_close/monthly_close", "nested", &[]),
        ("label_image/label_image", "activity", &[]),
    ];

    const PLAIN_TEXT: &str = "a cause that is plain text has no `reason`: parsing it in the Catch would end the execution with an \
         error that nothing catches; it is parsed in the next state, behind a test of its shape";
    const CHECKOUT: &[(&str, &str)] = &[
        ("/States/Charge/Catch/0/Assign/c1", PLAIN_TEXT),
        ("/States/Charge/Catch/0/Assign/err", PLAIN_TEXT),
        ("/States/Charge/Catch/0/Next", PLAIN_TEXT),
        ("/States/Fail", "where plain text goes: the error is passed on as it came"),
        ("/States/is Declined", PLAIN_TEXT),
    ];

    const OWN_END: &str =
        "the task ends its branch itself: one transition less; its catcher alone leads to `Weather done`";
    const TRIP_QUOTE: &[(&str, &str)] = &[
        ("/States/join/Branches/2/States/Weather/Next", OWN_END),
        ("/States/join/Branches/2/States/Weather/End", OWN_END),
        (
            "/States/join/Output/total",
            "a check that fails names the expression: a line number would change with an edit above, and body and document say \
             the same",
        ),
    ];

    const FUSED: &str = "the Map ends the machine itself: its own output says all that the end behind it would";
    const THUMBNAILS: &[(&str, &str)] = &[
        ("/States/map images/Assign", FUSED),
        ("/States/map images/Next", FUSED),
        ("/States/map images/Output", FUSED),
        ("/States/map images/End", FUSED),
        ("/States/Return", FUSED),
    ];

    #[test]
    fn documents_are_those_of_the_design() {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let reference = std::env::var_os("SFN_REFERENCE").map(PathBuf::from);
        let designs = reference.unwrap_or_else(|| folder.join("../../shared")).join("design/dsl-examples");
        if !designs.is_dir() {
            println!("SKIPPED: no reference data");
            return;
        }
        let mut findings = Vec::new();
        for (example, design, known) in EXAMPLES {
            let read = |path: PathBuf| {
                let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                Value::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
            };
            let golden = read(folder.join(format!("{example}.asl.json")));
            let mut found = Vec::new();
            differences(&read(designs.join(format!("{design}.asl.json"))), &golden, "", &mut found);
            found.retain(|(place, _)| place != "/Comment");
            for (place, difference) in &found {
                if !known.iter().any(|(known, _)| known == place) {
                    findings.push(format!("{example}{place}: {difference}"));
                }
            }
            for (place, _) in *known {
                if !found.iter().any(|(found, _)| found == place) {
                    findings.push(format!("{example}{place}: no longer differs, drop it from the table"));
                }
            }
        }
        assert!(findings.is_empty(), "{}", findings.join("\n"));
    }

    /// The deepest places in which two values differ.
    fn differences(design: &Value, made: &Value, place: &str, found: &mut Vec<(String, String)>) {
        match (design, made) {
            (Value::Object(design), Value::Object(made)) => {
                for (key, value) in design.iter() {
                    let place = format!("{place}/{key}");
                    match made.get(key) {
                        Some(made) => differences(value, made, &place, found),
                        None => found.push((place, format!("only the design has {value}"))),
                    }
                }
                for (key, value) in made.iter().filter(|(key, _)| !design.contains_key(key)) {
                    found.push((format!("{place}/{key}"), format!("the design has no such {value}")));
                }
            }
            (Value::Array(design), Value::Array(made)) if design.len() == made.len() => {
                for (index, (design, made)) in design.iter().zip(made.iter()).enumerate() {
                    differences(design, made, &format!("{place}/{index}"), found);
                }
            }
            (design, made) if design != made => {
                found.push((place.to_owned(), format!("{design} in the design, here {made}")));
            }
            _ => {}
        }
    }

    #[test]
    fn differences_are_found() {
        let design = Value::parse(r#"{"A": {"B": 1, "C": [1, 2]}, "D": [1], "E": 5}"#).unwrap();
        let made = Value::parse(r#"{"A": {"B": 1, "C": [1, 3]}, "D": [1, 2], "F": 5}"#).unwrap();
        let mut found = Vec::new();
        differences(&design, &made, "", &mut found);
        let places: Vec<&str> = found.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["/A/C/1", "/D", "/E", "/F"]);
    }
}
