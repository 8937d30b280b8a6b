//! Sets of items that are merged pair by pair.

use std::collections::BTreeMap;

/// Sets of items that are merged pair by pair; an item is its position in the input.
#[derive(Debug, Clone)]
pub struct Groups {
    /// The next item on the way to the root of each item; a root is its own.
    next: Vec<usize>,
    /// The number of items below each root.
    sizes: Vec<usize>,
}

impl Groups {
    /// Returns as many sets as there are items.
    pub(super) fn new(count: usize) -> Self {
        Self { next: (0..count).collect(), sizes: vec![1; count] }
    }

    /// Returns the item that stands for the set of an item.
    pub(super) fn root(&mut self, item: usize) -> usize {
        let mut root = item;
        while self.next[root] != root {
            root = self.next[root];
        }
        let mut at = item;
        while at != root {
            at = std::mem::replace(&mut self.next[at], root);
        }
        root
    }

    /// Merges the sets of two items; the larger set keeps its root, of equal sets that with the
    /// lower one.
    pub(super) fn merge(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return;
        }
        let b_wins = self.sizes[a] < self.sizes[b] || (self.sizes[a] == self.sizes[b] && b < a);
        let (root, other) = if b_wins { (b, a) } else { (a, b) };
        self.next[other] = root;
        self.sizes[root] += self.sizes[other];
    }

    /// Returns the items of each set in order; sets are in the order of their roots.
    pub fn members(mut self) -> Vec<Vec<usize>> {
        let mut sets: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for item in 0..self.next.len() {
            let root = self.root(item);
            sets.entry(root).or_default().push(item);
        }
        sets.into_values().collect()
    }

    /// Returns the number of the set of each item, in the order of `members`. Only items that
    /// count get a number, and sets without such items take none.
    pub fn numbers(self, counts: impl Fn(usize) -> bool) -> Vec<Option<usize>> {
        let mut numbers = vec![None; self.next.len()];
        let mut number = 0;
        for members in self.members() {
            let mut is_used = false;
            for item in members.into_iter().filter(|item| counts(*item)) {
                numbers[item] = Some(number);
                is_used = true;
            }
            number += usize::from(is_used);
        }
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_numbered_by_their_roots() {
        let mut groups = Groups::new(6);
        groups.merge(4, 5);
        groups.merge(0, 4);
        groups.merge(3, 1);
        // The set of 4 and 5 was larger than that of 0.
        assert_eq!(groups.clone().members(), [vec![1, 3], vec![2], vec![0, 4, 5]]);
        let numbers = groups.numbers(|item| item != 2);
        assert_eq!(numbers, [Some(1), Some(0), None, Some(0), Some(1), Some(1)]);
    }
}
