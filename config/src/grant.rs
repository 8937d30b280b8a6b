//! What a role may do with which tables: `SELECT, INSERT ON schema.table`.

use crate::pattern::fits;

/// Something that can be done with a table or view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Privilege {
    /// Reads its rows.
    Select,
    /// Adds rows.
    Insert,
    /// Changes rows.
    Update,
    /// Removes rows.
    Delete,
    /// Makes it.
    Create,
    /// Removes it.
    Drop,
}

impl Privilege {
    /// Every privilege.
    pub const ALL: [Self; 6] =
        [Self::Select, Self::Insert, Self::Update, Self::Delete, Self::Create, Self::Drop];

    /// Returns the word for it in a grant.
    pub fn name(self) -> &'static str {
        match self {
            Self::Select => "SELECT",
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Create => "CREATE",
            Self::Drop => "DROP",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|privilege| privilege.name().eq_ignore_ascii_case(name))
    }
}

/// A grant of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Privileges on the tables and views of a pattern.
    Tables {
        /// What may be done.
        privileges: Vec<Privilege>,
        /// The pattern of the schema's name, in lower case.
        schema: String,
        /// The pattern of the table's name, in lower case.
        table: String,
    },
    /// `COPY`: files and other locations may be named, to read and to write them.
    Locations,
}

impl Grant {
    /// Reads a grant; the error is what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let on = words.iter().position(|word| word.eq_ignore_ascii_case("on"));
        let (what, tables) = match on {
            Some(on) => words.split_at_checked(on).unwrap_or_default(),
            None => (words.as_slice(), &[][..]),
        };
        let what = what.join(" ");
        if what.eq_ignore_ascii_case("copy") && tables.is_empty() {
            return Ok(Self::Locations);
        }
        let privileges = privileges(&what)?;
        let [_, name] = tables else {
            return Err("does not end with \"ON schema.table\"".to_owned());
        };
        let Some((schema, table)) = name.split_once('.') else {
            return Err(format!("names \"{name}\" without its schema"));
        };
        if schema.is_empty() || table.is_empty() {
            return Err(format!("names \"{name}\", which is not schema.table"));
        }
        Ok(Self::Tables { privileges, schema: schema.to_lowercase(), table: table.to_lowercase() })
    }

    /// Returns whether the grant is for a table, whatever the letter case.
    pub fn is_for(&self, schema: &str, table: &str) -> bool {
        let Self::Tables { table: tables, .. } = self else { return false };
        self.is_within(schema) && fits(tables, &table.to_lowercase())
    }

    /// Returns whether the grant may be for tables of a schema, whatever the letter case.
    pub fn is_within(&self, schema: &str) -> bool {
        let Self::Tables { schema: schemas, .. } = self else { return false };
        fits(schemas, &schema.to_lowercase())
    }

    /// Returns whether the grant is for every table of a schema, made or not.
    pub fn is_for_all_of(&self, schema: &str) -> bool {
        self.is_within(schema) && matches!(self, Self::Tables { table, .. } if table == "*")
    }

    /// Returns whether the grant gives a privilege, on whatever it is for.
    pub fn gives(&self, privilege: Privilege) -> bool {
        matches!(self, Self::Tables { privileges, .. } if privileges.contains(&privilege))
    }
}

fn privileges(text: &str) -> Result<Vec<Privilege>, String> {
    if text.eq_ignore_ascii_case("all") {
        return Ok(Privilege::ALL.to_vec());
    }
    let known = |name: &str| {
        let name = name.trim();
        Privilege::from_name(name).ok_or_else(|| match name.to_uppercase().as_str() {
            "COPY" => "says COPY with others; COPY stands alone and has no ON".to_owned(),
            _ => format!("says \"{name}\", which is no privilege"),
        })
    };
    text.split(',').map(known).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_are_for_tables_of_a_pattern() {
        let grant = Grant::parse("select, Insert on Staging.Load_*").unwrap();
        assert!(grant.is_for("staging", "LOAD_2024") && grant.is_within("STAGING"));
        assert!(grant.gives(Privilege::Select) && grant.gives(Privilege::Insert));
        assert!(!grant.gives(Privilege::Drop));
        assert!(!grant.is_for("staging", "other") && !grant.is_for("public", "load_1"));
        assert!(!grant.is_for_all_of("staging"));
        let all = Grant::parse("ALL ON staging.*").unwrap();
        assert!(all.is_for_all_of("staging") && Privilege::ALL.iter().all(|&p| all.gives(p)));
        let copy = Grant::parse(" copy ").unwrap();
        assert_eq!(copy, Grant::Locations);
        assert!(!copy.is_for("public", "t") && !copy.gives(Privilege::Select));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, word) in [
            ("", "\"\""),
            ("SELECT", "ON schema.table"),
            ("SELECT ON", "ON schema.table"),
            ("SELECT ON roads", "without its schema"),
            ("SELECT ON .roads", "not schema.table"),
            ("SELECT ON a.b c", "ON schema.table"),
            ("SELCT ON a.b", "\"SELCT\""),
            ("SELECT INSERT ON a.b", "\"SELECT INSERT\""),
            ("COPY ON a.b", "COPY stands alone"),
            ("SELECT, COPY ON a.b", "COPY stands alone"),
        ] {
            assert!(Grant::parse(text).unwrap_err().contains(word), "{text}");
        }
    }
}
