"""What a result says, whatever the order of its rows and the types an engine has for the values."""

import datetime
import decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def mixed(values):
    """Scrambles 64-bit integers, so that sums tell sets apart."""
    values = values.astype(np.uint64)
    with np.errstate(over="ignore"):
        values = (values ^ (values >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15)
        return (values ^ (values >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)


def seconds(value):
    if value is None:
        return np.nan
    if isinstance(value, (datetime.timedelta, decimal.Decimal)):
        return value.total_seconds() if isinstance(value, datetime.timedelta) else float(value)
    months, days, nanoseconds = value
    return (months * 30 + days) * 86400 + nanoseconds / 1e9


def numbers(column):
    """Returns a column as floats, or as integers, or nothing for text and bytes."""
    kind = column.type
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        return column.cast(pa.int64()).to_numpy()
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return column.cast(pa.timestamp("us")).cast(pa.int64()).to_numpy()
    if pa.types.is_decimal(kind):
        return column.cast(pa.float64(), safe=False).to_numpy()
    if pa.types.is_duration(kind):
        return column.cast(pa.duration("us"), safe=False).cast(pa.int64()).cast(pa.float64(), safe=False).to_numpy() / 1e6
    if pa.types.is_floating(kind):
        return column.to_numpy()
    if pa.types.is_interval(kind):
        return np.array([seconds(value) for value in column.to_pylist()], dtype=float)
    return None


def digest(table):
    """Returns the row count, sums of the columns and one of whole numbers taken row by row."""
    said, rows = {"rows": table.num_rows}, np.zeros(table.num_rows, np.uint64)
    for position, column in enumerate(table.columns):
        values = numbers(column)
        if values is None:
            said[position] = pc.sum(pc.binary_length(column.cast(pa.large_binary()))).as_py() or 0
        elif values.dtype.kind == "f":
            said[position] = [float(np.nansum(values)), float(np.nansum(values * values)), int(np.isnan(values).sum())]
        else:
            with np.errstate(over="ignore"):
                rows = mixed(rows + mixed(values) + np.uint64(position))
    with np.errstate(over="ignore"):
        said["keys"] = int(rows.sum(dtype=np.uint64)) if len(rows) else 0
    return {str(key): value for key, value in said.items()}


def same(one, other):
    """Returns whether two digests agree; sums of floats may differ in their last digits.

    Those of 62,000 means of small decimals differ by one in 100,000 between an engine that rounds the last digit and one
    that cuts what is behind it.
    """
    if one.keys() != other.keys():
        return False
    for key, value in one.items():
        pair = np.atleast_1d(np.array(value, dtype=object)), np.atleast_1d(np.array(other[key], dtype=object))
        if key in ("rows", "keys"):
            if value != other[key]:
                return False
        elif len(pair[0]) != len(pair[1]) or not np.allclose(*(side.astype(float) for side in pair), rtol=2e-5, atol=1e-9):
            return False
    return True
