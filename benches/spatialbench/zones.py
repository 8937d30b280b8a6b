"""A stand-in for the `zone` table of SpatialBench, the same every time.

The real table is cut from Overture's divisions and is fetched from the internet. This one has its
columns, its number of rows of each subtype and about its bytes a row: counties tile the land with
fractal borders that neighbours share vertex for vertex, some with an island or a hole; macrohoods
and microhoods are small stars in clusters, a third of them on places where trips start.

    zones.py SCALE TRIP_PARQUET OUT_PARQUET
"""

import struct
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

COUNTIES, MACROHOODS, MICROHOODS = 38679, 42619, 74797
# The cells of the whole world at scale factor 1; three of five are land.
COLUMNS, ROWS = 360, 180
WEST, EAST, SOUTH, NORTH = -180.0, 180.0, -60.0, 80.0
SEDONA = (-111.7610, 34.8697)


def land(x, y, rng):
    """Low waves: the higher, the more land."""
    waves = 40
    lengths, turns = np.exp(rng.uniform(2.0, 4.0, waves)), rng.uniform(0, 2 * np.pi, (2, waves))
    height = np.zeros(len(x))
    for length, turn, phase in zip(lengths, *turns):
        height += length**0.7 * np.cos((x * np.cos(turn) + y * np.sin(turn)) * 2 * np.pi / length + phase)
    near = ((x - SEDONA[0]) / 4) ** 2 + ((y - SEDONA[1]) / 4) ** 2
    return height / np.abs(height).max() + 2 * np.exp(-near)


