//! `FlatGeobuf` for DataFusion. Without a spatial condition a file is read from front to back; with
//! one, its index says which features are.

use std::io::{BufRead as _, BufReader};
use std::sync::Arc;

use arrow::datatypes::{Schema, SchemaRef};
use async_trait::async_trait;
use bytes::Bytes;
use datafusion::common::Result;
use datafusion::common::runtime::SpawnedTask;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileOpenFuture, FileOpener};
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use godwit_geometry::{Crs, SpatialFilter};
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _};

use super::clock;
use super::feature::FeatureDecoder;
use super::header::Header;
use super::splitter::FeatureSplitter;
use super::tree::{Run, search};
use crate::chunks::{CHUNK_BYTES, Chunk, ChunkDecoder, MAX_RECORD_BYTES, chunks, decoded};
use crate::input::{self, Input};
use crate::merged::merged_schema;
use crate::reader::{BatchReader, Files};
use crate::scan::{Condition, CountingDecoder, Scan};
use crate::{Compression, FormatError};

/// How many bytes between two wanted features are read along with them.
const BYTES_BETWEEN: u64 = 16 * 1024;

/// How many pieces of a file are fetched at a time.
const PIECES_IN_FLIGHT: usize = 4;

/// Reads `FlatGeobuf`.
#[derive(Debug, Clone)]
pub(super) struct FlatGeobufReader {
    pub(super) compression: Option<Compression>,
    /// The reference system, if the files do not decide.
    pub(super) crs: Option<Crs>,
}

/// A file whose header was read.
struct Opened {
    header: Arc<Header>,
    path: Arc<str>,
    compression: Compression,
}

impl Opened {
    async fn read(
        store: &Arc<dyn ObjectStore>,
        location: &Path,
        compression: Option<Compression>,
    ) -> Result<Self, FormatError> {
        let input = input::open(store, location).await?;
        let task = SpawnedTask::spawn_blocking(move || Self::from_input(input, compression));
        task.await.map_err(std::io::Error::other)?
    }

    fn from_input(input: Input, compression: Option<Compression>) -> Result<Self, FormatError> {
        let mut raw = BufReader::new(input.raw);
        let compression = match compression {
            Some(compression) => compression,
            None => Compression::of_head(raw.fill_buf()?),
        };
        let mut reader = compression.reader(Box::new(raw))?;
        let header = Header::read(&mut reader).map_err(|reason| FormatError::Malformed {
            path: input.path.to_string(),
            offset: 0,
            reason,
        })?;
        Ok(Self { header: Arc::new(header), path: input.path, compression })
    }
}

#[async_trait]
impl BatchReader for FlatGeobufReader {
    fn name(&self) -> &'static str {
        "flatgeobuf"
    }

    fn extension(&self) -> &'static str {
        "fgb"
    }

    fn compression(&self) -> Option<Compression> {
        self.compression
    }

    async fn schema(&self, files: Files<'_>) -> Result<Schema, FormatError> {
        let mut schemas = Vec::new();
        for object in files.objects {
            let opened = Opened::read(files.store, &object.location, self.compression).await?;
            let clocks = match opened.compression {
                Compression::None => clock::columns(files.store, object, &opened.header).await?,
                _ => Vec::new(),
            };
            schemas.push(Schema::new(opened.header.fields(self.crs.as_ref(), &clocks)));
        }
        merged_schema(files.store, files.objects, schemas).await
    }

    fn opener(&self, scan: Scan) -> Result<Arc<dyn FileOpener>, FormatError> {
        let schema = Arc::new(scan.file_schema.project(&scan.projection)?);
        Ok(Arc::new(FlatGeobufOpener {
            store: scan.store,
            compression: self.compression,
            schema,
            batch_size: scan.batch_size,
            width: scan.width,
            condition: scan.condition,
        }))
    }

    fn reads_by_place(&self) -> bool {
        true
    }
}

#[derive(Clone)]
struct FlatGeobufOpener {
    store: Arc<dyn ObjectStore>,
    compression: Option<Compression>,
    schema: SchemaRef,
    batch_size: usize,
    width: usize,
    condition: Option<Condition>,
}

impl FileOpener for FlatGeobufOpener {
    fn open(&self, file: PartitionedFile) -> Result<FileOpenFuture> {
        let this = self.clone();
        Ok(Box::pin(async move {
            let location = &file.object_meta.location;
            let opened = Opened::read(&this.store, location, this.compression).await?;
            let decoder = this.decoder(&opened.header);
            let chunks = if let Some(runs) = this.wanted(&opened, &file.object_meta).await? {
                this.pieces(location, &opened, runs)
            } else {
                let header = Arc::clone(&opened.header);
                let cutter = move |reader, path| FeatureSplitter::new(reader, path, &header);
                chunks(&this.store, location, Some(opened.compression), cutter).await?
            };
            Ok(decoded(chunks, this.width, decoder))
        }))
    }
}

