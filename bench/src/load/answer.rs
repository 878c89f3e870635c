//! Reads an HTTP/1.1 answer, no more of the protocol than a load generator on its own server needs.

/// Longest answer that is read, bytes.
pub const ANSWER_MAX_BYTES: usize = 4 << 20;

/// One answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer<'a> {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: &'a [u8],
}

/// How far an answer has arrived.
#[derive(Debug, PartialEq, Eq)]
pub enum Progress {
    /// Not all there.
    Partial,
    /// Complete: status, and where the body begins and ends.
    Complete {
        /// HTTP status.
        status: u16,
        /// Where the body begins.
        from: usize,
        /// Where it ends.
        to: usize,
    },
    /// Not an answer this client reads (not HTTP/1.1, no length, or too long).
    Unreadable,
}

/// Looks at what has arrived.
pub fn progress(bytes: &[u8]) -> Progress {
    let Some(from) = find(bytes, b"\r\n\r\n").map(|end| end + 4) else {
        return if bytes.len() > ANSWER_MAX_BYTES { Progress::Unreadable } else { Progress::Partial };
    };
    let Some(status) = status(bytes) else { return Progress::Unreadable };
    let length = if matches!(status, 204 | 304) { Some(0) } else { content_length(&bytes[..from]) };
    match length {
        Some(length) if length > ANSWER_MAX_BYTES => Progress::Unreadable,
        Some(length) if bytes.len() < from + length => Progress::Partial,
        Some(length) => Progress::Complete { status, from, to: from + length },
        None => Progress::Unreadable,
    }
}

/// Where a needle first occurs.
pub fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let (&first, rest) = needle.split_first()?;
    let mut at = 0;
    while let Some(step) = hay[at..].iter().position(|&byte| byte == first) {
        at += step + 1;
        if hay[at..].starts_with(rest) {
            return Some(at - 1);
        }
    }
    None
}

fn status(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.strip_prefix(b"HTTP/1.1 ")?.get(..3)?;
    std::str::from_utf8(digits).ok()?.parse().ok().filter(|status| (100..600).contains(status))
}

fn content_length(head: &[u8]) -> Option<usize> {
    head.split(|&byte| byte == b'\n').find_map(|line| {
        let colon = line.iter().position(|&byte| byte == b':')?;
        let (name, value) = (&line[..colon], &line[colon + 1..]);
        name.eq_ignore_ascii_case(b"content-length").then(|| std::str::from_utf8(value).ok()?.trim().parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_whole_or_not_at_all() {
        let whole = b"HTTP/1.1 200 OK\r\nContent-Type: x\r\nCONTENT-LENGTH: 5\r\n\r\nhello";
        for end in 0..whole.len() {
            assert_eq!(progress(&whole[..end]), Progress::Partial, "{end}");
        }
        assert_eq!(progress(whole), Progress::Complete { status: 200, from: whole.len() - 5, to: whole.len() });
        let empty = b"HTTP/1.1 204 No Content\r\n\r\n";
        assert_eq!(progress(empty), Progress::Complete { status: 204, from: empty.len(), to: empty.len() });
    }

    #[test]
    fn other_answers_are_refused() {
        for wrong in [
            "HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 abc\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 999 x\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n",
            "\r\n\r\n",
        ] {
            assert_eq!(progress(wrong.as_bytes()), Progress::Unreadable, "{wrong}");
        }
    }

    #[test]
    fn needles_are_found() {
        for (hay, needle, at) in [
            ("xxSUBMITTED", "SUBMITTED", Some(2)),
            ("SSUBMITTED", "SUBMITTED", Some(1)),
            ("SUBMITTE", "SUBMITTED", None),
            ("", "a", None),
            ("a", "", None),
        ] {
            assert_eq!(find(hay.as_bytes(), needle.as_bytes()), at, "{hay}");
        }
    }
}
