//! Compiles `proto/` into the `proto` crate, which names this file as its build script.
//!
//! No `protoc` is needed. The descriptor set is written as protox encodes it, for `prost_types`
//! would drop our own options: the scope of a method, the code of an error reason.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[expect(clippy::disallowed_methods, reason = "a build script has no settings but its environment")]
fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../proto");
    // tonic no longer prints this; without it every build would compile everything downstream.
    println!("cargo:rerun-if-changed={}", root.display());

    let mut files = Vec::new();
    collect(&root.join("atelier"), &mut files)?;
    files.sort();
    // Imported by nobody, yet needed by those who read a status through reflection.
    files.push(root.join("google/rpc/error_details.proto"));

    let mut compiler = protox::Compiler::new([&root])?;
    compiler.include_imports(true).include_source_info(true).open_files(&files)?;
    require_scopes(&compiler.descriptor_pool())?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("descriptors.bin"), compiler.encode_file_descriptor_set())?;

    let mut config = tonic_prost_build::Config::new();
    config.bytes(["."]);
    tonic_prost_build::configure()
        .include_file("services.rs")
        .compile_fds_with_config(compiler.file_descriptor_set(), config)?;
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "proto") {
            files.push(path);
        }
    }
    Ok(())
}

/// Deny by default begins here: a method that names no scope does not build.
fn require_scopes(pool: &prost_reflect::DescriptorPool) -> Result<(), Box<dyn Error>> {
    let scope = pool
        .get_extension_by_name("atelier.common.v1.scope")
        .ok_or("atelier.common.v1.scope is not defined")?;
    for service in pool.services().filter(|s| s.package_name().starts_with("atelier.")) {
        for method in service.methods() {
            let named = method.options().get_extension(&scope).as_enum_number();
            if named.is_none_or(|number| number == 0) {
                return Err(format!("{} names no scope", method.full_name()).into());
            }
        }
    }
    Ok(())
}
