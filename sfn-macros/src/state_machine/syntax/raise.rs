//! What a machine fails with: `Err(..)`, `fail!(..)`, and the texts in them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;

use super::{Binding, Caught, Expression, Kind, Reader, Unsupported};

/// An error that is raised.
pub(in crate::state_machine) enum Raised {
    /// The error of a call that failed, perhaps converted.
    Caught {
        binding: Binding,
        tokens: TokenStream,
        /// Where it is converted, `into`.
        conversion: Option<Span>,
    },
    /// `Enum::Variant { field: value }` and its kin.
    Variant {
        site: usize,
        path: TokenStream,
        name: String,
        fields: VariantFields,
        conversion: TokenStream,
        span: Span,
    },
    /// `Error::new(name, cause)`, `fail!(name, "cause {x}")`
    Named {
        name: Box<Text>,
        cause: Box<Text>,
        span: Span,
    },
    Unsupported(Unsupported),
}

/// The fields of a variant that is constructed.
pub(in crate::state_machine) enum VariantFields {
    None,
    Items(Vec<Expression>),
    Named(Vec<(syn::Member, Expression)>),
}

/// A text with values in it.
pub(in crate::state_machine) struct Text {
    pub(in crate::state_machine) parts: Vec<TextPart>,
}

/// A part of a [`Text`].
#[expect(clippy::large_enum_variant, reason = "a function has few, and they are never moved about")]
pub(in crate::state_machine) enum TextPart {
    Literal(String),
    Value(Expression),
}

/// True for `fail!(..)` by whatever path.
pub(super) fn is_fail(call: &syn::Macro) -> bool {
    call.path.segments.last().is_some_and(|last| last.ident == "fail")
}

