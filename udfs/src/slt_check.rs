//! TEMP
use crate::sql_tests::session;
use arrow::array::*;
use arrow::datatypes::*;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use godwit_geometry::GeometryError;
fn render(a: &ArrayRef, i: usize) -> String {
    if a.is_null(i) {
        return "NULL".into();
    }
    if *a.data_type() == DataType::Float64 {
        let v = a.as_primitive::<Float64Type>().value(i);
        if v == 0.0 {
            return "0".into();
        }
        let r: f64 = format!("{v:.11e}").parse().unwrap();
        return format!("{r}");
    }
    ArrayFormatter::try_new(a, &FormatOptions::default().with_null("NULL"))
        .unwrap()
        .value(i)
        .to_string()
}
#[tokio::test]
async fn slt() {
    let mut files = vec![];
    for d in std::fs::read_dir("/work/main/tests/slt/functions").unwrap() {
        for f in std::fs::read_dir(d.unwrap().path()).unwrap() {
            files.push(f.unwrap().path());
        }
    }
    files.sort();
    let (mut ok, mut bad) = (0, 0);
    for f in files {
        if let Ok(only) = std::env::var("ONLY") {
            if !f.to_str().unwrap().contains(&only) {
                continue;
            }
        }
        let text = std::fs::read_to_string(&f).unwrap();
        for rec in text.split("\n\n") {
            let lines: Vec<&str> = rec.lines().filter(|l| !l.starts_with('#')).collect();
            if lines.is_empty() {
                continue;
            }
            let mut sql = lines[1].to_string();
            if f.to_str().unwrap().contains("aggregate") {
                for n in ["ST_Union(", "ST_Collect(", "ST_MakeLine("] {
                    sql = sql.replace(n, &n.replace("(", "_Agg("));
                }
            }
            let ctx = session();
            let sql2 = sql.clone();
            let got = tokio::spawn(async move {
                match ctx.sql(&sql2).await {
                    Ok(d) => d.collect().await,
                    Err(e) => Err(e),
                }
            })
            .await;
            let got = match got {
                Ok(g) => g,
                Err(p) => {
                    bad += 1;
                    println!("PANIC {} {sql} {p}", f.display());
                    continue;
                }
            };
            let name = f.file_stem().unwrap().to_string_lossy().to_string();
            if let Some(want) = lines[0].strip_prefix("statement error ") {
                match got {
                    Ok(b) => {
                        bad += 1;
                        println!(
                            "NOERR {name}: {sql} -> {:?}",
                            b.first().map(|b| render(b.column(0), 0))
                        );
                    }
                    Err(e) => {
                        let mut src: Option<&(dyn std::error::Error + 'static)> = Some(&e);
                        let mut state = if e.to_string().contains("No function matches") {
                            "42883"
                        } else {
                            "?????"
                        };
                        while let Some(s) = src {
                            if let Some(g) = s.downcast_ref::<GeometryError>() {
                                state = match g {
                                    GeometryError::InvalidWkt { .. }
                                    | GeometryError::InvalidGeoJson { .. } => "22P02",
                                    GeometryError::Unsupported { .. } => "0A000",
                                    _ => "22023",
                                };
                            }
                            src = s.source();
                        }
                        let is = if want.starts_with('(') {
                            want[1..6] == *state
                        } else {
                            e.to_string().contains(want)
                        };
                        if is {
                            ok += 1;
                        } else {
                            bad += 1;
                            println!("ERR {name}: {sql}\n   want {want} got ({state}) {e}");
                        }
                    }
                }
                continue;
            }
            let want = lines[3..].join("\n");
            match got {
                Err(e) => {
                    bad += 1;
                    println!("FAIL {name}: {sql}\n   {e}");
                }
                Ok(bs) => {
                    let mut rows = vec![];
                    for b in &bs {
                        for i in 0..b.num_rows() {
                            rows.push(
                                b.columns()
                                    .iter()
                                    .map(|c| render(c, i))
                                    .collect::<Vec<_>>()
                                    .join(" "),
                            );
                        }
                    }
                    let g = rows.join("\n");
                    if g == want {
                        ok += 1;
                    } else {
                        bad += 1;
                        println!("DIFF {name}: {sql}\n   want {want}\n   got  {g}");
                    }
                }
            }
        }
    }
    println!("SLT ok {ok} bad {bad}");
}
#[tokio::test]
async fn conformance() {
    let names: std::collections::HashSet<String> = crate::catalogue()
        .iter()
        .flat_map(|i| {
            std::iter::once(i.name.clone()).chain(i.aliases.iter().map(|a| a.to_ascii_lowercase()))
        })
        .chain(["encode", "decode", "round", "degrees", "abs"].map(String::from))
        .collect();
    let text = std::fs::read_to_string("/work/shared/conformance/public.jsonl").unwrap();
    let mut out = String::new();
    for line in text.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let fns = case["fns"].as_array().unwrap();
        if !fns.iter().all(|f| names.contains(&f.as_str().unwrap().to_ascii_lowercase())) {
            continue;
        }
        let sql = case["sql"].as_str().unwrap().to_string();
        let ctx = session();
        let got = tokio::time::timeout(
            std::time::Duration::from_secs(20),
            tokio::spawn(async move {
                match ctx.sql(&sql).await {
                    Ok(d) => d.collect().await,
                    Err(e) => Err(e),
                }
            }),
        )
        .await;
        let v = match got {
            Err(_) => serde_json::json!({"id": case["id"], "error": "TIMEOUT"}),
            Ok(Err(p)) => serde_json::json!({"id": case["id"], "error": format!("PANIC {p}")}),
            Ok(Ok(Err(e))) => serde_json::json!({"id": case["id"], "error": e.to_string()}),
            Ok(Ok(Ok(bs))) => {
                let mut rows = vec![];
                for b in &bs {
                    for i in 0..b.num_rows() {
                        rows.push(
                            b.columns()
                                .iter()
                                .map(|c| {
                                    if c.is_null(i) {
                                        serde_json::Value::Null
                                    } else if *c.data_type() == DataType::Float64 {
                                        serde_json::Value::String(
                                            c.as_primitive::<Float64Type>().value(i).to_string(),
                                        )
                                    } else {
                                        serde_json::Value::String(
                                            ArrayFormatter::try_new(
                                                c,
                                                &FormatOptions::default().with_null("NULL"),
                                            )
                                            .unwrap()
                                            .value(i)
                                            .to_string(),
                                        )
                                    }
                                })
                                .collect::<Vec<_>>(),
                        );
                    }
                }
                serde_json::json!({"id": case["id"], "rows": rows})
            }
        };
        out.push_str(&v.to_string());
        out.push('\n');
    }
    std::fs::write("/tmp/conf_out.jsonl", out).unwrap();
}
