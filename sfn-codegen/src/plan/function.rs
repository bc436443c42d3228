//! What people call a function or an activity, from the many ways to name it.

/// `Resize` for `arn:aws:lambda:us-east-1:111111111111:function:Resize:live`, `${ResizeArn}`, `Resize:$LATEST`, ….
pub(crate) fn short_name(resource: &str) -> String {
    let parts = parts(resource);
    let kind = parts.iter().position(|part| matches!(*part, "function" | "activity"));
    let name = match kind {
        Some(kind) => parts.get(kind + 1).copied().unwrap_or(resource).to_owned(),
        // An ARN of another kind: what follows partition, service, region and account.
        None if parts[0] == "arn" => parts.get(5..).unwrap_or_default().join(" "),
        // A qualifier follows the name of a function, and that alone is known to have a `$` or a placeholder.
        None if parts.len() == 2 && (parts[1].starts_with('$') || parts[0].ends_with('}')) => parts[0].to_owned(),
        None => resource.to_owned(),
    };
    if name.is_empty() { resource.to_owned() } else { without_placeholders(&name) }
}

/// The parts between colons; a colon within `${…}` separates nothing.
fn parts(resource: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut depth = 0usize;
    let bytes = resource.as_bytes();
    for (index, byte) in bytes.iter().enumerate() {
        match byte {
            b'{' if index > 0 && bytes[index - 1] == b'$' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b':' if depth == 0 => {
                parts.push(&resource[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&resource[start..]);
    parts
}

/// The text with each placeholder replaced by the name of what it stands for.
fn without_placeholders(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((inside, after)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str(referent(inside));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// `Resize` for `ResizeArn`, `Resize.Arn`, `var.Resize`, `aws_lambda_function.Resize.arn`.
fn referent(placeholder: &str) -> &str {
    let mut name = placeholder.trim();
    for prefix in ["data.", "var.", "local.", "aws_lambda_function.", "aws_lambda_alias."] {
        name = name.strip_prefix(prefix).unwrap_or(name);
    }
    for suffix in [".Arn", ".arn", ".invoke_arn", ".qualified_arn", ".function_name", "_arn", "Arn", "ARN"] {
        if let Some(stripped) = name.strip_suffix(suffix)
            && !stripped.is_empty()
        {
            name = stripped;
            break;
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::short_name;

    #[test]
    fn functions_have_short_names() {
        let check = |resource: &str, expected: &str| assert_eq!(short_name(resource), expected, "{resource}");
        check("arn:aws:lambda:us-east-1:111111111111:function:Resize", "Resize");
        check("arn:aws:lambda:us-east-1:111111111111:function:Resize:live", "Resize");
        check("arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${ArchiveFunction}", "ArchiveFunction");
        check("111111111111:function:Resize", "Resize");
        check("function:Resize", "Resize");
        check("Resize", "Resize");
        check("Resize:$LATEST", "Resize");
        check("${var.resize}:$LATEST", "resize");
        check("${ResizeFunctionArn}", "ResizeFunction");
        check("${ResizeLambda.Arn}", "ResizeLambda");
        check("${aws_lambda_function.resize.arn}", "resize");
        check("${Arn}", "Arn");
        check("${Stage}-resize", "Stage-resize");
        check("arn:aws:states:us-east-1:111111111111:activity:approve", "approve");
        check("arn:aws:swf:us-east-1:111111111111:task:X", "task X");
        check("foo:bar", "foo:bar");
        check("arn:", "arn:");
        check("", "");
        check("${", "${");
        check("arn:aws:lambda:r:a:function:", "arn:aws:lambda:r:a:function:");
    }
}
