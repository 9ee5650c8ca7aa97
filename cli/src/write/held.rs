//! Text that is held until it is known whether it is printed.

use super::streams::print_from;
use std::fs::File;
use std::io::{self, Read, Seek, Write};

/// Bytes that are held in memory; more go to a file that has no name, is this process' alone, and ends with it.
const IN_MEMORY: usize = 8 << 20;

/// A text that grows, and takes hardly more memory for it.
#[derive(Default)]
pub(crate) struct Held {
    file: Option<File>,
    /// The bytes of the file that are of the text.
    in_file: u64,
    /// What follows them.
    text: String,
    /// Whether there is no room for a file: then all stays in memory.
    stays: bool,
}

impl Held {
    /// Adds text.
    pub(crate) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        if self.text.len() >= IN_MEMORY && !self.stays {
            self.stays = self.put_away().is_err();
        }
    }

    fn put_away(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(tempfile::tempfile()?),
        };
        file.write_all(self.text.as_bytes())?;
        self.in_file = self.in_file.saturating_add(self.text.len() as u64);
        self.text.clear();
        Ok(())
    }

    /// Prints all of it.
    pub(crate) fn print(self) -> io::Result<()> {
        match self.file {
            Some(mut file) => {
                file.rewind()?;
                print_from(file.take(self.in_file).chain(self.text.as_bytes()))
            }
            None => print_from(self.text.as_bytes()),
        }
    }
}
