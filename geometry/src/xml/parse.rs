//! Reads XML into a tree.

use super::tree::{Content, Document, Node};

/// The deepest nesting of elements that is read.
const MAX_DEPTH: usize = 256;

/// Reads a document with one outermost element; the error says what is wrong.
pub(crate) fn parse(text: &str) -> Result<Document, String> {
    let mut parser = Parser { rest: text.trim_start_matches('\u{feff}'), ..Parser::default() };
    while !parser.rest.is_empty() {
        parser.step()?;
    }
    if let Some(open) = parser.open.last().and_then(|index| parser.document.nodes.get(*index)) {
        return Err(format!("<{}> is not closed", open.name));
    }
    if parser.document.nodes.is_empty() {
        return Err("there is no element".to_owned());
    }
    Ok(parser.document)
}

#[derive(Default)]
struct Parser<'a> {
    rest: &'a str,
    document: Document,
    /// The elements that are open, innermost last.
    open: Vec<usize>,
}

impl<'a> Parser<'a> {
    /// Reads one tag, text, comment or instruction.
    fn step(&mut self) -> Result<(), String> {
        if !self.rest.starts_with('<') {
            let text = self.take_until("<").unwrap_or_else(|| std::mem::take(&mut self.rest));
            if self.open.is_empty() {
                return if is_blank(text) {
                    Ok(())
                } else {
                    Err("there is text outside of the element".to_owned())
                };
            }
            let text = decode(text)?;
            self.add(Content::Text(text));
            return Ok(());
        }
        if self.skip("<!--") {
            self.take_past("-->").ok_or("a comment is not closed")?;
            self.add(Content::Ignored);
            return Ok(());
        }
        if self.skip("<![CDATA[") {
            let text = self.take_past("]]>").ok_or("a CDATA section is not closed")?;
            if self.open.is_empty() {
                return Err("there is text outside of the element".to_owned());
            }
            self.add(Content::Text(text.to_owned()));
            return Ok(());
        }
        if self.skip("<?") {
            self.take_past("?>").ok_or("an instruction is not closed")?;
            self.add(Content::Ignored);
            return Ok(());
        }
        if self.rest.starts_with("<!") {
            return Err("document type declarations are not read".to_owned());
        }
        if self.skip("</") { self.end_tag() } else { self.start_tag() }
    }

    fn end_tag(&mut self) -> Result<(), String> {
        let name = self.name()?;
        self.skip_space();
        if !self.skip(">") {
            return Err(format!("</{name} is not closed"));
        }
        let open = self.open.pop().and_then(|index| self.document.nodes.get(index));
        match open {
            Some(open) if open.name == name => Ok(()),
            Some(open) => Err(format!("</{name}> where </{}> is expected", open.name)),
            None => Err(format!("</{name}> closes nothing")),
        }
    }

    fn start_tag(&mut self) -> Result<(), String> {
        self.skip("<");
        let name = self.name()?.to_owned();
        if self.open.is_empty() && !self.document.nodes.is_empty() {
            return Err(format!("<{name}> is a second outermost element"));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(format!("elements are nested deeper than {MAX_DEPTH}"));
        }
        let mut attributes: Vec<(String, String)> = Vec::new();
        let is_closed = loop {
            let had_space = self.skip_space();
            if self.skip("/>") {
                break true;
            }
            if self.skip(">") {
                break false;
            }
            if !had_space {
                return Err(format!("<{name} is not closed"));
            }
            let (key, value) = self.attribute()?;
            if attributes.iter().any(|(known, _)| known == key) {
                return Err(format!("<{name}> has the attribute \"{key}\" twice"));
            }
            attributes.push((key.to_owned(), value));
        };
        let index = self.document.nodes.len();
        let parent = self.open.last().copied();
        self.add(Content::Element(index));
        self.document.nodes.push(Node { name, attributes, parent, content: Vec::new() });
        if !is_closed {
            self.open.push(index);
        }
        Ok(())
    }

