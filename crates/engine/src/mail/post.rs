//! Where mails go: a mail server, or files in a folder.

use std::{
    fmt, fs,
    io::Write as _,
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use domain::{id::MailId, time::Timestamp};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};
use zeroize::Zeroizing;

use super::compose::Letter;

/// Time for one mail, seconds.
const SEND_SECS: u64 = 30;
/// Who writes when nobody said.
const FROM: &str = "Recoup <recoup@localhost>";

/// A mail server's address; it holds a password, so it does not print.
#[derive(Clone)]
pub struct Smtp(Zeroizing<String>);

impl Smtp {
    /// `smtps://user:password@host:465`, or `smtp://…?tls=required` for STARTTLS. Fails when it is no such address.
    pub fn parse(url: &str) -> Result<Self, String> {
        let built = AsyncSmtpTransport::<Tokio1Executor>::from_url(url);
        built.map(|_| Self(Zeroizing::new(url.to_owned()))).map_err(|_| "it is no SMTP address".to_owned())
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Smtp")
    }
}

/// Where mails go.
#[derive(Debug, Clone)]
pub enum Post {
    /// To a mail server.
    Smtp(Smtp),
    /// Into a folder, as `.eml` files that only their owner can read.
    Folder(PathBuf),
}

/// A post that is open.
pub enum Office {
    /// Connected on demand.
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    /// A folder.
    Folder(PathBuf),
}

impl Post {
    /// Opens it.
    pub fn open(&self) -> Result<Office, String> {
        match self {
            Self::Smtp(Smtp(url)) => {
                let builder =
                    AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| "it is no SMTP address".to_owned())?;
                Ok(Office::Smtp(builder.timeout(Some(Duration::from_secs(SEND_SECS))).build()))
            }
            Self::Folder(folder) => Ok(Office::Folder(folder.clone())),
        }
    }
}

impl Office {
    /// Sends one mail. An error says why in words that hold neither address nor text.
    pub async fn send(&self, id: MailId, at: Timestamp, from: Option<&str>, letter: &Letter) -> Result<(), String> {
        let message = message(id, at, from, letter)?;
        match self {
            Self::Smtp(transport) => {
                let sent = tokio::time::timeout(Duration::from_secs(SEND_SECS), transport.send(message));
                let sent = sent.await.map_err(|_| "the mail server took too long".to_owned())?;
                sent.map(drop).map_err(|error| kind(&error).to_owned())
            }
            Self::Folder(folder) => {
                let (folder, bytes) = (folder.clone(), message.formatted());
                let kept = tokio::task::spawn_blocking(move || keep(&folder, id, &bytes));
                kept.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
            }
        }
    }
}

fn message(id: MailId, at: Timestamp, from: Option<&str>, letter: &Letter) -> Result<Message, String> {
    let from: Mailbox = from.unwrap_or(FROM).parse().map_err(|_| "`mail.from` is no address".to_owned())?;
    let to: Address = letter.to.parse().map_err(|_| "the receiver's address cannot be written to".to_owned())?;
    let host = from.email.domain().to_owned();
    Message::builder()
        .from(from)
        .to(Mailbox::new(Some(letter.name.clone()), to))
        .subject(&letter.subject)
        .date(UNIX_EPOCH + Duration::from_secs(u64::try_from(at.secs()).unwrap_or(0)))
        .message_id(Some(format!("<{id}@{host}>")))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.text.clone())
        .map_err(|_| "the mail cannot be written".to_owned())
}

/// The server's own words may repeat an address.
fn kind(error: &lettre::transport::smtp::Error) -> &'static str {
    match () {
        () if error.is_permanent() => "the mail server refused for good",
        () if error.is_transient() => "the mail server refused for now",
        () if error.is_timeout() => "the mail server took too long",
        () if error.is_tls() => "no TLS connection to the mail server",
        () => "the mail server cannot be reached",
    }
}

/// Writes the file whole or not at all; a repeat after a crash replaces it.
fn keep(folder: &Path, id: MailId, bytes: &[u8]) -> std::io::Result<()> {
    let mut make = fs::DirBuilder::new();
    make.recursive(true);
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        std::os::unix::fs::DirBuilderExt::mode(&mut make, 0o700);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    make.create(folder)?;
    let draft = folder.join(format!("{id}.tmp"));
    let mut file = options.open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(draft, folder.join(format!("{id}.eml")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(to: &str) -> Letter {
        Letter { to: to.into(), name: "Ada Byron".into(), subject: "Hello".into(), text: "Hello Ada,\n\nlink\n".into() }
    }

    #[test]
    fn mails_are_written_with_the_clock_they_are_given() {
        let (id, at) = (MailId::from_bytes([1; 16]), Timestamp::from_secs(1_795_132_800));
        let text = message(id, at, Some("Recoup <mail@pay.example>"), &letter("ada@example.com")).unwrap().formatted();
        let text = String::from_utf8(text).unwrap();
        for part in [
            "From: Recoup <mail@pay.example>\r\n",
            "To: \"Ada Byron\" <ada@example.com>\r\n",
            "Date: Fri, 20 Nov 2026 00:00:00 +0000\r\n",
            "Message-ID: <01010101-0101-0101-0101-010101010101@pay.example>\r\n",
            "Hello Ada,",
        ] {
            assert!(text.contains(part), "{part:?} in {text}");
        }
        assert!(message(id, at, None, &letter("nobody")).is_err());
    }

    #[test]
    fn server_addresses_are_checked_and_do_not_print() {
        let smtp = Smtp::parse("smtps://user:s3cret@mail.example:465").unwrap();
        assert!(!format!("{smtp:?} {:?}", Post::Smtp(smtp.clone())).contains("s3cret"));
        for url in ["", "mail.example", "http://mail.example"] {
            assert!(Smtp::parse(url).is_err(), "{url}");
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn files_are_their_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("outbox");
        let office = Post::Folder(folder.clone()).open().unwrap();
        let id = MailId::from_bytes([1; 16]);
        for _ in 0..2 {
            office.send(id, Timestamp::from_secs(0), None, &letter("ada@example.com")).await.unwrap();
        }
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join(format!("{id}.eml")))), (0o700, 0o600));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }
}
