//! The secret that signs tokens and handles, kept in the data directory so that both outlive a
//! restart: drivers log in once, and pools keep prepared statements.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

const NAME: &str = "secret.key";

/// Returns the secret of a data directory; a new one each time where none can be kept.
pub(super) fn of_data_directory(folder: &Path) -> [u8; 32] {
    let path = folder.join(NAME);
    match kept(&path) {
        Ok(secret) => secret,
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "tokens will not outlive a restart");
            rand::random()
        }
    }
}

fn kept(path: &Path) -> io::Result<[u8; 32]> {
    match fs::read(path) {
        Ok(bytes) => {
            let wrong = || io::Error::new(ErrorKind::InvalidData, "the file has not 32 bytes");
            bytes.try_into().map_err(|_bytes| wrong())
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let secret: [u8; 32] = rand::random();
            write(path, &secret)?;
            Ok(secret)
        }
        Err(error) => Err(error),
    }
}

/// Writes a new file that its owner alone can read, which is there whole or not at all.
fn write(path: &Path, secret: &[u8]) -> io::Result<()> {
    let partial = path.with_extension("part");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&partial)?;
    file.write_all(secret)?;
    file.sync_all()?;
    fs::rename(partial, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_once_and_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = of_data_directory(folder.path());
        assert_eq!(of_data_directory(folder.path()), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(folder.path().join(NAME)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let other = tempfile::tempdir().unwrap();
        assert_ne!(of_data_directory(other.path()), first);
    }

    #[test]
    fn a_damaged_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(NAME), b"short").unwrap();
        assert_ne!(of_data_directory(folder.path()), of_data_directory(folder.path()));
        assert_eq!(fs::read(folder.path().join(NAME)).unwrap(), b"short");
    }
}