    fn attribute(&mut self) -> Result<(&'a str, String), String> {
        let key = self.name()?;
        self.skip_space();
        if !self.skip("=") {
            return Err(format!("the attribute \"{key}\" has no value"));
        }
        self.skip_space();
        let quote = if self.skip("\"") {
            "\""
        } else if self.skip("'") {
            "'"
        } else {
            return Err(format!("the value of the attribute \"{key}\" is not quoted"));
        };
        let value = self
            .take_past(quote)
            .ok_or_else(|| format!("the value of the attribute \"{key}\" is not closed"))?;
        if value.contains('<') {
            return Err(format!("the value of the attribute \"{key}\" has a <"));
        }
        Ok((key, decode(value)?))
    }

    fn name(&mut self) -> Result<&'a str, String> {
        let is_end = |character: char| {
            character.is_ascii_whitespace() || "<>/='\"&!?;,()[]{}".contains(character)
        };
        let end = self.rest.find(is_end).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        let is_name =
            name.starts_with(|first: char| first.is_alphabetic() || matches!(first, '_' | ':'));
        if !is_name {
            return Err("a name is expected".to_owned());
        }
        self.rest = rest;
        Ok(name)
    }

    fn add(&mut self, content: Content) {
        let parent = self.open.last().and_then(|index| self.document.nodes.get_mut(*index));
        if let Some(parent) = parent {
            parent.content.push(content);
        }
    }

    fn skip(&mut self, prefix: &str) -> bool {
        let rest = self.rest.strip_prefix(prefix);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn skip_space(&mut self) -> bool {
        let rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
        let skipped = rest.len() < self.rest.len();
        self.rest = rest;
        skipped
    }

    /// Takes the text in front of a mark, which stays.
    fn take_until(&mut self, mark: &str) -> Option<&'a str> {
        let (text, rest) = self.rest.split_at(self.rest.find(mark)?);
        self.rest = rest;
        Some(text)
    }

    /// Takes the text in front of a mark, and the mark.
    fn take_past(&mut self, mark: &str) -> Option<&'a str> {
        let (text, rest) = self.rest.split_once(mark)?;
        self.rest = rest;
        Some(text)
    }
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|character| matches!(character, ' ' | '\t' | '\r' | '\n'))
}

/// Returns the text with its entities replaced.
fn decode(text: &str) -> Result<String, String> {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        decoded.push_str(before);
        let (entity, after) = after.split_once(';').ok_or("an entity is not closed")?;
        let character = match entity {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => numbered(entity),
        };
        decoded.push(character.ok_or_else(|| format!("the entity \"&{entity};\" is not known"))?);
        rest = after;
    }
    decoded.push_str(rest);
    Ok(decoded)
}

fn numbered(entity: &str) -> Option<char> {
    let digits = entity.strip_prefix('#')?;
    let code = match digits.strip_prefix('x') {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
        None => digits.parse(),
    };
    code.ok().and_then(char::from_u32).filter(|character| *character != '\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_attributes_and_text_are_read() {
        let document = parse(
            "<?xml version=\"1.0\"?>\n<a:b xmlns:a='u' c=\"1 &lt; 2\"><!-- x --><d>e<f/>&#x67;\
             <![CDATA[<h>]]></d><d/></a:b>\n",
        )
        .unwrap();
        let root = document.root().unwrap();
        assert_eq!((root.name(), root.namespace()), ("b", Some("u")));
        assert_eq!(root.attribute("c"), Some("1 < 2"));
        let [first, second] = root.children().collect::<Vec<_>>()[..] else { panic!("two") };
        assert_eq!(first.text(), "eg<h>");
        assert!(second.is_bare() && !first.is_bare());
        assert_eq!(first.parent().unwrap().name(), "b");
    }

    #[test]
    fn what_is_not_xml_is_refused() {
        for text in [
            "",
            "a",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a b></a>",
            "<a b=c/>",
            "<a b='1' b='2'/>",
            "<a>&x;</a>",
            "<a>&#0;</a>",
            "<a>&amp</a>",
            "<!DOCTYPE a><a/>",
            "<a><!-- </a>",
            "<a",
            "<a b='<'/>",
            "<1/>",
            "x<a/>",
            "<a/>x",
            "</a>",
            "<a b='1'c='2'/>",
            "<a><![CDATA[</a>",
            "<",
            "<?",
            "<!",
            "</",
            "<a b",
            "<a b=",
            "<a b='",
            "<a>&#xD800;</a>",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"<a>".repeat(100_000)).is_err());
    }
}
