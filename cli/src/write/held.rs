//! Text that is held until it is known whether it is printed.

use super::streams::print_from;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, Write};

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
    pub(crate) fn print(self) -> anyhow::Result<()> {
        print_from(self.read()?)
    }

    fn read(self) -> io::Result<impl Read> {
        let before: Box<dyn Read> = match self.file {
            Some(mut file) => {
                file.rewind()?;
                Box::new(file.take(self.in_file))
            }
            None => Box::new(io::empty()),
        };
        Ok(before.chain(Cursor::new(self.text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(held: Held) -> String {
        io::read_to_string(held.read().unwrap()).unwrap()
    }

    #[test]
    fn a_text_stays_whole_in_memory_and_in_a_file() {
        let part = "ab\n".repeat(IN_MEMORY / 5);
        for parts in [0, 1, 2, 5] {
            let mut held = Held::default();
            (0..parts).for_each(|_| held.push(&part));
            assert_eq!(held.file.is_some(), parts > 1);
            assert!(held.text.len() < IN_MEMORY);
            assert!(read(held) == part.repeat(parts), "{parts}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_no_file_has_room_for_stays_in_memory() {
        use std::os::fd::AsRawFd as _;

        let part = "ab\n".repeat(IN_MEMORY / 5);
        let mut held = Held::default();
        (0..3).for_each(|_| held.push(&part));
        // A file that nothing can be written to any more.
        let mut file = held.file.take().unwrap();
        file.write_all(b"a part of what does not fit").unwrap();
        held.file = Some(File::open(format!("/proc/self/fd/{}", file.as_raw_fd())).unwrap());
        (0..3).for_each(|_| held.push(&part));
        assert!(held.stays);
        assert!(read(held) == part.repeat(6));
    }
}
