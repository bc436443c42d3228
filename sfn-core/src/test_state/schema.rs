//! A mocked result against the output of an API.

use sfn_asl::value::Value;

use super::models::Model;

/// What does not fit first: `Field 'StatusCode' must be a number`.
///
/// Members that the API does not have pass. `strict` asks for the required ones, too. No recursion, however deep the
/// result is.
pub(super) fn check(model: &Model, result: &Value, strict: bool) -> Result<(), String> {
    // The last entry is next: members are put there in reverse.
    let mut open: Vec<(&Value, &Value, &str)> = vec![(model.output(), result, "")];
    while let Some((shape, value, field)) = open.pop() {
        if let Some(kind) = shape.as_str() {
            check_type(kind, value, field)?;
            continue;
        }
        if let Some(members) = shape.get("members").and_then(Value::as_object) {
            let Some(object) = value.as_object() else { return Err(format!("Field '{field}' must be an object")) };
            if strict {
                let required = shape.get("required").and_then(Value::as_array);
                let mut names = required.iter().flat_map(|names| names.iter()).filter_map(Value::as_str);
                if let Some(missing) = names.find(|name| !object.contains_key(name)) {
                    return Err(format!("Required field '{missing}' is missing"));
                }
            }
            for (name, member) in object.iter().rev() {
                let is_free = field.is_empty() && model.is_free(name);
                if let Some(place) = members.get(name).filter(|_| !is_free) {
                    open.push((model.shape(place), member, name));
                }
            }
        } else if let Some(place) = shape.get("list") {
            let Some(items) = value.as_array() else { return Err(format!("Field '{field}' must be an array")) };
            check_length(shape.get("length"), items.len(), field)?;
            open.extend(items.iter().rev().map(|item| (model.shape(place), item, field)));
        } else if let Some(place) = shape.get("map") {
            let Some(object) = value.as_object() else { return Err(format!("Field '{field}' must be an object")) };
            open.extend(object.iter().rev().map(|(name, member)| (model.shape(place), member, &**name)));
        } else {
            check_bounds(shape, value, field)?;
        }
    }
    Ok(())
}

fn check_type(kind: &str, value: &Value, field: &str) -> Result<(), String> {
    let fits = match kind {
        "string" => value.as_str().is_some(),
        "number" => value.as_number().is_some(),
        "boolean" => value.as_bool().is_some(),
        _ => true,
    };
    if fits { Ok(()) } else { Err(format!("Field '{field}' must be a {kind}")) }
}

fn check_bounds(shape: &Value, value: &Value, field: &str) -> Result<(), String> {
    if let Some(bounds) = shape.get("number") {
        check_type("number", value, field)?;
        let number = value.as_f64();
        let bound = |index| bounds.at(index).and_then(Value::as_f64);
        if let (Some(number), Some(least)) = (number, bound(0))
            && number < least
        {
            return Err(format!("Field '{field}' is less than the minimum value"));
        }
        if let (Some(number), Some(most)) = (number, bound(1))
            && number > most
        {
            return Err(format!("Field '{field}' exceeds the maximum value"));
        }
        return Ok(());
    }
    check_type("string", value, field)?;
    let text = value.as_str().unwrap_or_default();
    check_length(shape.get("string"), text.chars().count(), field)?;
    match shape.get("enum").and_then(Value::as_array) {
        Some(names) if !names.iter().any(|name| name.as_str() == Some(text)) => {
            Err(format!("Field '{field}' is not an expected value"))
        }
        _ => Ok(()),
    }
}

fn check_length(bounds: Option<&Value>, length: usize, field: &str) -> Result<(), String> {
    let bound = |index| usize::try_from(bounds?.at(index)?.as_i64()?).ok();
    if bound(0).is_some_and(|least| length < least) {
        return Err(format!("Field '{field}' is smaller than the minimum length"));
    }
    if bound(1).is_some_and(|most| length > most) {
        return Err(format!("Field '{field}' exceeds the maximum length"));
    }
    Ok(())
}
