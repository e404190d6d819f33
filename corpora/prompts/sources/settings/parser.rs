//! Reads `key = value` files with sections, comments and includes.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const MAX_DEPTH: usize = 8;

#[derive(Debug)]
pub enum ConfigError {
    Io { path: PathBuf, source: io::Error },
    Syntax { path: PathBuf, line: usize, message: String },
    TooDeep(PathBuf),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConfigError::Io { path, source } => write!(f, "{}: {}", path.display(), source),
            ConfigError::Syntax { path, line, message } => {
                write!(f, "{}:{}: {}", path.display(), line, message)
            }
            ConfigError::TooDeep(path) => write!(f, "{}: includes are nested too deeply", path.display()),
        }
    }
}

impl std::error::Error for ConfigError {}

#[derive(Debug, Default, Clone, PartialEq)]
pub struct Config {
    sections: BTreeMap<String, BTreeMap<String, String>>,
}

impl Config {
    /// Reads a file and all files that it includes.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let mut config = Config::default();
        config.read(path.as_ref(), 0)?;
        Ok(config)
    }

    pub fn get(&self, section: &str, key: &str) -> Option<&str> {
        self.sections.get(section)?.get(key).map(String::as_str)
    }

    /// A value as a type that can be parsed, or `default` where it is missing.
    pub fn parsed<T: std::str::FromStr>(&self, section: &str, key: &str, default: T) -> Result<T, T::Err> {
        match self.get(section, key) {
            Some(value) => value.parse(),
            None => Ok(default),
        }
    }

    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.keys().map(String::as_str)
    }

    fn read(&mut self, path: &Path, depth: usize) -> Result<(), ConfigError> {
        if depth > MAX_DEPTH {
            return Err(ConfigError::TooDeep(path.to_path_buf()));
        }
        let text = fs::read_to_string(path).map_err(|source| ConfigError::Io {
            path: path.to_path_buf(),
            source,
        })?;
        let mut section = String::from("default");
        for (index, raw) in text.lines().enumerate() {
            let line = strip_comment(raw).trim();
            if line.is_empty() {
                continue;
            }
            let error = |message: &str| ConfigError::Syntax {
                path: path.to_path_buf(),
                line: index + 1,
                message: message.to_string(),
            };
            if let Some(name) = line.strip_prefix('[') {
                let name = name.strip_suffix(']').ok_or_else(|| error("missing ]"))?;
                section = name.trim().to_lowercase();
                self.sections.entry(section.clone()).or_default();
            } else if let Some(target) = line.strip_prefix("include ") {
                let base = path.parent().unwrap_or_else(|| Path::new("."));
                self.read(&base.join(target.trim()), depth + 1)?;
            } else {
                let (key, value) = line.split_once('=').ok_or_else(|| error("expected key = value"))?;
                let value = value.trim().trim_matches('"');
                self.sections
                    .entry(section.clone())
                    .or_default()
                    .insert(key.trim().to_lowercase(), value.to_string());
            }
        }
        Ok(())
    }
}

/// Everything before a `#` that stands outside of quotes.
fn strip_comment(line: &str) -> &str {
    let mut quoted = false;
    for (at, mark) in line.char_indices() {
        match mark {
            '"' => quoted = !quoted,
            '#' if !quoted => return &line[..at],
            _ => {}
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_inside_quotes_stay() {
        assert_eq!(strip_comment(r##"color = "#fff" # white"##), r##"color = "#fff" "##);
    }
}
