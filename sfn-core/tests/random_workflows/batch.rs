//! A batch of workflows becomes a package, is compiled once and run.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::source::Workflow;

/// The package in which workflows are compiled.
pub(super) struct Package {
    folder: PathBuf,
    name: String,
}

/// A workflow whose body and document did not agree.
#[derive(Debug)]
pub(super) struct Disagreement {
    /// Its place in the batch.
    pub(super) workflow: usize,
    /// The seed of the input and of the answers.
    pub(super) script: u64,
    pub(super) difference: String,
}

/// What a batch did.
#[derive(Debug, Default)]
pub(super) struct Ran {
    pub(super) disagreements: Vec<Disagreement>,
    /// How many runs of all workflows succeeded.
    pub(super) succeeded: u64,
    /// The workflows that agreed.
    pub(super) agreed: usize,
}

impl Package {
    /// A package of this name under `target`, kept from run to run so that its dependencies are compiled once.
    pub(super) fn new(name: &str) -> Self {
        Package { folder: Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), name: name.to_owned() }
    }

    /// Writes the workflows with a number each.
    fn write(&self, workflows: &[(usize, &Workflow)]) {
        let source = self.folder.join("src");
        let _ = std::fs::remove_dir_all(&source);
        std::fs::create_dir_all(&source).unwrap();
        let mut main = String::from("#![allow(warnings)]\n#[macro_use]\nmod palette;\n");
        for (number, workflow) in workflows {
            std::fs::write(source.join(format!("w{number}.rs")), workflow.module()).unwrap();
            writeln!(main, "mod w{number};").unwrap();
        }
        main.push_str("\nfn main() {\n    palette::main(&[\n");
        for (number, _) in workflows {
            writeln!(main, "        (\"{number}\", run!(w{number}::workflow)),").unwrap();
        }
        main.push_str("    ]);\n}\n");
        std::fs::write(source.join("main.rs"), main).unwrap();
        std::fs::write(source.join("palette.rs"), include_str!("package/palette.rs")).unwrap();
        std::fs::write(self.folder.join("Cargo.toml"), self.manifest()).unwrap();
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        std::fs::copy(here.join("../Cargo.lock"), self.folder.join("Cargo.lock")).unwrap();
    }

    fn manifest(&self) -> String {
        format!(
            r#"[package]
name = "{}"
version = "0.0.0"
edition = "2024"

[dependencies]
serde = {{ version = "1", features = ["derive"] }}
sfn-core = {{ path = {:?}, features = ["testing"] }}
tokio = {{ version = "1", default-features = false, features = ["macros", "rt", "rt-multi-thread", "sync", "time"] }}

[profile.dev]
debug = "line-tables-only"

[workspace]
"#,
            self.name,
            env!("CARGO_MANIFEST_DIR")
        )
    }

    /// Compiles the workflows; gives what rustc says of them where it refuses one.
    pub(super) fn compile(&self, workflows: &[(usize, &Workflow)]) -> Result<(), String> {
        self.write(workflows);
        let output = self.cargo(&["build", "--message-format=short"]);
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
    }

    /// Compiles those of the workflows that rustc accepts, and gives their numbers, and of the others what rustc says.
    pub(super) fn compile_some(&self, mut workflows: Vec<(usize, &Workflow)>) -> (Vec<usize>, Vec<String>) {
        let mut refusals = Vec::new();
        while !workflows.is_empty() {
            let Err(said) = self.compile(&workflows) else { break };
            let refused = |number: &usize| said.contains(&format!("src/w{number}.rs:"));
            let before = workflows.len();
            workflows.retain(|(number, _)| !refused(number));
            assert!(workflows.len() < before, "what does not compile is one of the workflows: {said}");
            refusals.push(said);
        }
        (workflows.into_iter().map(|(number, _)| number).collect(), refusals)
    }

    /// Runs what was compiled under `count` scripts, beginning with `first`.
    pub(super) fn run(&self, first: u64, count: u64) -> Ran {
        let program = target().join("debug").join(&self.name);
        let output = Command::new(program).args([first.to_string(), count.to_string()]).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stdout);
        let mut ran = Ran::default();
        let mut current = None;
        for line in said.lines() {
            let words: Vec<&str> = line.splitn(4, ' ').collect();
            match words[..] {
                ["BEGIN", number] => current = number.parse().ok(),
                ["FAIL", number, script, difference] => ran.disagreements.push(Disagreement {
                    workflow: number.parse().unwrap(),
                    script: script.parse().unwrap(),
                    difference: serde_json::from_str(difference).unwrap_or_else(|_| difference.replace("\\n", "\n")),
                }),
                ["END", _, agree, succeeded] => {
                    current = None;
                    ran.agreed += usize::from(agree == "true");
                    ran.succeeded += succeeded.parse::<u64>().unwrap();
                }
                _ => {}
            }
        }
        if let Some(workflow) = current {
            let difference = format!("it hangs or breaks the process: {:?}", output.status);
            ran.disagreements.push(Disagreement { workflow, script: first, difference });
        }
        ran
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Command::new(program)
            .args(arguments)
            // What the workspace has built already need not be built again.
            .args(["--quiet", "--offline", "--target-dir"])
            .arg(target())
            .current_dir(&self.folder)
            .output()
            .expect("cargo runs")
    }
}

/// The target folder of the workspace.
fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is a folder in the target folder")
}
