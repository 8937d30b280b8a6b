//! `h3_tessellate`: a geometry cut along the sides of cells.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryBuilder, BooleanBuilder, Int64Builder};
use godwit_geometry::{Geometry, GeometryError, overlay};
use h3o::CellIndex;

use super::cell::integer;
use super::fill::{Mode, cells_in, cells_over};
use super::h3_cell_to_boundary::boundary;
use super::h3_latlng_to_cell::check_degrees;
use crate::arguments::Arguments;
use crate::function::{
    Argument, Category, CrsRule, Evaluated, Function, Overload, Parity, RecordField, Type,
};
use crate::rows::Rows as _;
use crate::sets::{Lists, structure, take};

pub(super) static FUNCTION: Function = Function {
    title: "h3_tessellate",
    aliases: &["h3_tessellateaswkb", "h3_try_tessellateaswkb"],
    category: Category::H3,
    summary: "Returns the cells that share a position with a geometry, each with the part of the \
              geometry in it.",
    notes: "`core` says whether the cell lies in the geometry wholly; `chip` is the part, which \
            is the outline of a core cell. A resolution that is not 0 to 15 gives null.",
    example: "SELECT h3_tessellate('POLYGON((24 59, 25 59, 25 60, 24 60, 24 59))', 4)",
    parity: Parity::Extension("Databricks has it as h3_tessellateaswkb."),
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry, in longitude and latitude."),
            Argument::integer("resolution", "The resolution, 0 to 15."),
        ],
        returns: Type::RecordList(&[
            RecordField::new("cellid", Type::Int64),
            RecordField::new("core", Type::Boolean),
            RecordField::new("chip", Type::Geometry),
        ]),
        crs: CrsRule::Wgs84,
        check: check_degrees,
        evaluate,
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn evaluate(arguments: &Arguments<'_>) -> Evaluated {
    let rows = (arguments.geometry(0)?, arguments.integer(1)?);
    let mut lists = Lists::new(rows.row_count());
    let mut cells = Int64Builder::new();
    let mut cores = BooleanBuilder::new();
    let mut chips = BinaryBuilder::new();
    let (mut bytes, mut count) = (0, 0);
    for row in 0..rows.row_count() {
        let chips_of_row = match rows.get(row)? {
            Some((geometry, number)) => tessellate(geometry, number)?,
            None => None,
        };
        for (cell, is_core, chip) in chips_of_row.iter().flatten() {
            cells.append_value(integer(*cell));
            cores.append_value(*is_core);
            take(&mut bytes, chip.len())?;
            chips.append_value(chip);
            count += 1;
        }
        lists.end(count, chips_of_row.is_some())?;
    }
    let columns: Vec<ArrayRef> =
        vec![Arc::new(cells.finish()), Arc::new(cores.finish()), Arc::new(chips.finish())];
    lists.finish(structure(&["cellid", "core", "chip"], columns, None)?)
}

type Chip = (CellIndex, bool, Vec<u8>);

fn tessellate(geometry: Geometry<'_>, number: i64) -> Result<Option<Vec<Chip>>, GeometryError> {
    let (Some(cells), Some(cores)) =
        (cells_over(geometry, number)?, cells_in(geometry, number, Mode::Full)?)
    else {
        return Ok(None);
    };
    let mut chips = Vec::with_capacity(cells.len());
    for cell in cells {
        let is_core = cores.binary_search_by_key(&u64::from(cell), |core| u64::from(*core)).is_ok();
        let Some(outline) = boundary(integer(cell)) else {
            continue;
        };
        if is_core {
            chips.push((cell, true, outline));
            continue;
        }
        let chip = overlay::intersection(geometry, Geometry::try_new(&outline)?)?;
        if !Geometry::try_new(&chip)?.is_empty() {
            chips.push((cell, false, chip));
        }
    }
    Ok(Some(chips))
}
