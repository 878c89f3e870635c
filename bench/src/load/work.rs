//! What is sent and what counts as a good answer.

use std::{cell::RefCell, rc::Rc};

use super::{
    answer::{Answer, find},
    template::Template,
};

/// A kind of request.
pub trait Work {
    /// Writes request `n`, head and body.
    fn write(&self, n: u64, out: &mut Vec<u8>);

    /// Whether the answer to request `n` is the one asked for.
    fn accept(&self, n: u64, answer: &Answer<'_>) -> bool;
}

/// Headers that change while requests are made from them: the bearer token.
pub type Bearer = Rc<RefCell<String>>;

/// Requests made from templates.
pub struct Requests {
    method: &'static str,
    path: Template,
    bearer: Option<Bearer>,
    body: Template,
    body_len: usize,
    marker: &'static [u8],
}

impl Requests {
    /// POST of a JSON body; a good answer is a 200 holding the marker.
    pub fn post(path: &str, bearer: Option<&Bearer>, body: Template, marker: &'static str) -> Self {
        Self::new("POST", Template::plain(path), bearer, body, marker)
    }

    /// GET of a path with places.
    pub fn get(path: Template, bearer: Option<&Bearer>, marker: &'static str) -> Self {
        Self::new("GET", path, bearer, Template::default(), marker)
    }

    /// Length of a body, bytes.
    pub const fn body_bytes(&self) -> usize {
        self.body_len
    }

    fn new(method: &'static str, path: Template, bearer: Option<&Bearer>, body: Template, marker: &'static str) -> Self {
        let body_len = body.len();
        Self { method, path, bearer: bearer.cloned(), body, body_len, marker: marker.as_bytes() }
    }
}

impl Work for Requests {
    fn write(&self, n: u64, out: &mut Vec<u8>) {
        out.extend_from_slice(self.method.as_bytes());
        out.push(b' ');
        self.path.write(n, out);
        out.extend_from_slice(b" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ");
        out.extend_from_slice(self.body_len.to_string().as_bytes());
        if let Some(bearer) = &self.bearer {
            out.extend_from_slice(b"\r\nAuthorization: Bearer ");
            out.extend_from_slice(bearer.borrow().as_bytes());
        }
        out.extend_from_slice(b"\r\n\r\n");
        self.body.write(n, out);
    }

    fn accept(&self, _: u64, answer: &Answer<'_>) -> bool {
        answer.status == 200 && find(answer.body, self.marker).is_some()
    }
}

/// Several kinds of request by turns.
pub struct Mix(pub Vec<Rc<dyn Work>>);

impl Mix {
    fn of(&self, n: u64) -> &dyn Work {
        &*self.0[n as usize % self.0.len()]
    }
}

impl Work for Mix {
    fn write(&self, n: u64, out: &mut Vec<u8>) {
        self.of(n).write(n, out);
    }

    fn accept(&self, n: u64, answer: &Answer<'_>) -> bool {
        self.of(n).accept(n, answer)
    }
}

/// Keeps one member of every good answer, found by a JSON pointer.
pub struct Collect {
    /// What is sent.
    pub work: Requests,
    /// Where the member is, a JSON pointer.
    pub pointer: &'static str,
    /// What was kept.
    pub kept: RefCell<Vec<String>>,
}

impl Work for Collect {
    fn write(&self, n: u64, out: &mut Vec<u8>) {
        self.work.write(n, out);
    }

    fn accept(&self, n: u64, answer: &Answer<'_>) -> bool {
        let body: Option<serde_json::Value> = serde_json::from_slice(answer.body).ok();
        let member = body.and_then(|body| Some(body.pointer(self.pointer)?.as_str()?.to_owned()));
        let good = self.work.accept(n, answer) && member.is_some();
        self.kept.borrow_mut().extend(member.filter(|_| good));
        good
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_whole_http_messages() {
        let bearer = Rc::new(RefCell::new("t0k".to_owned()));
        let post = Requests::post("/v1/transmit", Some(&bearer), Template::plain(r#"{"id":"«N»"}"#), "ok");
        let mut out = Vec::new();
        post.write(1, &mut out);
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("POST /v1/transmit HTTP/1.1\r\nHost: "), "{text}");
        assert!(text.contains("Content-Length: 21\r\n") && text.contains("Authorization: Bearer t0k\r\n\r\n"), "{text}");
        assert!(text.ends_with("\r\n\r\n{\"id\":\"000000000001\"}"), "{text}");
        assert_eq!(post.body_bytes(), 21);
    }

    #[test]
    fn an_answer_needs_status_and_marker() {
        let get = Requests::get(Template::plain("/v1/orders/1"), None, "APPROVED");
        for (status, body, good) in [(200, "xAPPROVEDx", true), (200, "DECLINED", false), (500, "APPROVED", false)] {
            assert_eq!(get.accept(0, &Answer { status, body: body.as_bytes() }), good, "{status} {body}");
        }
    }

    #[test]
    fn members_of_good_answers_are_kept() {
        let work = Requests::post("/x", None, Template::default(), "ok");
        let collect = Collect { work, pointer: "/a/token", kept: RefCell::default() };
        for (body, good) in [(r#"{"a":{"token":"ok-1"}}"#, true), (r#"{"a":{}, "b":"ok"}"#, false), ("ok", false)] {
            assert_eq!(collect.accept(0, &Answer { status: 200, body: body.as_bytes() }), good, "{body}");
        }
        assert_eq!(*collect.kept.borrow(), ["ok-1"]);
    }
}
