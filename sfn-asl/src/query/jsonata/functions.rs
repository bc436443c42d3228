//! The built-in functions.

pub(super) mod array;
mod aws;
mod boolean;
pub(super) mod datetime;
mod encoding;
mod higher_order;
mod integer_picture;
pub(super) mod matching;
mod number;
mod number_picture;
pub(super) mod object;
pub(super) mod string;

use std::sync::OnceLock;

use super::evaluate::Machine;
use super::failure::Outcome;
use super::item::Item;
use super::signature::Signature;

/// A built-in function.
#[derive(Debug)]
pub(super) struct Builtin {
    pub(super) name: &'static str,
    text: &'static str,
    /// What the function tells about itself when functions ask how many arguments it takes.
    pub(super) arity: usize,
    pub(super) call: Native,
    signature: OnceLock<Signature>,
}

/// The arguments have passed the signature.
type Native = fn(&Machine<'_>, Vec<Item>) -> Outcome<Item>;

impl Builtin {
    const fn new(name: &'static str, text: &'static str, arity: usize, call: Native) -> Self {
        Builtin { name, text, arity, call, signature: OnceLock::new() }
    }

    pub(super) fn signature(&self) -> &Signature {
        self.signature.get_or_init(|| Signature::parse(self.text).expect("built-in signatures are well formed"))
    }
}

/// The built-in function `name`.
pub(super) fn find(name: &str) -> Option<&'static Builtin> {
    BUILTINS.iter().find(|builtin| builtin.name == name)
}

static BUILTINS: [Builtin; 69] = [
    Builtin::new("sum", "<a<n>:n>", 1, number::sum),
    Builtin::new("count", "<a:n>", 1, array::count),
    Builtin::new("max", "<a<n>:n>", 1, number::max),
    Builtin::new("min", "<a<n>:n>", 1, number::min),
    Builtin::new("average", "<a<n>:n>", 1, number::average),
    Builtin::new("string", "<x-b?:s>", 1, string::string),
    Builtin::new("substring", "<s-nn?:s>", 3, string::substring),
    Builtin::new("substringBefore", "<s-s:s>", 2, string::substring_before),
    Builtin::new("substringAfter", "<s-s:s>", 2, string::substring_after),
    Builtin::new("lowercase", "<s-:s>", 1, string::lowercase),
    Builtin::new("uppercase", "<s-:s>", 1, string::uppercase),
    Builtin::new("length", "<s-:n>", 1, string::length),
    Builtin::new("trim", "<s-:s>", 1, string::trim),
    Builtin::new("pad", "<s-ns?:s>", 3, string::pad),
    Builtin::new("match", "<s-f<s:o>n?:a<o>>", 3, matching::match_all),
    Builtin::new("contains", "<s-(sf):b>", 2, matching::contains),
    Builtin::new("replace", "<s-(sf)(sf)n?:s>", 4, matching::replace),
    Builtin::new("split", "<s-(sf)n?:a<s>>", 3, matching::split),
    Builtin::new("join", "<a<s>s?:s>", 2, string::join),
    Builtin::new("formatNumber", "<n-so?:s>", 3, number::format_number),
    Builtin::new("formatBase", "<n-n?:s>", 2, number::format_base),
    Builtin::new("formatInteger", "<n-s:s>", 2, number::format_integer),
    Builtin::new("parseInteger", "<s-s:n>", 2, number::parse_integer),
    Builtin::new("number", "<(nsb)-:n>", 1, number::number),
    Builtin::new("floor", "<n-:n>", 1, number::floor),
    Builtin::new("ceil", "<n-:n>", 1, number::ceil),
    Builtin::new("round", "<n-n?:n>", 2, number::round),
    Builtin::new("abs", "<n-:n>", 1, number::abs),
    Builtin::new("sqrt", "<n-:n>", 1, number::sqrt),
    Builtin::new("power", "<n-n:n>", 2, number::power),
    Builtin::new("random", "<n?:n>", 0, aws::random),
    Builtin::new("boolean", "<x-:b>", 1, boolean::boolean),
    Builtin::new("not", "<x-:b>", 1, boolean::not),
    Builtin::new("map", "<af>", 2, higher_order::map),
    Builtin::new("zip", "<a+>", 0, array::zip),
    Builtin::new("filter", "<af>", 2, higher_order::filter),
    Builtin::new("single", "<af?>", 2, higher_order::single),
    Builtin::new("reduce", "<afj?:j>", 3, higher_order::reduce),
    Builtin::new("sift", "<o-f?:o>", 2, higher_order::sift),
    Builtin::new("keys", "<x-:a<s>>", 1, object::keys),
    Builtin::new("lookup", "<x-s:x>", 2, object::lookup),
    Builtin::new("append", "<xx:a>", 2, array::append),
    Builtin::new("exists", "<x:b>", 1, boolean::exists),
    Builtin::new("spread", "<x-:a<o>>", 1, object::spread),
    Builtin::new("merge", "<a<o>:o>", 1, object::merge),
    Builtin::new("reverse", "<a:a>", 1, array::reverse),
    Builtin::new("each", "<o-f:a>", 2, higher_order::each),
    Builtin::new("error", "<s?:x>", 1, boolean::error),
    Builtin::new("assert", "<bs?:x>", 2, boolean::assert),
    Builtin::new("type", "<x:s>", 1, boolean::type_of),
    Builtin::new("sort", "<af?:a>", 2, higher_order::sort),
    Builtin::new("shuffle", "<a:a>", 1, array::shuffle),
    Builtin::new("distinct", "<x:x>", 1, array::distinct),
    Builtin::new("base64encode", "<s-:s>", 1, encoding::base64_encode),
    Builtin::new("base64decode", "<s-:s>", 1, encoding::base64_decode),
    Builtin::new("encodeUrlComponent", "<s-:s>", 1, encoding::encode_url_component),
    Builtin::new("encodeUrl", "<s-:s>", 1, encoding::encode_url),
    Builtin::new("decodeUrlComponent", "<s-:s>", 1, encoding::decode_url_component),
    Builtin::new("decodeUrl", "<s-:s>", 1, encoding::decode_url),
    Builtin::new("toMillis", "<s-s?:n>", 2, datetime::to_millis),
    Builtin::new("fromMillis", "<n-s?s?:s>", 3, datetime::from_millis),
    Builtin::new("clone", "<(oa)-:o>", 1, object::clone),
    Builtin::new("now", "<s?s?:s>", 2, datetime::now),
    Builtin::new("millis", "<:n>", 0, datetime::millis),
    Builtin::new("partition", "<an:a>", 2, aws::partition),
    Builtin::new("range", "<nnn:a>", 3, aws::range),
    Builtin::new("hash", "<ss:s>", 2, aws::hash),
    Builtin::new("uuid", "<:s>", 0, aws::uuid),
    Builtin::new("parse", "<s-:x>", 1, aws::parse),
];

/// The next argument in order.
fn next(arguments: &mut std::vec::IntoIter<Item>) -> Item {
    arguments.next().unwrap_or_default()
}

/// The argument at `index` as a number, if it is there.
fn number_at(arguments: &[Item], index: usize) -> Option<f64> {
    arguments.get(index)?.as_f64()
}

/// The argument at `index` as a string, if it is there.
fn text_at(arguments: &[Item], index: usize) -> Option<&str> {
    arguments.get(index)?.as_str()
}

/// The names of all built-in functions.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    BUILTINS.iter().map(|builtin| builtin.name)
}
