//! `ST_KNN`: the join condition that asks for the nearest geometries.

use godwit_geometry::GeometryError;

use crate::function::{Argument, Category, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "ST_KNN",
    category: Category::Predicate,
    summary: "Returns whether the second geometry is one of the nearest to the first, as the \
              condition of a join.",
    notes: "It has a meaning only as the condition of a join, and the order of its arguments says \
            what is looked for: for each row with the first geometry the nearest rows with the \
            second one. The distance is that of ST_Distance, in the plane or, of geographies, \
            over the earth. Of rows that are as far away those with the lesser values are taken, \
            column by column. Further conditions of the join and its WHERE see the nearest rows \
            only.",
    example: "SELECT q.id, o.id FROM (VALUES (1, ST_Point(0, 0))) AS q(id, geom) \
              JOIN (VALUES (2, ST_Point(3, 4)), (3, ST_Point(9, 9))) AS o(id, geom) \
              ON ST_KNN(q.geom, o.geom, 1)",
    parity: Parity::Extension("Sedona's name"),
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("query", "The geometry to look from."),
            Argument::geometry("object", "The geometry to look for."),
            Argument::integer("k", "How many rows to take, above 0."),
            Argument::new("use_spheroid", Type::Boolean, "Must be false if given.").optional(),
        ],
        returns: Type::Boolean,
        evaluate: |_| {
            let reason = "ST_KNN must be the condition of a join of two tables".to_owned();
            Err(GeometryError::InvalidArgument { reason })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
