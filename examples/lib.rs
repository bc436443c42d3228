//! Workflows written with sfn: one folder an example, each with its program, its golden document and a README.
