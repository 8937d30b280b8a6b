"""Writes town.osm.pbf: an invented town, in every way the format knows to store it.

It has dense nodes and plain ones, ways, a relation, a block as it is and compressed ones.
"""

import pathlib
import struct
import zlib


def varint(value):
    out = bytearray()
    while value >= 128:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out) + bytes([value])


def zigzag(value):
    return (value << 1) ^ (value >> 63)


def number(field, value):
    return varint(field << 3) + varint(value)


def packed(field, values):
    return message(field, b"".join(map(varint, values)))


def message(field, value):
    return varint(field << 3 | 2) + varint(len(value)) + value


def steps(values):
    return [zigzag(value - before) for before, value in zip([0, *values], values)]


def blob(kind, content, compressed):
    body = number(2, len(content)) + message(3, zlib.compress(content)) if compressed else message(1, content)
    header = message(1, kind) + number(3, len(body))
    return struct.pack(">I", len(header)) + header + body


class Texts:
    def __init__(self):
        self.texts = [b""]

    def index(self, text):
        text = text.encode()
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text)

    def table(self):
        return message(1, b"".join(message(1, text) for text in self.texts))


def tags(texts, pairs):
    keys = [texts.index(key) for key, _ in pairs]
    values = [texts.index(value) for _, value in pairs]
    return packed(2, keys) + packed(3, values) if pairs else b""


def block(texts, *groups, more=b""):
    return texts.table() + b"".join(message(2, group) for group in groups) + more


def dense(texts, nodes):
    listed = []
    for _, _, _, pairs in nodes:
        for key, value in pairs:
            listed += [texts.index(key), texts.index(value)]
        listed.append(0)
    columns = zip(*[(key, lat, lon) for key, lat, lon, _ in nodes])
    fields = [packed(field, steps(values)) for field, values in zip((1, 8, 9), columns)]
    return message(2, b"".join(fields) + packed(10, listed))


def way(texts, key, nodes, pairs):
    return message(3, number(1, key) + tags(texts, pairs) + packed(8, steps(nodes)))


def relation(texts, key, members, pairs):
    kinds = {"node": 0, "way": 1, "relation": 2}
    roles = packed(8, [texts.index(role) for _, _, role in members])
    ids = packed(9, steps([member for _, member, _ in members]))
    types = packed(10, [kinds[kind] for kind, _, _ in members])
    return message(4, number(1, key) + tags(texts, pairs) + roles + ids + types)


texts = Texts()
square = [(1, 0, 0, []), (2, 0, 10_000, []), (3, 10_000, 10_000, []), (4, 10_000, 0, [])]
named = (10, 594_370_000, 247_535_000, [("name", "Põhjaväin"), ("place", "town")])
nodes = block(texts, dense(texts, [*square, named]))

texts = Texts()
plain = message(1, number(1, zigzag(-5)) + tags(texts, [("natural", "tree")]) + number(8, zigzag(-25)) + number(9, zigzag(50)))
# Coordinates in units of 1e-7 degrees, from 1 degree north and 2 degrees west.
offsets = number(17, 100) + number(19, 1_000_000_000) + number(20, (-2_000_000_000) % 2**64)
trees = block(texts, plain, more=offsets)

texts = Texts()
ways = block(
    texts,
    way(texts, 100, [1, 2, 3, 4, 1], [("building", "yes"), ("name", "Town hall")])
    + way(texts, 101, [3, 10], [("highway", "path")])
    + way(texts, 102, [], []),
    relation(texts, 200, [("way", 100, "outer"), ("node", 10, "label"), ("relation", 200, "")], [("type", "site")]),
)

header = message(4, b"OsmSchema-V0.6") + message(4, b"DenseNodes") + message(16, b"make.py")
file = b"".join(
    [
        blob(b"OSMHeader", header, True),
        blob(b"OSMData", nodes, True),
        blob(b"OSMData", trees, False),
        blob(b"OSMData", ways, True),
    ]
)
pathlib.Path(__file__).with_name("town.osm.pbf").write_bytes(file)
