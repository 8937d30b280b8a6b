//! The elements of a document, and how one is reached from another.

/// A document; the first element is the root.
#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(super) nodes: Vec<Node>,
}

/// What is stored of an element.
#[derive(Debug)]
pub(super) struct Node {
    /// The name with its prefix, as written.
    pub(super) name: String,
    /// The names and values of the attributes.
    pub(super) attributes: Vec<(String, String)>,
    pub(super) parent: Option<usize>,
    pub(super) content: Vec<Content>,
}

/// What stands inside of an element.
#[derive(Debug)]
pub(super) enum Content {
    Element(usize),
    Text(String),
    /// A comment or an instruction, which means nothing but is not nothing.
    Ignored,
}

impl Document {
    /// Returns the outermost element.
    pub(crate) fn root(&self) -> Option<Element<'_>> {
        self.nodes.first().map(|node| Element { document: self, node })
    }

    /// Returns all elements in the order they start.
    pub(crate) fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        self.nodes.iter().map(|node| Element { document: self, node })
    }
}

/// One element of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element<'a> {
    document: &'a Document,
    node: &'a Node,
}

impl<'a> Element<'a> {
    /// Returns the document the element belongs to.
    pub(crate) fn document(self) -> &'a Document {
        self.document
    }

    /// Returns the name without its prefix.
    pub(crate) fn name(self) -> &'a str {
        split(&self.node.name).1
    }

    /// Returns the value of an attribute, whatever its prefix.
    pub(crate) fn attribute(self, name: &str) -> Option<&'a str> {
        let attributes = self.node.attributes.iter();
        let mut found = attributes.filter(|(written, _)| split(written).1 == name);
        found.next().map(|(_, value)| value.as_str())
    }

    /// Returns the value of an attribute of a namespace.
    pub(crate) fn attribute_of(self, namespace: &str, name: &str) -> Option<&'a str> {
        let mut attributes = self.node.attributes.iter();
        let found = attributes.find(|(written, _)| {
            let (prefix, local) = split(written);
            local == name && prefix.is_some() && self.declared(prefix) == Some(namespace)
        });
        found.map(|(_, value)| value.as_str())
    }

    /// Returns the namespace that the prefix of the element's name is declared for.
    pub(crate) fn namespace(self) -> Option<&'a str> {
        self.declared(split(&self.node.name).0)
    }

    /// Returns whether the element's name has a prefix.
    pub(crate) fn has_prefix(self) -> bool {
        split(&self.node.name).0.is_some()
    }

    /// Returns the elements directly inside of this one.
    pub(crate) fn children(self) -> impl Iterator<Item = Self> {
        self.node.content.iter().filter_map(move |content| match content {
            Content::Element(index) => self.at(*index),
            Content::Text(_) | Content::Ignored => None,
        })
    }

    /// Returns the element this one stands in.
    pub(crate) fn parent(self) -> Option<Self> {
        self.node.parent.and_then(|index| self.at(index))
    }

    /// Returns this element and those it stands in, innermost first.
    pub(crate) fn ancestors(self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |element| element.parent())
    }

    /// Returns whether nothing at all stands between the tags.
    pub(crate) fn is_bare(self) -> bool {
        self.node.content.is_empty()
    }

    /// Returns the text of the element and of everything inside of it.
    pub(crate) fn text(self) -> String {
        let mut text = String::new();
        self.push_text(&mut text);
        text
    }

    fn push_text(self, text: &mut String) {
        for content in &self.node.content {
            match content {
                Content::Text(part) => text.push_str(part),
                Content::Element(index) => {
                    if let Some(child) = self.at(*index) {
                        child.push_text(text);
                    }
                }
                Content::Ignored => {}
            }
        }
    }

    fn at(self, index: usize) -> Option<Self> {
        let node = self.document.nodes.get(index)?;
        Some(Self { document: self.document, node })
    }

    fn declared(self, prefix: Option<&str>) -> Option<&'a str> {
        self.ancestors().find_map(|element| {
            let mut attributes = element.node.attributes.iter();
            let found = attributes.find(|(written, _)| match (split(written), prefix) {
                ((Some("xmlns"), declared), Some(prefix)) => declared == prefix,
                ((None, "xmlns"), None) => true,
                _ => false,
            });
            found.map(|(_, value)| value.as_str())
        })
    }
}

fn split(name: &str) -> (Option<&str>, &str) {
    match name.split_once(':') {
        Some((prefix, local)) => (Some(prefix), local),
        None => (None, name),
    }
}
