//! A template that is read once for all rows that have it.

/// What the latest template was read as.
#[derive(Debug)]
pub(super) struct Latest<'a, T>(Option<(&'a str, T)>);

impl<'a, T> Latest<'a, T> {
    /// Returns nothing, before there was a template.
    pub(super) const fn new() -> Self {
        Self(None)
    }

    /// Returns what a template is read as, which is known if it was the latest.
    pub(super) fn get(&mut self, template: &'a str, read: impl FnOnce(&'a str) -> T) -> &T {
        let known = match self.0.take() {
            Some(known) if known.0 == template => known,
            _ => (template, read(template)),
        };
        &self.0.insert(known).1
    }
}
