//! Users with argon2 hashes.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use argon2::Argon2;
use argon2::password_hash::PasswordVerifier as _;
use argon2::password_hash::phc::PasswordHash;
use godwit_config::{Role, Secret, User};
use parking_lot::Mutex;
use rand::Rng as _;
use sha2::{Digest as _, Sha256};

use crate::auth::AuthError;
use crate::auth::throttle::{Throttle, Who};

/// How long a password that was right is taken without hashing it again.
const REMEMBERED_FOR: Duration = Duration::from_mins(5);
const REMEMBERED_AT_MOST: usize = 1024;

/// A hash that no password has, so that an unknown name takes as long as a wrong password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$YWFhYWFhYWFhYWFhYWFhYQ\
                      $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The users of a configuration.
#[derive(Debug)]
pub(super) struct Passwords {
    users: HashMap<String, (Secret, Role)>,
    /// Salts the keys of `remembered`, so that it holds nothing to attack offline.
    salt: [u8; 32],
    remembered: Mutex<HashMap<[u8; 32], Instant>>,
    /// Hashing takes much memory on purpose: one at a time.
    hashing: Mutex<()>,
    throttle: Throttle,
}

impl Passwords {
    pub(super) fn new(users: &[User]) -> Self {
        let entry =
            |user: &User| (user.name.clone(), (user.password_hash.clone(), user.role.clone()));
        Self {
            users: users.iter().map(entry).collect(),
            salt: rand::rng().random(),
            remembered: Mutex::default(),
            hashing: Mutex::default(),
            throttle: Throttle::new(),
        }
    }

    /// Returns the role of the user, if the password is theirs.
    pub(super) fn verify(
        &self,
        user: &str,
        password: &str,
        address: Option<IpAddr>,
    ) -> Result<Role, AuthError> {
        let who = self.throttle.who(user, address);
        // Before anything else: what is remembered must not be found by trying either.
        self.check_pause(who)?;
        let key = self.key(user, password);
        if !self.is_remembered(&key) {
            self.hash(who, user, password)?;
        }
        let (_, role) = self.users.get(user).ok_or(AuthError::Invalid)?;
        self.throttle.forget(who);
        self.remember(key);
        Ok(role.clone())
    }

    /// Checks a password with its hash.
    fn hash(&self, who: Who, user: &str, password: &str) -> Result<(), AuthError> {
        let hash = self.users.get(user).map_or(NOBODY, |(hash, _)| hash.expose());
        let hash = PasswordHash::new(hash).map_err(|_error| AuthError::Invalid)?;
        let _turn = self.hashing.lock();
        // Others may have failed while this one waited for its turn.
        self.check_pause(who)?;
        let outcome = Argon2::default().verify_password(password.as_bytes(), &hash);
        outcome.map_err(|_error| {
            self.throttle.note_failure(who, Instant::now());
            AuthError::Invalid
        })
    }

    fn check_pause(&self, who: Who) -> Result<(), AuthError> {
        match self.throttle.pause(who, Instant::now()) {
            Some(pause) => Err(AuthError::Paused { seconds: pause.as_secs() + 1 }),
            None => Ok(()),
        }
    }

    fn key(&self, user: &str, password: &str) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(self.salt);
        hasher.update(user.len().to_le_bytes());
        hasher.update(user);
        hasher.update(password);
        hasher.finalize().into()
    }

    fn is_remembered(&self, key: &[u8; 32]) -> bool {
        self.remembered.lock().get(key).is_some_and(|since| since.elapsed() < REMEMBERED_FOR)
    }

    fn remember(&self, key: [u8; 32]) {
        let mut remembered = self.remembered.lock();
        if remembered.len() >= REMEMBERED_AT_MOST {
            remembered.clear();
        }
        remembered.entry(key).or_insert_with(Instant::now);
        remembered.retain(|_, since| since.elapsed() < REMEMBERED_FOR);
    }
}

#[cfg(test)]
pub(super) fn hash(password: &str) -> String {
    use argon2::password_hash::PasswordHasher as _;

    Argon2::default().hash_password(password.as_bytes()).unwrap().to_string()
}
