//! The text of a path: `$.items[*] ? (@.price > 10 && exists(@.tag)).name`.

use regex::{Regex, RegexBuilder};

/// What a text asks of a document.
#[derive(Debug)]
pub(super) enum Question {
    /// The parts that a path leads to.
    Parts(Path),
    /// Whether a condition holds.
    Truth(Condition),
}

/// A way into a document.
#[derive(Debug)]
pub(super) struct Path {
    /// Whether it begins at the part that a filter looks at, and not at the whole.
    pub(super) is_from_part: bool,
    pub(super) steps: Vec<Step>,
}

#[derive(Debug)]
pub(super) enum Step {
    /// `.name`
    Member(String),
    /// `.*`
    Members,
    /// `[*]`
    Elements,
    /// `[0, 2 to last]`
    Places(Vec<(Place, Option<Place>)>),
    /// `? (condition)`
    Filter(Box<Condition>),
    /// `.size()`
    Size,
    /// `.type()`
    Type,
}

/// The place of an element.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    FromStart(usize),
    /// `last`, or so many before it.
    FromEnd(usize),
}

#[derive(Debug)]
pub(super) enum Condition {
    Any(Vec<Condition>),
    All(Vec<Condition>),
    Not(Box<Condition>),
    Exists(Path),
    Compare(Operand, Comparison, Operand),
    Matches(Operand, Regex),
    StartsWith(Operand, String),
}

#[derive(Debug)]
pub(super) enum Operand {
    Parts(Path),
    Value(Value),
}