def borders(starts, ends, counts, rng):
    """Returns for each border its vertices from its start up to, but without, its end.

    A border stays within 0.15 of its length of the straight line, and within a cone at its ends,
    so that two of them never meet anywhere else.
    """
    result = [None] * len(starts)
    for level in np.unique(counts):
        count = 1 << level
        for chunk in np.array_split(np.flatnonzero(counts == level), max(1, (counts == level).sum() * count >> 23)):
            offset, spread = np.zeros((len(chunk), count + 1)), 1.0
            step = count
            roughness = rng.uniform(0.7, 1.0, (len(chunk), 1))
            while step > 1:
                middle = np.arange(step // 2, count, step)
                between = (offset[:, middle - step // 2] + offset[:, middle + step // 2]) / 2
                offset[:, middle] = between + rng.normal(0, spread, (len(chunk), len(middle))) * roughness ** (level - np.log2(step))
                spread, step = spread / 2**0.9, step // 2
            share = np.arange(count) / count
            limit = np.minimum(0.15, 0.35 * np.minimum(share, 1 - share))
            offset = np.tanh(offset[:, :-1]) * limit
            along = ends[chunk] - starts[chunk]
            across = np.stack([-along[:, 1], along[:, 0]], axis=1)
            points = starts[chunk][:, None] + share[None, :, None] * along[:, None] + offset[:, :, None] * across[:, None]
            points[:, 0] = starts[chunk]
            for border, line in zip(chunk, np.round(points, 7)):
                result[border] = line
    return result


def star(centre, radius, count, rng):
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    shape = sum(rng.normal() / wave * np.cos(wave * turn + rng.uniform(0, 6.3)) for wave in range(1, min(9, max(2, count // 4))))
    reach = radius * np.exp(0.3 * np.tanh(shape) + 0.02 * rng.normal(size=count))
    ring = np.round(np.asarray(centre) + reach[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1), 7)
    return np.vstack([ring, ring[:1]])


def polygon(*rings):
    return struct.pack("<BII", 1, 3, len(rings)) + b"".join(struct.pack("<I", len(ring)) + ring.astype("<f8").tobytes() for ring in rings)


def counties(share, vertices, rng):
    """Returns WKB and centre of cells of a shaken grid whose borders are fractal."""
    number, columns, rows = round(COUNTIES * share), round(COLUMNS * share**0.5), round(ROWS * share**0.5)
    xs, ys = np.linspace(WEST, EAST, columns + 1), np.linspace(SOUTH, NORTH, rows + 1)
    width, height = xs[1] - xs[0], ys[1] - ys[0]
    corners = np.stack(np.meshgrid(xs, ys), axis=2) + rng.uniform(-0.12, 0.12, (rows + 1, columns + 1, 2)) * [width, height]
    corners[:, [0, -1], 0], corners[[0, -1], :, 1] = [WEST, EAST], [[SOUTH], [NORTH]]
    corners = np.round(corners, 7)
    row, column = np.divmod(np.arange(rows * columns), columns)
    centres = np.stack([xs[column] + width / 2, ys[row] + height / 2], axis=1)
    order = np.argsort(-land(centres[:, 0], centres[:, 1], rng), kind="stable")
    chosen, sea = order[:number], order[number:]
    # Regions differ in detail, and a few borders have very many vertices.
    detail = np.repeat(np.repeat(rng.normal(0, 0.8, (rows // 10 + 1, columns // 10 + 1)), 10, 0), 10, 1)
    flat, upright = (corners[:, :-1], corners[:, 1:]), (corners[:-1], corners[1:])
    lines = []
    for starts, ends in (flat, upright):
        mean = np.log2(vertices / 4) + detail[: starts.shape[0], : starts.shape[1]] - 0.75
        levels = np.clip(np.round(mean + rng.normal(0, 0.9, mean.shape)), 1, 14).astype(int)
        lines.append(borders(starts.reshape(-1, 2), ends.reshape(-1, 2), levels.ravel(), rng))

    def flat_border(r, c):
        return lines[0][r * columns + c]

    def upright_border(r, c):
        return lines[1][r * (columns + 1) + c]

    def backwards(border, end):
        return np.vstack([end[None], border[:0:-1]])

    made = []
    for place, cell in enumerate(chosen):
        r, c = row[cell], column[cell]
        ring = np.vstack([
            flat_border(r, c),
            upright_border(r, c + 1),
            backwards(flat_border(r + 1, c), corners[r + 1, c + 1]),
            backwards(upright_border(r, c), corners[r + 1, c]),
            corners[r, c][None],
        ])
        rings = [ring]
        if place % 33 == 7:
            rings.append(star(centres[cell], 0.07 * height, 64, rng))
        wkb = polygon(*rings)
        if place % 14 == 5 and len(sea):
            nearest = sea[np.argmin(np.abs(centres[sea] - centres[cell]).sum(axis=1))]
            island = star(centres[nearest], 0.08 * height, 200, rng)
            wkb = struct.pack("<BII", 1, 6, 2) + wkb + polygon(island)
        made.append(wkb)
    return made, centres[chosen]


def hoods(number, vertices, radius, places, rng):
    clusters = places[rng.integers(0, len(places), max(8, number // 90))]
    weight = rng.pareto(1.1, len(clusters)) + 0.3
    cluster = rng.choice(len(clusters), number, p=weight / weight.sum())
    centres = clusters[cluster] + rng.normal(0, radius * 4, (number, 2))
    radii = radius * np.exp(rng.normal(0, 0.6, number))
    counts = np.clip(np.exp(rng.normal(np.log(vertices) - 0.72, 1.2, number)), 5, 6000).astype(int)
    return [polygon(star(*shape, rng)) for shape in zip(centres, radii, counts)], centres


def main():
    scale, trips, out = float(sys.argv[1]), sys.argv[2], sys.argv[3]
    rng = np.random.default_rng(7)
    share = min(scale, 1.0)
    pickups = pq.ParquetFile(trips).read_row_group(0, columns=["t_pickuploc"])["t_pickuploc"].slice(0, 100_000)
    pickups = np.frombuffer(b"".join(value.as_py()[5:21] for value in pickups), dtype="<f8").reshape(-1, 2)
    tiles, centres = counties(share, 2250 if share == 1 else 1250, rng)
    near_sedona = np.asarray(SEDONA) + rng.uniform(-0.35, 0.35, (8, 2))
    places = np.vstack([
        pickups[rng.integers(0, len(pickups), 5000)],
        centres[rng.integers(0, len(centres), 10_000)],
        np.repeat(near_sedona, 15, axis=0),
    ])
    macro, macro_centres = hoods(round(MACROHOODS * share), 110, 0.030, places, rng)
    micro, micro_centres = hoods(round(MICROHOODS * share), 65, 0.009, places, rng)
    boundaries = tiles + macro + micro
    centres = np.vstack([centres, macro_centres, micro_centres])
    subtypes = ["county"] * len(tiles) + ["macrohood"] * len(macro) + ["microhood"] * len(micro)
    names = [f"{subtype.title()} {number:06d}" for number, subtype in enumerate(subtypes)]
    home = np.argmin(np.abs(centres[: len(tiles)] - SEDONA).sum(axis=1))
    names[home] = "Coconino County"
    country = (np.floor((centres[:, 0] + 180) / 25) * 16 + np.floor((centres[:, 1] + 90) / 12)).astype(int)
    order = rng.permutation(len(boundaries))
    table = pa.table({
        "z_zonekey": pa.array(np.arange(1, len(order) + 1), pa.int64()),
        "z_gersid": [rng.bytes(16).hex() for _ in order],
        "z_country": [f"C{country[i]:03d}" for i in order],
        "z_region": [f"C{country[i]:03d}-{i % 17:02d}" for i in order],
        "z_name": [names[i] for i in order],
        "z_subtype": [subtypes[i] for i in order],
        "z_boundary": pa.array([boundaries[i] for i in order], pa.binary()),
    })
    rows = int(np.clip((128 << 20) / (table.nbytes / len(table)), 1000, 32767))
    pq.write_table(table, out, row_group_size=rows, compression="snappy", use_dictionary=["z_country", "z_region", "z_subtype"])
    print(f"{len(table)} zones, {sum(map(len, boundaries)) >> 20} MB of WKB")


if __name__ == "__main__":
    main()
