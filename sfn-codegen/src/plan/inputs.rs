//! The types of task inputs: a struct where the shape is certain.

use crate::infer::Shape;
use crate::naming::{distinct, type_name, value_name};

/// A struct.
#[derive(Debug)]
pub(crate) struct InputPlan {
    /// Its name.
    pub(crate) name: String,
    /// Its doc comment.
    pub(crate) doc: String,
    /// Its fields, in the order of the template.
    pub(crate) fields: Vec<FieldPlan>,
}

/// A field of a struct.
#[derive(Debug)]
pub(crate) struct FieldPlan {
    /// Its name in Rust.
    pub(crate) name: String,
    /// Its name in JSON.
    pub(crate) key: String,
    /// Its type.
    pub(crate) ty: FieldType,
}

/// The type of a field, or of a whole input.
#[derive(Clone, Debug)]
pub(crate) enum FieldType {
    /// Any value.
    Value,
    /// `String`
    String,
    /// `bool`
    Bool,
    /// `i64`
    Integer,
    /// `f64`
    Number,
    /// `Vec<…>`
    List(Box<FieldType>),
    /// A struct of the module, by its place among the inputs; names are given out in the end.
    Struct(usize),
}

/// The structs that the inputs of all methods need.
#[derive(Default)]
pub(crate) struct Inputs {
    planned: Vec<InputPlan>,
}

impl Inputs {
    /// The type for an input of the given shape: the struct is called after the method that takes it.
    pub(crate) fn of_task(&mut self, method: &str, shape: &Shape) -> FieldType {
        match shape {
            Shape::Object(_) => {
                let name = format!("{}Input", type_name(method, "Task"));
                self.ty(&name, &format!("What [`Tasks::{method}`] is called with"), shape)
            }
            // Only an object has names that are worth a type of its own.
            _ => FieldType::Value,
        }
    }

    fn ty(&mut self, name: &str, doc: &str, shape: &Shape) -> FieldType {
        match shape {
            Shape::Value => FieldType::Value,
            Shape::String => FieldType::String,
            Shape::Bool => FieldType::Bool,
            Shape::Integer => FieldType::Integer,
            Shape::Number => FieldType::Number,
            Shape::List(item) => {
                let item = self.ty(&format!("{name}Item"), &format!("{doc}, one item"), item);
                FieldType::List(Box::new(item))
            }
            Shape::Object(members) => {
                let place = self.planned.len();
                self.planned.push(InputPlan { name: name.to_owned(), doc: format!("{doc}."), fields: Vec::new() });
                let names = distinct(members.iter().map(|(key, _)| value_name(key, "field")).collect(), &[]);
                let fields = members
                    .iter()
                    .zip(names)
                    .map(|((key, shape), field)| {
                        let inner = format!("{name}{}", type_name(key, "Field"));
                        let doc = format!("{doc}, member `{field}`");
                        FieldPlan { name: field, key: key.clone(), ty: self.ty(&inner, &doc, shape) }
                    })
                    .collect();
                self.planned[place].fields = fields;
                FieldType::Struct(place)
            }
        }
    }

    /// The structs, each with a name of its own.
    pub(crate) fn finish(mut self, reserved: &[&str]) -> Vec<InputPlan> {
        let names = distinct(self.planned.iter().map(|input| input.name.clone()).collect(), reserved);
        for (input, name) in self.planned.iter_mut().zip(names) {
            input.name = name;
        }
        self.planned
    }
}