impl FlatGeobufOpener {
    fn decoder(&self, header: &Arc<Header>) -> Arc<dyn ChunkDecoder> {
        if self.schema.fields().is_empty() {
            return Arc::new(CountingDecoder { batch_size: self.batch_size });
        }
        let schema = Arc::clone(&self.schema);
        Arc::new(FeatureDecoder::new(Arc::clone(header), schema, self.batch_size))
    }

    /// Returns the features that the condition needs, unless all of them may be needed.
    async fn wanted(
        &self,
        opened: &Opened,
        object: &ObjectMeta,
    ) -> Result<Option<Vec<Run>>, FormatError> {
        let Some(condition) = &self.condition else { return Ok(None) };
        // The values of subqueries and joins are known by now.
        let filter = condition.filter();
        let all = opened.header.feature_count;
        let runs = match filter {
            SpatialFilter::Anything => None,
            SpatialFilter::Nothing => Some(Vec::new()),
            _ if opened.compression != Compression::None => None,
            _ => {
                let header = &opened.header;
                search(&self.store, &object.location, object.size, header, &filter).await?
            }
        };
        if let (Some(runs), Some(all)) = (&runs, all) {
            let read: usize = runs.iter().map(|run| run.count).sum();
            let all = usize::try_from(all).unwrap_or(usize::MAX);
            condition.count_features(read, all.saturating_sub(read));
        }
        Ok(runs)
    }

    /// Returns the features as chunks, fetched in pieces.
    fn pieces(
        &self,
        location: &Path,
        opened: &Opened,
        runs: Vec<Run>,
    ) -> BoxStream<'static, Result<Chunk, FormatError>> {
        let start = opened.header.features_start().unwrap_or(u64::MAX);
        let (store, location) = (Arc::clone(&self.store), location.clone());
        let path = Arc::clone(&opened.path);
        let pieces = futures::stream::iter(pieces(runs)).map(move |piece| {
            let (store, location) = (Arc::clone(&store), location.clone());
            let path = Arc::clone(&path);
            async move {
                let Some(bytes) = extent(&piece) else { return Ok(None) };
                let range = start.saturating_add(bytes.start)..start.saturating_add(bytes.end);
                if range.end - range.start > MAX_RECORD_BYTES as u64 {
                    let reason = "one feature is longer than 256 MiB".to_owned();
                    let path = path.to_string();
                    return Err(FormatError::Malformed { path, offset: range.start, reason });
                }
                let fetched = store.get_range(&location, range.clone()).await?;
                Ok(Some(chunk(&piece, bytes.start, &fetched, range.start, path)))
            }
        });
        pieces.buffered(PIECES_IN_FLIGHT).try_filter_map(|chunk| async move { Ok(chunk) }).boxed()
    }
}

/// Returns the runs in groups that are fetched at once.
fn pieces(runs: Vec<Run>) -> Vec<Vec<Run>> {
    let mut pieces: Vec<Vec<Run>> = Vec::new();
    for run in runs {
        let fits = pieces.last().and_then(|piece| extent(piece)).is_some_and(|bytes| {
            run.bytes.start - bytes.end <= BYTES_BETWEEN
                && run.bytes.end - bytes.start <= CHUNK_BYTES as u64
        });
        match pieces.last_mut() {
            Some(piece) if fits => piece.push(run),
            _ => pieces.push(vec![run]),
        }
    }
    pieces
}

fn extent(piece: &[Run]) -> Option<std::ops::Range<u64>> {
    Some(piece.first()?.bytes.start..piece.last()?.bytes.end)
}

/// Returns the features of a piece whose bytes begin at `start` behind the index.
fn chunk(piece: &[Run], start: u64, fetched: &Bytes, offset: u64, path: Arc<str>) -> Chunk {
    let place = |at: u64| usize::try_from(at - start).unwrap_or(usize::MAX);
    let mut data = Vec::with_capacity(fetched.len());
    for run in piece {
        let features = fetched.get(place(run.bytes.start)..place(run.bytes.end));
        data.extend_from_slice(features.unwrap_or_default());
    }
    let records = piece.iter().map(|run| run.count).sum();
    Chunk { data, offset, records, is_first: false, crs: None, path }
}
