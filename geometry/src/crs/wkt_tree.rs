//! The nodes of a WKT definition: `KEYWORD["text", 1.5, NODE[...]]`.

/// How deep nodes may lie in each other.
const DEEPEST: usize = 32;

/// A node of WKT.
#[derive(Debug, PartialEq)]
pub(super) struct Node<'a> {
    /// The word before the bracket.
    pub(super) keyword: &'a str,
    /// The node from its keyword to its closing bracket.
    pub(super) text: &'a str,
    /// The texts and numbers in the brackets, in order, without quotes around them; a quote inside
    /// of a text is doubled.
    pub(super) values: Vec<&'a str>,
    /// The nodes in the brackets, in order.
    pub(super) nodes: Vec<Node<'a>>,
}

impl<'a> Node<'a> {
    /// Returns the node that a text consists of.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (node, rest) = read(text.trim(), 0)?;
        rest.trim().is_empty().then_some(node)
    }

    /// Returns the first child with one of some keywords.
    pub(super) fn child(&self, keywords: &[&str]) -> Option<&Self> {
        self.nodes.iter().find(|node| node.is(keywords))
    }

    /// Returns whether the keyword is one of some.
    pub(super) fn is(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.keyword.eq_ignore_ascii_case(keyword))
    }

    /// Returns the value at a position as a number.
    pub(super) fn number(&self, index: usize) -> Option<f64> {
        self.values.get(index)?.parse().ok()
    }
}

/// Reads a node, and returns it with what follows.
fn read(text: &str, depth: usize) -> Option<(Node<'_>, &str)> {
    if depth > DEEPEST {
        return None;
    }
    let (keyword, mut rest) = text.split_once(['[', '('])?;
    let keyword = keyword.trim();
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if keyword.is_empty() || !keyword.bytes().all(is_word) {
        return None;
    }
    let (mut values, mut nodes) = (Vec::new(), Vec::new());
    loop {
        rest = rest.trim_start();
        if let Some(quoted) = rest.strip_prefix('"') {
            let (value, after) = quoted.split_at_checked(end_of_text(quoted)?)?;
            let after = after.strip_prefix('"')?;
            values.push(value);
            rest = after;
        } else {
            let end = rest.find([',', '[', '(', ']', ')'])?;
            if rest.get(end..)?.starts_with(['[', '(']) {
                let (node, after) = read(rest, depth + 1)?;
                nodes.push(node);
                rest = after;
            } else {
                let (value, after) = rest.split_at_checked(end)?;
                values.push(value.trim());
                rest = after;
            }
        }
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix(',') {
            rest = after;
            continue;
        }
        let after = rest.strip_prefix([']', ')'])?;
        let whole = text.get(..text.len() - after.len())?;
        return Some((Node { keyword, text: whole, values, nodes }, after));
    }
}

/// Returns where the first quote is that is not one of two.
fn end_of_text(text: &str) -> Option<usize> {
    let mut quotes = text.match_indices('"').map(|(at, _)| at).peekable();
    while let Some(at) = quotes.next() {
        if quotes.next_if_eq(&(at + 1)).is_none() {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_hold_values_and_nodes() {
        let node = Node::parse(r#"A["x, y", 1.5, B[2], C (3) , north]"#).unwrap();
        assert_eq!(node.values, ["x, y", "1.5", "north"]);
        assert_eq!(node.number(1), Some(1.5));
        assert_eq!(node.child(&["b"]).map(|node| node.text), Some("B[2]"));
        assert_eq!(node.child(&["X", "C"]).and_then(|node| node.number(0)), Some(3.0));
    }

    #[test]
    fn brackets_and_quotes_in_texts_are_text() {
        let node = Node::parse(r#"A["""x"" [m]]", "", B["]"]]"#).unwrap();
        assert_eq!(node.values, [r#"""x"" [m]]"#, ""]);
        assert_eq!(node.nodes.first().map(|node| node.text), Some(r#"B["]"]"#));
    }

    #[test]
    fn what_is_no_node_is_none() {
        let deep = "A[".repeat(100) + "1" + &"]".repeat(100);
        for text in ["", "A", "A[", "A[1", "A[\"1]", "[1]", "A[1]]", "A B[1]", "A[\"\"\"]", &deep] {
            assert_eq!(Node::parse(text), None, "{text}");
        }
    }
}
