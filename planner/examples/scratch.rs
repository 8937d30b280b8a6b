//! Scratch.
#![allow(warnings)]
use std::sync::Arc;
use std::time::Instant;
use arrow::array::*;
use arrow::datatypes::*;
use datafusion::datasource::MemTable;
use datafusion::execution::SessionStateBuilder;
use datafusion::logical_expr::*;
use datafusion::prelude::*;
use godwit_geometry::*;

#[tokio::main]
async fn main() {
    let text = std::fs::read_to_string("/tmp/g1data/countries.ndjson").unwrap();
    let t = Instant::now();
    let countries: Vec<Vec<u8>> = text.lines().map(|l| geojson::parse(l).unwrap()).collect();
    println!("geojson parse {:?} {} MB", t.elapsed(), text.len() / 1000000);
    let bytes: usize = countries.iter().map(|c| c.len()).sum();
    let t = Instant::now();
    let mut out = String::new();
    for c in &countries { geojson::write(&mut out, Geometry::try_new(c).unwrap(), 9); }
    println!("geojson write {:?} {} MB", t.elapsed(), out.len() / 1000000);
    let t = Instant::now();
    let n: usize = countries.iter().map(|c| wkt::format(Geometry::try_new(c).unwrap(), 15).len()).sum();
    println!("wkt write {:?} {} MB", t.elapsed(), n / 1000000);
    let raw = std::fs::read("/tmp/g1data/cities.bin").unwrap();
    let pts: Vec<[f64; 2]> = raw.chunks_exact(16).map(|c| [f64::from_le_bytes(c[..8].try_into().unwrap()), f64::from_le_bytes(c[8..].try_into().unwrap())]).collect();
    let wkbs: Vec<Vec<u8>> = pts.iter().map(|[x, y]| write::point_xy(*x, *y)).collect();
    let t = Instant::now();
    let mut s = 0.0;
    for _ in 0..10 { for w in &wkbs { s += Geometry::try_new(w).unwrap().bounds().unwrap().xmin; } }
    println!("point walk {:?} ns each", t.elapsed().as_nanos() as f64 / wkbs.len() as f64 / 10.0);
    let t = Instant::now();
    let mut s = 0.0;
    for w in &countries { s += Geometry::try_new(w).unwrap().bounds().unwrap().xmin; }
    println!("countries bounds {:?} {} vertices", t.elapsed(), bytes / 16);
    let t = Instant::now();
    let idx: Vec<Index> = countries.iter().map(|c| Index::new(Geometry::try_new(c).unwrap())).collect();
    println!("prepare {:?} {} MB from {} MB", t.elapsed(), idx.iter().map(|i| i.memory_size()).sum::<usize>() / 1000000, bytes / 1000000);
    let t = Instant::now();
    let mut hits = 0; let mut cands = 0;
    for [x, y] in &pts { for i in &idx { let b = i.bounds().unwrap(); if b.contains_xy(*x, *y) { cands += 1; hits += usize::from(i.decide_xy(Relation::Contains, *x, *y).unwrap()); } } }
    println!("brute {:?} hits {hits} candidates {cands}", t.elapsed());

    for views in [false, true] {
    for (swap, parts) in [(false, 2), (true, 2), (false, 1), (true, 1)] {
    let dt = if views { DataType::BinaryView } else { DataType::Binary };
    let schema = Arc::new(Schema::new(vec![Field::new("id", DataType::Int64, false), Field::new("geom", dt.clone(), true)]));
    let mk = |v: &Vec<Vec<u8>>| {
        let mut parts = vec![];
        for (k, ch) in v.chunks(8192).enumerate() {
            let ids = Int64Array::from_iter_values((0..ch.len()).map(|i| (k * 8192 + i) as i64));
            let g: ArrayRef = if views { Arc::new(BinaryViewArray::from_iter_values(ch)) } else { Arc::new(BinaryArray::from_iter_values(ch)) };
            parts.push(RecordBatch::try_new(schema.clone(), vec![Arc::new(ids), g]).unwrap());
        }
        Arc::new(MemTable::try_new(schema.clone(), vec![parts]).unwrap())
    };
    let mut b = SessionStateBuilder::new().with_config(SessionConfig::new().with_target_partitions(parts)).with_default_features();
    for r in godwit_planner::physical_optimizer_rules() { b = b.with_physical_optimizer_rule(r); }
    let ctx = SessionContext::new_with_state(b.build());
    for n in ["st_within", "st_intersects", "st_dwithin"] {
        let mut a = vec![dt.clone(), dt.clone()]; if n == "st_dwithin" { a.push(DataType::Float64); }
        ctx.register_udf(create_udf(n, a, DataType::Boolean, Volatility::Immutable, Arc::new(|_| panic!())));
    }
    ctx.register_table("cities", mk(&wkbs)).unwrap();
    ctx.register_table("countries", mk(&countries)).unwrap();
    let from = if swap { "countries b CROSS JOIN cities a" } else { "cities a CROSS JOIN countries b" };
    for (sel, cond) in [("count(*)", "st_within(a.geom, b.geom)"), ("count(*)", "st_intersects(a.geom, b.geom)"), ("count(*)", "st_dwithin(a.geom, b.geom, 0.1)"), ("max(a.id), count(b.id)", "st_within(a.geom,b.geom)")] {
        let sql = format!("SELECT {sel} FROM {from} WHERE {cond}");
        let t = Instant::now();
        let df = ctx.sql(&sql).await.unwrap();
        let plan = df.create_physical_plan().await.unwrap();
        let r = datafusion::physical_plan::collect(plan.clone(), ctx.task_ctx()).await.unwrap();
        println!("views={views} swap={swap} parts={parts} {cond} {:?} {:?}", t.elapsed(), r[0].columns().iter().map(|c| c.as_primitive::<Int64Type>().value(0)).collect::<Vec<_>>());
        if views && cond.contains("within(a.geom, b.geom)") { println!("{}", datafusion::physical_plan::display::DisplayableExecutionPlan::with_metrics(plan.as_ref()).indent(true)); }
    }
    }}
}
