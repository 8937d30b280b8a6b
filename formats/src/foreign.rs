//! Files of formats that are not read, known by their first bytes: what to do with them can be
//! said, where a reader of another format could only say what it does not find.

/// A format that is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Foreign {
    /// What such a file is.
    what: &'static str,
    /// What can be done.
    advice: &'static str,
}

/// Signatures at the beginning of files.
const SIGNATURES: [(&[u8], Foreign); 20] = [
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (b"Rar!\x1a\x07", ARCHIVE),
    (b"\xfd7zXZ\x00", PACKED),
    (b"BZh91AY&SY", PACKED),
    (b"\x04\x22\x4d\x18", PACKED),
    (b"\x1f\x9d", PACKED),
    (b"FEA1", FEATHER),
    (b"PARE", ENCRYPTED),
    (b"ORC", Foreign { what: "an ORC file", advice: TO_PARQUET }),
    (b"Obj\x01", Foreign { what: "an Avro file", advice: TO_PARQUET }),
    (b"\xff\xfe", UTF_16),
    (b"\xfe\xff", UTF_16),
    (b"II*\x00", RASTER),
    (b"MM\x00*", RASTER),
    (b"\x89PNG", RASTER),
    (b"\xff\xd8\xff", RASTER),
    (
        b"PMTiles",
        Foreign {
            what: "an archive of map tiles",
            advice: "Read the data that the tiles were made of.",
        },
    ),
    (b"!table", Foreign { what: "a table of MapInfo", advice: TO_GEOPACKAGE }),
];

const TO_PARQUET: &str = "Write it as Parquet first.";
const TO_GEOPACKAGE: &str =
    "Convert it first: ogr2ogr -f GPKG file.gpkg with the name of the file.";

const ZIP: Foreign = Foreign {
    what: "a ZIP archive",
    advice: "Unpack it, and name a file in it: of a Shapefile the one that ends in .shp.",
};
const ARCHIVE: Foreign =
    Foreign { what: "an archive", advice: "Unpack it, and name a file in it." };
const PACKED: Foreign = Foreign {
    what: "a compressed file of a kind that is not read",
    advice: "Unpack it, or compress it with gzip or zstd instead.",
};
const FEATHER: Foreign = Foreign {
    what: "a Feather file of version 1",
    advice: "Write it anew as version 2, which is the default of pyarrow.feather.write_feather.",
};
const ENCRYPTED: Foreign =
    Foreign { what: "an encrypted Parquet file", advice: "Write it without encryption." };
const UTF_16: Foreign = Foreign {
    what: "a text in UTF-16",
    advice: "Convert it to UTF-8: iconv -f UTF-16 -t UTF-8 with the name of the file.",
};
const RASTER: Foreign = Foreign {
    what: "an image",
    advice: "Rasters are not read; make polygons or points of it first, as gdal_polygonize does.",
};
const TOPOLOGY: Foreign = Foreign {
    what: "a TopoJSON file",
    advice: "Convert it to GeoJSON first: ogr2ogr -f GeoJSON file.geojson with the name of the file.",
};
const PAGE: Foreign = Foreign {
    what: "a web page",
    advice: "The download may have answered with an error or a login; look at the file.",
};

/// How many bytes of a text are looked at.
const TEXT_BYTES: usize = 1024;

/// Returns what a file is whose format is not read, and what can be done with it.
pub(crate) fn foreign(head: &[u8]) -> Option<(&'static str, &'static str)> {
    let signed = SIGNATURES.iter().find(|(signature, _)| head.starts_with(signature));
    // Arrow streams begin like a text in UTF-16 that has no text.
    let signed = signed.filter(|_| !head.starts_with(&[0xff; 4]));
    let known = signed.map(|(_, known)| *known).or_else(|| of_text(head))?;
    Some((known.what, known.advice))
}

fn of_text(head: &[u8]) -> Option<Foreign> {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let text = text.get(..TEXT_BYTES).unwrap_or(text).to_ascii_lowercase();
    if text.starts_with(b"{") {
        let dense: Vec<u8> = text.iter().copied().filter(|it| !it.is_ascii_whitespace()).collect();
        return dense.starts_with(br#"{"type":"topology""#).then_some(TOPOLOGY);
    }
    if text.starts_with(b"<!doctype html") || text.starts_with(b"<html") {
        return Some(PAGE);
    }
    if !text.starts_with(b"<?xml") && !text.starts_with(b"<kml") && !text.starts_with(b"<gpx") {
        return None;
    }
    let has = |word: &[u8]| text.windows(word.len()).any(|window| window == word);
    let what = if has(b"<kml") {
        "a KML file"
    } else if has(b"<gpx") {
        "a GPX file"
    } else if has(b"<osm") {
        "an OpenStreetMap file as XML"
    } else if has(b"opengis.net/gml") {
        "a GML file"
    } else {
        "an XML file"
    };
    Some(Foreign { what, advice: TO_GEOPACKAGE })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(head: &[u8]) -> Option<&'static str> {
        foreign(head).map(|(what, _)| what)
    }

    #[test]
    fn formats_that_are_not_read_are_known() {
        for (head, expected) in [
            (&b"PK\x03\x04\x14\0"[..], "a ZIP archive"),
            (b"FEA1\0\0\0\0", "a Feather file of version 1"),
            (b"\xff\xfea\0,\0b\0", "a text in UTF-16"),
            (b"{ \"type\" : \"Topology\", \"arcs\": []}", "a TopoJSON file"),
            (b"\xef\xbb\xbf\n<?xml version=\"1.0\"?>\n<kml xmlns=\"x\">", "a KML file"),
            (b"<!DOCTYPE HTML><html>", "a web page"),
            (b"II*\0....", "an image"),
        ] {
            assert_eq!(what(head), Some(expected));
        }
    }

    #[test]
    fn formats_that_are_read_are_not_among_them() {
        for head in [
            &b"PAR1"[..],
            b"ARROW1",
            &[0xff; 8],
            b"a,b\n1,2\n",
            b"\xef\xbb\xbfa,b\n",
            b"{\"type\":\"FeatureCollection\"}",
            b"{\"type\":\"topology error\"}",
            b"SQLite format 3\0",
            b"\x1f\x8b\x08",
            b"<1,2\n",
            b"",
        ] {
            assert_eq!(what(head), None, "{head:?}");
        }
    }
}
