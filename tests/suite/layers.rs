//! The arrows between the crates, as `ARCHITECTURE.md` draws them.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use godwit_tests::repository;
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

/// Which of our crates a crate may depend on.
const ARROWS: &[(&str, &[&str])] = &[
    ("config", &[]),
    ("geometry", &[]),
    ("udfs", &["geometry"]),
    ("planner", &["geometry"]),
    ("formats", &["geometry"]),
    ("catalog", &["formats", "geometry", "config"]),
    ("engine", &["catalog", "planner", "udfs", "formats", "geometry", "config"]),
    ("server", &["engine", "config"]),
    ("tests", &["server", "engine", "config"]),
    ("xtask", &[]),
];

/// Crates that only the named crates of ours may link.
const GUARDED: &[(&str, &[&str])] = &[
    ("deltalake-core", &["catalog"]),
    ("rusqlite", &["catalog", "formats"]),
    ("axum", &["server"]),
    ("tonic", &["server", "tests"]),
    ("sqlparser", &["engine"]),
];

/// Returns the trials of this file.
pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("layers::crates_depend_only_downwards", crates_depend_only_downwards),
        Trial::test("layers::guarded_crates_stay_in_their_room", guarded_crates_stay_in_their_room),
    ]
}

fn crates_depend_only_downwards() -> Result<(), Failed> {
    let allowed: BTreeMap<_, _> = ARROWS.iter().copied().collect();
    for (name, dependencies) in members()? {
        let Some(allowed) = allowed.get(name.as_str()) else {
            return Err(format!("crate {name:?} is not in the table of arrows").into());
        };
        let ours = dependencies.iter().filter_map(|name| name.strip_prefix("godwit-"));
        if let Some(stray) = ours.clone().find(|name| !allowed.contains(name)) {
            return Err(format!("crate {name:?} must not depend on {stray:?}").into());
        }
    }
    Ok(())
}

fn guarded_crates_stay_in_their_room() -> Result<(), Failed> {
    for (name, dependencies) in members()? {
        for (guarded, rooms) in GUARDED {
            if dependencies.contains(*guarded) && !rooms.contains(&name.as_str()) {
                return Err(format!("crate {name:?} must not link {guarded:?}").into());
            }
        }
    }
    Ok(())
}

/// Returns the folder name of each member with the names of its normal dependencies.
fn members() -> Result<Vec<(String, BTreeSet<String>)>, Failed> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(repository())
        .output()?;
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().ok_or("no packages in cargo metadata")?;
    let mut members = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let name = name.strip_prefix("godwit-").unwrap_or(name).to_owned();
        let dependencies = package["dependencies"].as_array().ok_or("no dependencies")?;
        let normal = dependencies.iter().filter(|dependency| dependency["kind"].is_null());
        let names = normal.filter_map(|dependency| dependency["name"].as_str().map(str::to_owned));
        members.push((name, names.collect()));
    }
    if members.len() < 2 {
        return Err("cargo metadata lists no members".into());
    }
    Ok(members)
}