/// A value as written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Truth(bool),
    Number(f64),
    Text(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// How deep conditions may nest.
const MOST_NESTED: usize = 64;

/// Returns what a text asks; nothing for what is no path.
pub(super) fn read(text: &str) -> Option<Question> {
    let mut reader = Reader { rest: text.trim(), depth: 0 };
    // What is not there is nothing, as it is where nobody says so.
    reader.word("lax");
    let start = reader.rest;
    if let Some(path) = reader.path()
        && reader.rest.is_empty()
    {
        return Some(Question::Parts(path));
    }
    reader.rest = start;
    let condition = reader.any()?;
    reader.rest.is_empty().then_some(Question::Truth(condition))
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl Reader<'_> {
    /// Takes a sign and the blanks behind it.
    fn sign(&mut self, sign: &str) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }

    /// Takes a word, if it does not go on.
    fn word(&mut self, word: &str) -> bool {
        let goes_on = |letter: char| letter.is_alphanumeric() || letter == '_';
        match self.rest.strip_prefix(word) {
            Some(rest) if !rest.starts_with(goes_on) => {
                self.rest = rest.trim_start();
                true
            }
            _ => false,
        }
    }

    fn path(&mut self) -> Option<Path> {
        let is_from_part = self.sign("@");
        if !is_from_part && !self.sign("$") {
            return None;
        }
        let mut steps = Vec::new();
        loop {
            if self.sign("?") {
                steps.push(Step::Filter(Box::new(self.in_brackets()?)));
            } else if self.sign("[") {
                steps.push(self.places()?);
            } else if self.sign(".") {
                steps.push(self.member()?);
            } else {
                return Some(Path { is_from_part, steps });
            }
        }
    }

    fn member(&mut self) -> Option<Step> {
        if self.sign("*") {
            return Some(Step::Members);
        }
        if self.rest.starts_with('"') {
            return self.text().map(Step::Member);
        }
        let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
        let end = self.rest.find(|letter| !is_name(letter)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest.trim_start();
        if !self.sign("(") {
            return (!name.is_empty()).then(|| Step::Member(name.to_owned()));
        }
        let method = match name {
            "size" => Step::Size,
            "type" => Step::Type,
            _ => return None,
        };
        self.sign(")").then_some(method)
    }

    fn places(&mut self) -> Option<Step> {
        if self.sign("*") {
            return self.sign("]").then_some(Step::Elements);
        }
        let mut places = Vec::new();
        loop {
            let first = self.place()?;
            let last = if self.word("to") { Some(self.place()?) } else { None };
            places.push((first, last));
            if self.sign("]") {
                return Some(Step::Places(places));
            }
            if !self.sign(",") {
                return None;
            }
        }
    }

    fn place(&mut self) -> Option<Place> {
        if !self.word("last") {
            return self.digits().map(Place::FromStart);
        }
        let before = if self.sign("-") { self.digits()? } else { 0 };
        Some(Place::FromEnd(before))
    }

    fn digits(&mut self) -> Option<usize> {
        let end = self.rest.find(|letter: char| !letter.is_ascii_digit());
        let (digits, rest) = self.rest.split_at_checked(end.unwrap_or(self.rest.len()))?;
        self.rest = rest.trim_start();
        digits.parse().ok()
    }

    fn in_brackets(&mut self) -> Option<Condition> {
        self.depth += 1;
        if self.depth > MOST_NESTED || !self.sign("(") {
            return None;
        }
        let condition = self.any()?;
        self.depth -= 1;
        self.sign(")").then_some(condition)
    }

    fn any(&mut self) -> Option<Condition> {
        let mut conditions = vec![self.all()?];
        while self.sign("||") {
            conditions.push(self.all()?);
        }
        Some(Condition::Any(conditions))
    }

    fn all(&mut self) -> Option<Condition> {
        let mut conditions = vec![self.one()?];
        while self.sign("&&") {
            conditions.push(self.one()?);
        }
        Some(Condition::All(conditions))
    }

    fn one(&mut self) -> Option<Condition> {
        if self.rest.starts_with('!') && !self.rest.starts_with("!=") {
            self.sign("!");
            return self.in_brackets().map(|condition| Condition::Not(Box::new(condition)));
        }
        if self.rest.starts_with('(') {
            return self.in_brackets();
        }
        if self.word("exists") {
            let path = if self.sign("(") { self.path()? } else { return None };
            return self.sign(")").then_some(Condition::Exists(path));
        }
        let left = self.operand()?;
        if self.word("starts") {
            return if self.word("with") {
                Some(Condition::StartsWith(left, self.text()?))
            } else {
                None
            };
        }
        if self.word("like_regex") {
            let pattern = self.text()?;
            let flags = if self.word("flag") { self.text()? } else { String::new() };
            return Some(Condition::Matches(left, expression(&pattern, &flags)?));
        }
        let comparison = self.comparison()?;
        Some(Condition::Compare(left, comparison, self.operand()?))
    }

    fn comparison(&mut self) -> Option<Comparison> {
        const SIGNS: [(&str, Comparison); 7] = [
            ("==", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<>", Comparison::NotEqual),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        SIGNS.into_iter().find(|(sign, _)| self.sign(sign)).map(|(_, comparison)| comparison)
    }

    fn operand(&mut self) -> Option<Operand> {
        if self.rest.starts_with(['$', '@']) {
            return self.path().map(Operand::Parts);
        }
        let value = if self.rest.starts_with('"') {
            Value::Text(self.text()?)
        } else if self.word("null") {
            Value::Null
        } else if self.word("true") {
            Value::Truth(true)
        } else if self.word("false") {
            Value::Truth(false)
        } else {
            Value::Number(self.number()?)
        };
        Some(Operand::Value(value))
    }

    fn number(&mut self) -> Option<f64> {
        let is_part =
            |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | 'e' | 'E' | '-' | '+');
        let end = self.rest.find(|letter| !is_part(letter)).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest.trim_start();
        digits.parse().ok()
    }

    /// Takes a text in quotes, with the escapes of JSON.
    fn text(&mut self) -> Option<String> {
        let inside = self.rest.strip_prefix('"')?;
        let mut is_escaped = false;
        let end = inside.find(|letter| {
            let is_end = letter == '"' && !is_escaped;
            is_escaped = letter == '\\' && !is_escaped;
            is_end
        })?;
        let (quoted, rest) = self.rest.split_at_checked(end + 2)?;
        self.rest = rest.trim_start();
        serde_json::from_str(quoted).ok()
    }
}

fn expression(pattern: &str, flags: &str) -> Option<Regex> {
    let mut builder = RegexBuilder::new(pattern);
    for flag in flags.chars() {
        match flag {
            'i' => _ = builder.case_insensitive(true),
            's' => _ = builder.dot_matches_new_line(true),
            'm' => _ = builder.multi_line(true),
            'x' => _ = builder.ignore_whitespace(true),
            _ => return None,
        }
    }
    builder.size_limit(1 << 20).build().ok()
}
