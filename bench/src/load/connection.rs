//! One keep-alive connection. Written on the bare socket: a general client costs the generator's core more than
//! the server spends on the same request, and the generator would be what is measured.

use std::{io, net::SocketAddr};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::answer::{Answer, Progress, progress};

const READ_BYTES: usize = 16 << 10;

/// One HTTP/1.1 connection, one request at a time.
pub struct Connection {
    address: SocketAddr,
    stream: Option<TcpStream>,
    received: Vec<u8>,
}

impl Connection {
    /// A connection to be opened with the first request.
    pub fn new(address: SocketAddr) -> Self {
        Self { address, stream: None, received: Vec::with_capacity(READ_BYTES) }
    }

    /// Sends one request and reads its answer. After an error the next request opens a new connection.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        match self.round_trip(request).await {
            Ok((status, from, to)) => Ok(Answer { status, body: &self.received[from..to] }),
            Err(error) => {
                self.stream = None;
                Err(error)
            }
        }
    }

    async fn round_trip(&mut self, request: &[u8]) -> io::Result<(u16, usize, usize)> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => none.insert(open(self.address).await?),
        };
        stream.write_all(request).await?;
        self.received.clear();
        loop {
            self.received.reserve(READ_BYTES);
            if stream.read_buf(&mut self.received).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            match progress(&self.received) {
                Progress::Partial => {}
                Progress::Complete { status, from, to } => return Ok((status, from, to)),
                Progress::Unreadable => return Err(io::Error::new(io::ErrorKind::InvalidData, "unreadable answer")),
            }
        }
    }
}

async fn open(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}
