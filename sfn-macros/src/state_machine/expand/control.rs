//! Branches, loops, jumps and errors in the body that rustc checks.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::{Expander, located, number, site_name};
use crate::state_machine::syntax::{
    Arm, Block, Bound, Condition, Control, Items, Literal, Pattern, Raised, Shape, Text, TextPart, VariantFields,
};

impl Expander<'_> {
    /// `is_result` where the branches yield the machine's result instead of data.
    pub(super) fn control(&mut self, control: &Control, is_result: bool) -> TokenStream {
        match control {
            Control::Block { label, block, .. } => {
                let block = self.branch(block, is_result);
                quote!(#label #block)
            }
            Control::If { keyword, condition, then, otherwise } => {
                let condition = self.condition(condition);
                let then = self.branch(then, is_result);
                let otherwise = otherwise.as_ref().map(|otherwise| {
                    let otherwise = if is_result { self.result_value(otherwise) } else { self.value(otherwise) };
                    quote!(else { #otherwise })
                });
                quote!(#keyword #condition #then #otherwise)
            }
            Control::Match { keyword, subject, view, arms } => {
                let value = self.value(subject);
                let arms: Vec<_> = arms.iter().map(|arm| self.arm(arm, is_result)).collect();
                quote!(#keyword #value #view { #(#arms)* })
            }
            Control::Loop { keyword, label, body, .. } => {
                let body = self.block(body);
                quote!(#label #keyword #body)
            }
            Control::While { keyword, label, condition, body, .. } => {
                let (condition, body) = (self.condition(condition), self.block(body));
                quote!(#label #keyword #condition #body)
            }
            Control::For { keyword, label, pattern, items, body, .. } => {
                let items = match items {
                    Items::List(list) => {
                        let (gate, value) = (self.gate("on_list", list.span), self.value(list));
                        quote_spanned!(list.span=> #gate(#value))
                    }
                    Items::Iterator { items, site } => {
                        let span = items.span;
                        self.register(*site, span);
                        let (gate, name, value) =
                            (self.gate("walked", span), site_name(*site, span), self.value(items));
                        quote_spanned!(span=> #gate(&#name, #value))
                    }
                    Items::Range { start, limits, end } => {
                        let (start, end) = (self.value(start), self.value(end));
                        // Without parentheses a block at the end would be taken for the loop's.
                        quote!((#start #limits #end))
                    }
                };
                let (pattern, body) = (self.pattern(pattern), self.block(body));
                quote!(#label #keyword #pattern in #items #body)
            }
            Control::Break { keyword, value, .. } => {
                let value = value.as_ref().map(|value| {
                    let value = self.value(value);
                    quote!((#value))
                });
                quote!(#keyword #value)
            }
            Control::Continue { keyword, .. } => keyword.clone(),
            Control::Assign { place, equals, value } => {
                let (place, value) = (&place.tokens, self.value(value));
                quote!(#place #equals #value)
            }
            Control::Required { option, error, is_lazy, call, question } => {
                let gate = self.gate("on_option", option.span);
                let (option, error) = (self.value(option), self.raised(error));
                let bars = is_lazy.then(|| quote!(||));
                quote!(#gate(#option) #call (#bars #error) #question)
            }
            Control::Change { place, method, arguments } => {
                let span = method.span();
                let (gate, place) = (self.gate(&method.to_string(), span), &place.tokens);
                let arguments: Vec<_> = arguments.iter().map(|argument| self.value(argument)).collect();
                // What is read is read before the place is borrowed.
                quote_spanned!(span=> #gate(#(#arguments,)* &mut #place))
            }
            Control::Failure { function, error } => {
                let error = self.raised(error);
                quote!(#function(#error))
            }
            Control::Fail { error } => {
                let returned = self.returned;
                let result = Ident::new("__sfn_result", proc_macro2::Span::mixed_site());
                let error = self.raised(error);
                let core = self.core;
                quote!({
                    let #result: #returned =
                        ::core::result::Result::Err(#core::TaskError::from_error(#error));
                    return #result;
                })
            }
            Control::Recovered { call, dot, method } => {
                let call = self.value(call);
                quote!(#call #dot #method())
            }
        }
    }

    fn branch(&mut self, block: &Block, is_result: bool) -> TokenStream {
        if is_result { self.result_block(block) } else { self.block(block) }
    }

    fn arm(&mut self, arm: &Arm, is_result: bool) -> TokenStream {
        let pattern = self.pattern(&arm.pattern);
        let guard = arm.guard.as_ref().map(|guard| {
            let guard = self.value(guard);
            quote!(if #guard)
        });
        let body = if is_result { self.result_value(&arm.body) } else { self.value(&arm.body) };
        quote!(#pattern #guard => { #body })
    }

    /// A pattern, its constants told to the witness.
    pub(super) fn pattern(&mut self, pattern: &Pattern) -> TokenStream {
        pattern.shape.constants(&mut |site, tokens| self.constant(site, tokens));
        pattern.tokens.clone()
    }

    fn condition(&mut self, condition: &Condition) -> TokenStream {
        match condition {
            Condition::Value(value) => self.value(value),
            Condition::Let { keyword, pattern, value } => {
                let (pattern, value) = (self.pattern(pattern), self.value(value));
                quote!(#keyword #pattern = #value)
            }
        }
    }

    fn raised(&mut self, error: &Raised) -> TokenStream {
        match error {
            Raised::Caught { tokens, conversion: None, .. } => tokens.clone(),
            Raised::Caught { tokens, conversion: Some(span), .. } => {
                let private = self.private(*span);
                quote_spanned!(*span=> #private::passed_on(#tokens))
            }
            Raised::Variant { site, path, fields, conversion, span, .. } => {
                let value = match fields {
                    VariantFields::None => path.clone(),
                    VariantFields::Items(items) => {
                        let items: Vec<_> = items.iter().map(|item| self.value(item)).collect();
                        quote!(#path(#(#items),*))
                    }
                    VariantFields::Named(fields) => {
                        let fields = fields.iter().map(|(member, value)| {
                            let value = self.value(value);
                            quote!(#member: #value)
                        });
                        let fields: Vec<_> = fields.collect();
                        quote!(#path { #(#fields),* })
                    }
                };
                self.declare(*site);
                let (private, name) = (self.private(*span), site_name(*site, *span));
                let witness = Ident::new("__sfn_witness", located(*span));
                let number = number(*site);
                self.registrations.push(quote_spanned!(*span=> #private::Witness::error(#witness, #number, #name);));
                let seen = self.see(*site, value, *span);
                quote!(#seen #conversion)
            }
            Raised::Named { name, cause, span } => {
                let private = self.private(*span);
                let (name, cause) = (self.text(name), self.text(cause));
                quote_spanned!(*span=> #private::Error::new(#name, #cause))
            }
            Raised::Unsupported(_) => TokenStream::new(),
        }
    }

    fn text(&mut self, text: &Text) -> TokenStream {
        if let [TextPart::Literal(literal)] = &text.parts[..] {
            return quote!(#literal);
        }
        let mut format = String::new();
        let mut values = Vec::new();
        for part in &text.parts {
            match part {
                TextPart::Literal(literal) => format += &literal.replace('{', "{{").replace('}', "}}"),
                TextPart::Value(value) => {
                    format += "{}";
                    values.push(self.value(value));
                }
            }
        }
        quote!(::std::format!(#format #(, #values)*))
    }
}

/// The patterns as the lowering reads them.
pub(super) fn pattern_syntax(shape: &Shape, syntax: &TokenStream) -> TokenStream {
    let kind = quote!(#syntax::Pattern);
    let list = |items: &[Shape]| {
        let items = items.iter().map(|item| pattern_syntax(item, syntax));
        quote!(&[#(#items),*])
    };
    match shape {
        Shape::Any | Shape::Unsupported(_) => quote!(#kind::Any),
        Shape::Name { binding, inner } => {
            let (local, name) = (binding.local, binding.text());
            let inner = match inner {
                Some(inner) => {
                    let inner = pattern_syntax(inner, syntax);
                    quote!(::core::option::Option::Some(&#inner))
                }
                None => quote!(::core::option::Option::None),
            };
            quote!(#kind::Name { binding: #syntax::Binding { local: #local, name: #name }, inner: #inner })
        }
        Shape::Literal(Literal::Integer(number)) => quote!(#kind::Integer(#number)),
        Shape::Literal(Literal::Bool(truth)) => quote!(#kind::Bool(#truth)),
        Shape::Literal(Literal::Text(text)) => quote!(#kind::Text(#text)),
        Shape::Path { name } => quote!(#kind::Path { name: #name }),
        Shape::Items { name, items, rest } => {
            let items = list(items);
            let rest = match rest {
                Some(rest) => quote!(::core::option::Option::Some(#rest)),
                None => quote!(::core::option::Option::None),
            };
            quote!(#kind::Items { name: #name, items: #items, rest: #rest })
        }
        Shape::Fields { name, fields } => {
            let fields = fields.iter().map(|(member, field)| {
                let (member, field) = (super::constant::member_name(member), pattern_syntax(field, syntax));
                quote!((#member, #field))
            });
            quote!(#kind::Fields { name: #name, fields: &[#(#fields),*] })
        }
        Shape::Or(alternatives) => {
            let alternatives = list(alternatives);
            quote!(#kind::Or(#alternatives))
        }
        Shape::Literal(Literal::Float(number)) => quote!(#kind::Float(#number)),
        Shape::Constant { name, site, .. } => quote!(#kind::Constant { name: #name, site: #site }),
        Shape::Range { low, high, closed } => {
            let (low, high) = (bound_syntax(low, syntax), bound_syntax(high, syntax));
            quote!(#kind::Range { low: #low, high: #high, closed: #closed })
        }
        Shape::Slice { items, rest } => {
            let items = list(items);
            let rest = match rest {
                None => quote!(::core::option::Option::None),
                Some((place, binding)) => {
                    let binding = match binding {
                        None => quote!(::core::option::Option::None),
                        Some(binding) => {
                            let (local, name) = (binding.local, binding.text());
                            quote!(::core::option::Option::Some(#syntax::Binding { local: #local, name: #name }))
                        }
                    };
                    quote!(::core::option::Option::Some((#place, #binding)))
                }
            };
            quote!(#kind::Slice { items: #items, rest: #rest })
        }
    }
}

fn bound_syntax(bound: &Option<Bound>, syntax: &TokenStream) -> TokenStream {
    let kind = quote!(#syntax::Bound);
    let bound = match bound {
        None => return quote!(::core::option::Option::None),
        Some(Bound::Constant { site, .. }) => quote!(#kind::Constant { site: #site }),
        Some(Bound::Literal(Literal::Integer(number))) => quote!(#kind::Integer(#number)),
        Some(Bound::Literal(Literal::Float(number))) => quote!(#kind::Float(#number)),
        Some(Bound::Literal(Literal::Text(text))) => quote!(#kind::Text(#text)),
        Some(Bound::Literal(Literal::Bool(truth))) => quote!(#kind::Bool(#truth)),
    };
    quote!(::core::option::Option::Some(#bound))
}
