//! Dates and times, which YAML 1.1 makes of plain text.

/// A date or time as YAML 1.1 writes it, in parts.
#[derive(Debug)]
pub(super) struct Timestamp {
    year: u32,
    month: u32,
    day: u32,
    time: Option<Time>,
}

#[derive(Debug)]
struct Time {
    hour: u32,
    minute: u32,
    second: u32,
    microsecond: u32,
    zone: Option<Zone>,
}

#[derive(Debug)]
struct Zone {
    west: bool,
    hours: u32,
    minutes: u32,
}

/// The parts of plain text that `PyYAML` takes for a date or time, be it a real one or not.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let mut cursor = Cursor(text.as_bytes());
    let year = cursor.digits(4, 4)?;
    cursor.skip(b'-')?;
    let month = cursor.digits(1, 2)?;
    cursor.skip(b'-')?;
    let day = cursor.digits(1, 2)?;
    if cursor.0.is_empty() {
        // A date alone has two digits everywhere.
        return (text.len() == 10).then_some(Timestamp { year, month, day, time: None });
    }
    if cursor.skip(b'T').or_else(|| cursor.skip(b't')).is_none() && !cursor.skip_blanks() {
        return None;
    }
    let hour = cursor.digits(1, 2)?;
    cursor.skip(b':')?;
    let minute = cursor.digits(2, 2)?;
    cursor.skip(b':')?;
    let second = cursor.digits(2, 2)?;
    let microsecond = if cursor.skip(b'.').is_some() { cursor.microsecond() } else { 0 };
    let zone = if cursor.0.is_empty() { None } else { Some(cursor.zone()?) };
    let time = Time { hour, minute, second, microsecond, zone };
    cursor.0.is_empty().then_some(Timestamp { year, month, day, time: Some(time) })
}

impl Timestamp {
    /// The text `PyYAML` writes for it, where such a date exists.
    pub(super) fn to_text(&self) -> Option<String> {
        let Self { year, month, day, time } = self;
        let leap =
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        if *year == 0 || *day == 0 || *day > days {
            return None;
        }
        let date = format!("{year:04}-{month:02}-{day:02}");
        let Some(Time { hour, minute, second, microsecond, zone }) = time else {
            return Some(date);
        };
        if *hour > 23 || *minute > 59 || *second > 59 {
            return None;
        }
        let fraction = if *microsecond > 0 { format!(".{microsecond:06}") } else { String::new() };
        let zone = match zone {
            None => String::new(),
            Some(zone) => zone.to_text()?,
        };
        Some(format!("{date} {hour:02}:{minute:02}:{second:02}{fraction}{zone}"))
    }
}

impl Zone {
    fn to_text(&self) -> Option<String> {
        let minutes = self.hours.checked_mul(60)?.checked_add(self.minutes)?;
        let sign = if self.west && minutes > 0 { '-' } else { '+' };
        (minutes < 24 * 60).then(|| format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60))
    }
}

struct Cursor<'t>(&'t [u8]);

impl Cursor<'_> {
    fn skip(&mut self, byte: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[byte])?;
        Some(())
    }

    fn skip_blanks(&mut self) -> bool {
        let blanks = self.0.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        self.0 = self.0.get(blanks..).unwrap_or_default();
        blanks > 0
    }

    fn digits(&mut self, least: usize, most: usize) -> Option<u32> {
        let count = self.0.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        if count < least {
            return None;
        }
        std::str::from_utf8(digits).ok()?.parse().ok()
    }

    /// The first six digits of a fraction; the others are dropped.
    fn microsecond(&mut self) -> u32 {
        let mut digits = self.0.iter().copied().take_while(u8::is_ascii_digit);
        let microsecond = (0..6).fold(0_u32, |value, _| {
            let digit = digits.next().map_or(0, |digit| u32::from(digit.wrapping_sub(b'0')));
            value.wrapping_mul(10).wrapping_add(digit)
        });
        let count = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
        self.0 = self.0.get(count..).unwrap_or_default();
        microsecond
    }

    /// `Z`, `+1`, `-05:30`, after blanks.
    fn zone(&mut self) -> Option<Zone> {
        self.skip_blanks();
        if self.skip(b'Z').is_some() {
            return Some(Zone { west: false, hours: 0, minutes: 0 });
        }
        let west = self.skip(b'-').is_some();
        if !west {
            self.skip(b'+')?;
        }
        let hours = self.digits(1, 2)?;
        let minutes = if self.skip(b':').is_some() { self.digits(2, 2)? } else { 0 };
        Some(Zone { west, hours, minutes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_read_as_python_prints_them() {
        for (text, expected) in [
            ("2024-01-01", "2024-01-01"),
            ("2024-02-29", "2024-02-29"),
            ("2001-12-15T02:59:43.1Z", "2001-12-15 02:59:43.100000+00:00"),
            ("2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.100000-05:00"),
            ("2001-12-14 21:59:43.10 -5", "2001-12-14 21:59:43.100000-05:00"),
            ("2001-12-15 2:59:43.10", "2001-12-15 02:59:43.100000"),
            ("2001-1-5 2:59:43", "2001-01-05 02:59:43"),
            ("2001-12-15 02:59:43.", "2001-12-15 02:59:43"),
            ("2001-12-15 02:59:43.1234567", "2001-12-15 02:59:43.123456"),
            ("2001-12-15 02:59:43 -00:30", "2001-12-15 02:59:43-00:30"),
            ("2001-12-15 02:59:43 -00:00", "2001-12-15 02:59:43+00:00"),
            ("2001-12-15 02:59:43 +00:90", "2001-12-15 02:59:43+01:30"),
        ] {
            assert_eq!(parse(text).unwrap().to_text().as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_looks_like_a_date_and_is_none() {
        for text in [
            "2024-13-01",
            "2023-02-29",
            "0000-01-01",
            "2024-01-00",
            "2024-01-01 24:00:00",
            "2024-01-01 00:00:60",
            "2024-01-01 00:00:00 +24:00",
        ] {
            assert_eq!(parse(text).unwrap().to_text(), None, "{text}");
        }
    }

    #[test]
    fn what_stays_a_string() {
        for text in [
            "2024-1-01",
            "2024-01-01T",
            "2024-01-01 10:00",
            "2024-01-01T10:00:00 z",
            "2024-01-01T10:00:00+0530",
            "2024-01-01T10:00:00 ",
            "24-01-01",
            "2024-01-01x",
            "2024",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
