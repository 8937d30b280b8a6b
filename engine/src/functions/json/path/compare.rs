//! Comparisons of what paths lead to: one holds if it does for a pair of values, of which there may
//! be as many as a document has letters on either side.

use std::cmp::Ordering;

use super::read::{Comparison, Value};

/// How many pairs are looked at one by one.
const FEW_PAIRS: usize = 64;

/// Returns whether a comparison holds for a value of the left and one of the right; nothing if it
/// cannot be said of a pair, and holds for no other one. Objects and arrays are nothing.
pub(super) fn any_pair(
    left: &[Option<Value>],
    comparison: Comparison,
    right: &[Option<Value>],
) -> Option<bool> {
    if left.len().saturating_mul(right.len()) <= FEW_PAIRS {
        return each_pair(left, comparison, right);
    }
    let right = Sorted::of(right);
    let mut is_known = true;
    for value in left {
        if right.has(value.as_ref(), comparison) {
            return Some(true);
        }
        is_known &= right.is_comparable(value.as_ref());
    }
    is_known.then_some(false)
}

fn each_pair(
    left: &[Option<Value>],
    comparison: Comparison,
    right: &[Option<Value>],
) -> Option<bool> {
    let mut is_known = true;
    for (left, right) in left.iter().flat_map(|left| right.iter().map(move |of| (left, of))) {
        match compared(left.as_ref(), comparison, right.as_ref()) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => is_known = false,
        }
    }
    is_known.then_some(false)
}

fn compared(left: Option<&Value>, comparison: Comparison, right: Option<&Value>) -> Option<bool> {
    let ordering = match (left?, right?) {
        (Value::Null, Value::Null) => Ordering::Equal,
        // Nothing else is null.
        (Value::Null, _) | (_, Value::Null) => return Some(comparison == Comparison::NotEqual),
        (Value::Truth(left), Value::Truth(right)) => left.cmp(right),
        (Value::Number(left), Value::Number(right)) => left.partial_cmp(right)?,
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        _ => return None,
    };
    Some(is_met(comparison, ordering))
}

fn is_met(comparison: Comparison, ordering: Ordering) -> bool {
    match comparison {
        Comparison::Equal => ordering.is_eq(),
        Comparison::NotEqual => ordering.is_ne(),
        Comparison::Less => ordering.is_lt(),
        Comparison::LessOrEqual => ordering.is_le(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::GreaterOrEqual => ordering.is_ge(),
    }
}

/// Values by their kinds, each in order.
#[derive(Debug, Default)]
struct Sorted<'a> {
    truths: Vec<bool>,
    numbers: Vec<f64>,
    texts: Vec<&'a str>,
    has_null: bool,
    /// Whether there are objects or arrays.
    has_other: bool,
}

impl<'a> Sorted<'a> {
    fn of(values: &'a [Option<Value>]) -> Self {
        let mut sorted = Self::default();
        for value in values {
            match value {
                None => sorted.has_other = true,
                Some(Value::Null) => sorted.has_null = true,
                Some(Value::Truth(truth)) => sorted.truths.push(*truth),
                Some(Value::Number(number)) => sorted.numbers.push(without_sign_of_zero(*number)),
                Some(Value::Text(text)) => sorted.texts.push(text),
            }
        }
        sorted.truths.sort_unstable();
        sorted.numbers.sort_unstable_by(f64::total_cmp);
        sorted.texts.sort_unstable();
        sorted
    }

    /// Returns whether a comparison of a value on its left holds for one of these.
    fn has(&self, left: Option<&Value>, comparison: Comparison) -> bool {
        let is_unequal = comparison == Comparison::NotEqual;
        match left {
            None => false,
            Some(Value::Null) => {
                (self.has_null && is_met(comparison, Ordering::Equal))
                    || (is_unequal && self.kinds().contains(&true))
            }
            Some(_) if self.has_null && is_unequal => true,
            Some(Value::Truth(left)) => is_met_by(&self.truths, comparison, |of| of.cmp(left)),
            Some(Value::Number(left)) => {
                let left = without_sign_of_zero(*left);
                is_met_by(&self.numbers, comparison, |of| of.total_cmp(&left))
            }
            Some(Value::Text(left)) => {
                is_met_by(&self.texts, comparison, |of| (*of).cmp(left.as_str()))
            }
        }
    }

    /// Returns whether it can be said of each of these how a value compares to it.
    fn is_comparable(&self, left: Option<&Value>) -> bool {
        let [has_truths, has_numbers, has_texts] = self.kinds();
        match left {
            _ if self.has_other => false,
            None => !(self.has_null || has_truths || has_numbers || has_texts),
            Some(Value::Null) => true,
            Some(Value::Truth(_)) => !(has_numbers || has_texts),
            Some(Value::Number(_)) => !(has_truths || has_texts),
            Some(Value::Text(_)) => !(has_truths || has_numbers),
        }
    }

    /// Returns whether there are truth values, numbers and texts.
    fn kinds(&self) -> [bool; 3] {
        [!self.truths.is_empty(), !self.numbers.is_empty(), !self.texts.is_empty()]
    }
}

/// Returns whether a comparison holds between a value and one of those on its right, of which
/// `order` says how they compare to it.
fn is_met_by<T>(sorted: &[T], comparison: Comparison, order: impl Fn(&T) -> Ordering) -> bool {
    let (Some(least), Some(most)) = (sorted.first(), sorted.last()) else { return false };
    match comparison {
        Comparison::Equal => sorted.binary_search_by(order).is_ok(),
        Comparison::NotEqual => order(least).is_ne() || order(most).is_ne(),
        Comparison::Less => order(most).is_gt(),
        Comparison::LessOrEqual => order(most).is_ge(),
        Comparison::Greater => order(least).is_lt(),
        Comparison::GreaterOrEqual => order(least).is_le(),
    }
}

fn without_sign_of_zero(number: f64) -> f64 {
    number + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_pairs_answer_as_each_of_them_does() {
        let text = |text: &str| Some(Value::Text(text.to_owned()));
        let number = |number| Some(Value::Number(number));
        let kinds = [
            vec![number(0.0), number(-0.0), number(1.0), number(7.5)],
            vec![number(0.0), number(-0.0)],
            vec![text("a"), text("b"), text("")],
            vec![Some(Value::Truth(true)), Some(Value::Truth(false))],
            vec![Some(Value::Null)],
            vec![None],
            vec![number(2.0), text("b"), Some(Value::Null)],
            vec![number(3.0), None, Some(Value::Truth(false))],
            vec![],
        ];
        let comparisons = [
            Comparison::Equal,
            Comparison::NotEqual,
            Comparison::Less,
            Comparison::LessOrEqual,
            Comparison::Greater,
            Comparison::GreaterOrEqual,
        ];
        for comparison in comparisons {
            for (left, right) in
                kinds.iter().flat_map(|left| kinds.iter().map(move |of| (left, of)))
            {
                // The same values again and again give the same answer.
                let many = left.iter().cycle().take(left.len() * (FEW_PAIRS + 1)).cloned();
                let expected = each_pair(left, comparison, right);
                let many: Vec<_> = many.collect();
                assert_eq!(any_pair(&many, comparison, right), expected, "{left:?} {right:?}");
            }
        }
        let numbers: Vec<_> = (0..100_000_u32).map(|of| number(f64::from(of))).collect();
        let others: Vec<_> = (0..100_000_u32).map(|of| number(f64::from(of) + 0.5)).collect();
        assert_eq!(any_pair(&numbers, Comparison::Equal, &others), Some(false));
        assert_eq!(any_pair(&numbers, Comparison::Equal, &numbers), Some(true));
    }
}
