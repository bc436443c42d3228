use std::sync::Arc;

use super::print;

/// A shared string that knows the size of its JSON text.
#[derive(Clone)]
pub struct Text(Arc<TextNode>);

struct TextNode {
    json_size: usize,
    text: Box<str>,
}

impl Text {
    /// Length in bytes of the JSON text, quotes and escapes included.
    pub fn json_size(&self) -> usize {
        self.0.json_size
    }

    /// The string.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }
}

impl From<Box<str>> for Text {
    fn from(text: Box<str>) -> Self {
        Text(Arc::new(TextNode { json_size: print::string_size(&text), text }))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text::from(Box::<str>::from(text))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text::from(text.into_boxed_str())
    }
}

impl std::ops::Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0.text
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0.text
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.text == other.0.text
    }
}

impl Eq for Text {}

impl std::hash::Hash for Text {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.text.hash(state);
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.text)
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(&*self.0.text, f)
    }
}
