//! The attributes and derives of `sfn-core`. They know tokens, nothing of types.
