//! `from` and `to` of a query: both ends belong to the span, and a bare date means its whole day.

use domain::{fault::Faults, time::Timestamp};

use super::Query;

/// Both ends, where they are given; an unreadable one is a fault.
pub fn span(query: &Query, faults: &mut Faults) -> (Option<Timestamp>, Option<Timestamp>) {
    let mut end = |name, path, read: fn(&str) -> Option<Timestamp>| {
        let text = query.get(name)?;
        let found = read(text);
        if found.is_none() {
            faults.invalid(path);
        }
        found
    };
    (end("from", "From", Timestamp::first_of), end("to", "To", Timestamp::last_of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_date_is_its_whole_day() {
        for (from, to, expected, wrong) in [
            ("2026-11-20", "2026-11-20", ["2026-11-20T00:00:00.000000Z", "2026-11-20T23:59:59.999999Z"], ""),
            (
                "2026-11-20T10:00:00+02:00",
                " 2026-11-20T10:00:00Z",
                ["2026-11-20T08:00:00.000000Z", "2026-11-20T10:00:00.000000Z"],
                "",
            ),
            ("yesterday", "2026-11-20", ["-", "2026-11-20T23:59:59.999999Z"], "From"),
            ("", "2026-13-01", ["-", "-"], "To"),
        ] {
            let mut faults = Faults::new();
            let query = Query::from(vec![("from".to_owned(), from.to_owned()), ("TO".to_owned(), to.to_owned())]);
            let (first, last) = span(&query, &mut faults);
            let shown = [first, last].map(|end| end.map_or_else(|| "-".to_owned(), Timestamp::iso6));
            assert_eq!(shown, expected, "{from} {to}");
            assert_eq!(faults.iter().map(|(path, _)| path).collect::<String>(), wrong);
        }
    }
}
