//! Failed logins: whoever fails too often in a row has to wait.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rand::Rng as _;
use sha2::{Digest as _, Sha256};

/// Failures in a row that cost nothing, as people mistype.
const FREE_FAILURES: u32 = 5;
/// The pause after the first failure beyond those; each further one doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// How long failures are remembered after the last one.
const MEMORY: Duration = Duration::from_mins(15);
/// The number of users and addresses remembered at once.
const MAX_ENTRIES: usize = 16 * 1024;

/// A user at an address, without their names: what strangers send is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Who([u8; 32]);

/// Remembers who has failed how often.
#[derive(Debug)]
pub(super) struct Throttle {
    salt: [u8; 32],
    failures: Mutex<HashMap<Who, Failures>>,
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: Instant,
}

impl Failures {
    /// Returns when the next attempt is taken.
    fn until(&self) -> Instant {
        let Some(beyond) = self.count.checked_sub(FREE_FAILURES) else { return self.last };
        let pause = FIRST_PAUSE.saturating_mul(1_u32.checked_shl(beyond).unwrap_or(u32::MAX));
        self.last + pause.min(LONGEST_PAUSE)
    }
}

impl Throttle {
    pub(super) fn new() -> Self {
        Self { salt: rand::rng().random(), failures: Mutex::default() }
    }

    /// Returns what stands for a user at an address. Somebody with one address of version 6 has
    /// many of them, which count as one.
    pub(super) fn who(&self, user: &str, address: Option<IpAddr>) -> Who {
        let mut hasher = Sha256::new();
        hasher.update(self.salt);
        match address.map(|address| address.to_canonical()) {
            Some(IpAddr::V4(address)) => hasher.update(address.octets()),
            Some(IpAddr::V6(address)) => {
                hasher.update(b"6");
                hasher.update(address.octets().first_chunk::<8>().copied().unwrap_or_default());
            }
            None => {}
        }
        hasher.update(b"/");
        hasher.update(user);
        Who(hasher.finalize().into())
    }

    /// Returns how long an attempt is refused at this time, if it is.
    pub(super) fn pause(&self, who: Who, now: Instant) -> Option<Duration> {
        let failures = self.failures.lock().get(&who).copied()?;
        let pause = failures.until().saturating_duration_since(now);
        (!pause.is_zero()).then_some(pause)
    }

    /// Notes a failed attempt.
    pub(super) fn note_failure(&self, who: Who, now: Instant) {
        let mut failures = self.failures.lock();
        if failures.len() >= MAX_ENTRIES && !failures.contains_key(&who) {
            make_room(&mut failures, now);
        }
        let entry = failures.entry(who).or_insert(Failures { count: 0, last: now });
        if now.saturating_duration_since(entry.last) > MEMORY {
            entry.count = 0;
        }
        *entry = Failures { count: entry.count.saturating_add(1), last: now };
    }

    /// Forgets the failures of somebody who has succeeded.
    pub(super) fn forget(&self, who: Who) {
        self.failures.lock().remove(&who);
    }
}

/// Removes what is too old, or else the oldest half.
fn make_room(failures: &mut HashMap<Who, Failures>, now: Instant) {
    failures.retain(|_, entry| now.saturating_duration_since(entry.last) <= MEMORY);
    if failures.len() < MAX_ENTRIES {
        return;
    }
    let mut times: Vec<Instant> = failures.values().map(|entry| entry.last).collect();
    let (_, middle, _) = times.select_nth_unstable(MAX_ENTRIES / 2);
    let middle = *middle;
    failures.retain(|_, entry| entry.last > middle);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    #[test]
    fn pauses_grow_up_to_a_minute_and_end() {
        let throttle = Throttle::new();
        let who = throttle.who("ada", Some(IpAddr::from([127, 0, 0, 1])));
        let mut now = Instant::now();
        let mut pauses = Vec::new();
        for _ in 0..13 {
            let pause = throttle.pause(who, now).unwrap_or_default();
            pauses.push(pause.as_secs());
            now += pause;
            assert_eq!(throttle.pause(who, now), None);
            throttle.note_failure(who, now);
        }
        assert_eq!(pauses, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]);
        throttle.forget(who);
        assert_eq!(throttle.pause(who, now), None);
    }

    #[test]
    fn old_failures_do_not_count() {
        let throttle = Throttle::new();
        let who = throttle.who("ada", None);
        let mut now = Instant::now();
        for _ in 0..20 {
            throttle.note_failure(who, now);
            now += MEMORY + seconds(1);
        }
        assert_eq!(throttle.pause(who, now), None);
    }

    #[test]
    fn users_and_addresses_are_told_apart() {
        let throttle = Throttle::new();
        let now = Instant::now();
        let address = |text: &str| Some(text.parse::<IpAddr>().unwrap());
        let ada = throttle.who("ada", address("2001:db8:1:2::7"));
        for _ in 0..=FREE_FAILURES {
            throttle.note_failure(ada, now);
        }
        let is_paused = |user, address| throttle.pause(throttle.who(user, address), now).is_some();
        assert!(is_paused("ada", address("2001:db8:1:2::7")));
        assert!(is_paused("ada", address("2001:db8:1:2:ffff::1")));
        assert!(!is_paused("ada", address("2001:db8:1:3::7")));
        assert!(!is_paused("ada", address("192.0.2.7")));
        assert!(!is_paused("eve", address("2001:db8:1:2::7")));
        let mapped = throttle.who("ada", address("::ffff:192.0.2.7"));
        assert_eq!(mapped, throttle.who("ada", address("192.0.2.7")));
    }

    #[test]
    fn no_more_are_remembered_than_there_is_room_for() {
        let throttle = Throttle::new();
        let now = Instant::now();
        for number in 0..2 * MAX_ENTRIES {
            let later = now + Duration::from_micros(number as u64);
            throttle.note_failure(throttle.who(&number.to_string(), None), later);
        }
        let kept = throttle.failures.lock().len();
        assert!((MAX_ENTRIES / 2..=MAX_ENTRIES).contains(&kept), "{kept}");
        let last = throttle.who(&(2 * MAX_ENTRIES - 1).to_string(), None);
        assert!(throttle.failures.lock().contains_key(&last));
    }
}