impl Reader {
    /// The argument of `Err(..)`.
    pub(super) fn raised(&mut self, error: &syn::Expr) -> Raised {
        let (inner, conversion) = match error {
            syn::Expr::MethodCall(call) if call.method == "into" && call.args.is_empty() => {
                let (dot, method) = (call.dot_token, &call.method);
                (&*call.receiver, quote::quote!(#dot #method()))
            }
            other => (other, TokenStream::new()),
        };
        match inner {
            syn::Expr::Path(path) => match self.local(path) {
                Some((binding, Caught::Error | Caught::Inside)) if self.is_outside(binding.local) => {
                    Raised::Unsupported(Unsupported::new(
                        path,
                        "SFN021",
                        "an error that was caught outside of a branch stays there; return it behind the branches",
                    ))
                }
                Some((binding, Caught::Error | Caught::Inside)) => {
                    let conversion = (!conversion.is_empty()).then(|| error.span());
                    Raised::Caught { binding, tokens: inner.to_token_stream(), conversion }
                }
                Some((_, Caught::No)) => {
                    unsupported(inner, "only the error of a failed call can be passed on by its name")
                }
                None => self.variant(&path.path, VariantFields::None, conversion, inner),
            },
            syn::Expr::Struct(structure) if structure.dot2_token.is_none() => {
                let fields = structure.fields.iter().map(|field| (field.member.clone(), self.expression(&field.expr)));
                let fields = VariantFields::Named(fields.collect());
                self.variant(&structure.path, fields, conversion, inner)
            }
            syn::Expr::Call(call) => match &*call.func {
                syn::Expr::Path(path) if is_new_error(&path.path) && call.args.len() == 2 => {
                    let mut texts = call.args.iter().map(|argument| self.text_argument(argument));
                    match (texts.next(), texts.next()) {
                        (Some(name), Some(cause)) => {
                            Raised::Named { name: Box::new(name), cause: Box::new(cause), span: inner.span() }
                        }
                        _ => unsupported(inner, "an error has a name and a cause"),
                    }
                }
                syn::Expr::Path(path) => {
                    let items = call.args.iter().map(|argument| self.expression(argument)).collect();
                    self.variant(&path.path, VariantFields::Items(items), conversion, inner)
                }
                other => unsupported(other, "an error is a variant, `Error::new(..)` or that of a failed call"),
            },
            other => unsupported(other, "an error is a variant, `Error::new(..)` or that of a failed call"),
        }
    }

    fn variant(
        &mut self,
        path: &syn::Path,
        fields: VariantFields,
        conversion: TokenStream,
        error: &syn::Expr,
    ) -> Raised {
        let name = path.segments.last().map(|segment| segment.ident.unraw().to_string()).unwrap_or_default();
        Raised::Variant {
            site: self.site(),
            path: path.to_token_stream(),
            name,
            fields,
            conversion,
            span: error.span(),
        }
    }

    /// `fail!("Name", "text {x}")`
    pub(super) fn fail(&mut self, call: &syn::Macro) -> Raised {
        let form = "`fail!` takes a name and a text: `fail!(\"JobFailed\", \"after {tries} polls\")`";
        let parser = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
        let arguments = match parser.parse2(call.tokens.clone()) {
            Ok(arguments) => arguments,
            Err(error) => {
                let message = format!("{form}: {error}");
                return Raised::Unsupported(Unsupported::new(&call.path, "SFN008", message));
            }
        };
        let arguments: Vec<&syn::Expr> = arguments.iter().collect();
        let (name, values) = match &arguments[..] {
            [name, format, values @ ..] if is_text(format) => (*name, Some((*format, values))),
            [name] => (*name, None),
            _ => return Raised::Unsupported(Unsupported::new(&call.path, "SFN008", form)),
        };
        let name = self.text_argument(name);
        let cause = match values.map(|(format, values)| self.text(format, values)) {
            None => Text { parts: Vec::new() },
            Some(Ok(text)) => text,
            Some(Err(unsupported)) => return Raised::Unsupported(unsupported),
        };
        Raised::Named { name: Box::new(name), cause: Box::new(cause), span: call.path.span() }
    }

    /// A literal text, or an expression that yields a `String`.
    fn text_argument(&mut self, argument: &syn::Expr) -> Text {
        let part = match argument {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => TextPart::Literal(text.value()),
            other => TextPart::Value(self.expression(other)),
        };
        Text { parts: vec![part] }
    }

    /// A format with its values: `{}`, `{name}` and nothing more.
    fn text(&mut self, format: &syn::Expr, values: &[&syn::Expr]) -> Result<Text, Unsupported> {
        let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(literal), .. }) = format else {
            return Err(Unsupported::new(format, "SFN008", "a text with values is a literal"));
        };
        let refused = |message: &str| Unsupported::new(literal, "SFN008", message);
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut values = values.iter();
        let whole = literal.value();
        let mut rest = whole.as_str();
        while let Some(at) = rest.find(['{', '}']) {
            text.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            let behind = &rest[at + 1..];
            if behind.starts_with(brace) {
                text.push_str(brace);
                rest = &behind[1..];
                continue;
            }
            let Some(end) = behind.find('}').filter(|_| brace == "{") else {
                return Err(refused("a `}` without its `{`; a brace itself is written twice"));
            };
            let name = behind[..end].trim();
            let value = if name.is_empty() {
                let value = values.next().ok_or_else(|| refused("`{}` without a value behind the text"))?;
                (*value).clone()
            } else {
                let mut name: Ident = syn::parse_str(name)
                    .map_err(|_| refused("a value in a text is `{}` or `{name}`, without a format"))?;
                name.set_span(literal.span());
                syn::parse_quote!(#name)
            };
            if !text.is_empty() {
                parts.push(TextPart::Literal(std::mem::take(&mut text)));
            }
            match self.caught_parts(&value) {
                Some([error, cause]) => {
                    let between = TextPart::Literal(": ".to_owned());
                    parts.extend([TextPart::Value(error), between, TextPart::Value(cause)]);
                }
                None => parts.push(TextPart::Value(self.expression(&value))),
            }
            rest = &behind[end + 1..];
        }
        text.push_str(rest);
        if !text.is_empty() {
            parts.push(TextPart::Literal(text));
        }
        match values.next() {
            Some(unused) => Err(Unsupported::new(unused, "SFN008", "a value that the text does not show")),
            None => Ok(Text { parts }),
        }
    }

    /// The caught error that is read in a field: `e` in `e.error`.
    pub(super) fn caught(&mut self, expression: &syn::Expr) -> Option<Expression> {
        let syn::Expr::Path(path) = expression else { return None };
        let (binding, caught) = self.local(path)?;
        (caught == Caught::Error).then(|| {
            let kind = Kind::Local { site: self.site(), binding };
            Expression { kind, attributes: Vec::new(), tokens: path.to_token_stream(), span: path.span() }
        })
    }

    /// The name and the cause of a caught error, which `{}` shows with `: ` between them.
    pub(super) fn caught_parts(&mut self, expression: &syn::Expr) -> Option<[Expression; 2]> {
        let syn::Expr::Path(path) = expression else { return None };
        let (_, caught) = self.local(path)?;
        (caught == Caught::Error).then(|| {
            ["error", "cause"].map(|name| {
                let member = Ident::new(name, expression.span());
                self.expression(&syn::parse_quote_spanned!(expression.span()=> #expression.#member))
            })
        })
    }

    /// A read of a caught error outside of `Err(..)`.
    pub(super) fn caught_as_data(&self, path: &syn::ExprPath) -> Option<Kind> {
        let (_, caught) = self.local(path)?;
        (caught == Caught::Error).then(|| {
            let message = "the error of a failed call is no data; read `error` and `cause` of it, pass it on with \
                           `Err(..)`, or match its variants";
            Kind::Unsupported(Unsupported::new(path, "SFN006", message))
        })
    }
}

fn is_text(expression: &syn::Expr) -> bool {
    matches!(expression, syn::Expr::Lit(literal) if matches!(literal.lit, syn::Lit::Str(_)))
}

fn is_new_error(path: &syn::Path) -> bool {
    let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    matches!(&names[..], [.., kind, new] if kind == "Error" && new == "new")
}

fn unsupported(tokens: &syn::Expr, message: &str) -> Raised {
    Raised::Unsupported(Unsupported::new(tokens, "SFN006", message))
}
