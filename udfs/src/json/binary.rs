//! The spelling of `jsonb`: members sorted by the length of their names, each once, numbers without
//! exponents, and a space behind colons and commas.

use godwit_geometry::GeometryError;

use super::number::plain;
use super::tree::Tree;
use super::write_string;

/// Returns a JSON text as `jsonb` spells it.
///
/// # Errors
///
/// The text is not JSON, is too deep, or has a number with very many digits.
pub fn to_binary(text: &str) -> Result<String, GeometryError> {
    let mut out = String::with_capacity(text.len());
    Tree::parse(text)?.write_binary(&mut out)?;
    Ok(out)
}

impl Tree<'_> {
    /// Writes the value as `jsonb` spells it.
    ///
    /// # Errors
    ///
    /// A number has very many digits.
    pub fn write_binary(&self, out: &mut String) -> Result<(), GeometryError> {
        match self {
            Self::Word(word @ ("true" | "false" | "null")) => out.push_str(word),
            Self::Word(number) => {
                out.push_str(&plain(number).ok_or_else(|| too_long(number))?);
            }
            Self::Text(text) => write_string(text, out),
            Self::Array(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    out.push_str(if index > 0 { ", " } else { "" });
                    element.write_binary(out)?;
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (index, (name, member)) in sorted(members).into_iter().enumerate() {
                    out.push_str(if index > 0 { ", " } else { "" });
                    write_string(name, out);
                    out.push_str(": ");
                    member.write_binary(out)?;
                }
                out.push('}');
            }
        }
        Ok(())
    }
}

/// Returns the members in order; of several with a name the last.
pub(super) fn sorted<N: AsRef<str>, V>(members: &[(N, V)]) -> Vec<(&str, &V)> {
    let mut sorted: Vec<(&str, &V)> =
        members.iter().map(|(name, value)| (name.as_ref(), value)).collect();
    sorted.reverse();
    // Equal names keep their order, so that the last one is the first of them here.
    sorted.sort_by(|(left, _), (right, _)| (left.len(), left).cmp(&(right.len(), right)));
    sorted.dedup_by(|(left, _), (right, _)| left == right);
    sorted
}

fn too_long(number: &str) -> GeometryError {
    let start: String = number.chars().take(20).collect();
    GeometryError::InvalidText {
        format: "JSON",
        reason: format!("a number that starts with \"{start}\" has too many digits for jsonb"),
    }
}

#[cfg(test)]
mod tests {
    use super::to_binary;

    #[test]
    fn the_spelling_is_that_of_postgresql() {
        let text = r#"{"bb":1,  "a": 1.50, "c":[1e3,{}], "d": "\u00e4\n\/", "a":2}"#;
        let expected = "{\"a\": 2, \"c\": [1000, {}], \"d\": \"\u{e4}\\n/\", \"bb\": 1}";
        assert_eq!(to_binary(text).unwrap(), expected);
    }
}
