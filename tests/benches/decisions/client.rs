//! One kept connection that speaks just enough HTTP/1.1 to cost nearly nothing.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A connection on which requests follow each other.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Connection {
    /// Opens one.
    pub(crate) async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, answer: Vec::with_capacity(16 * 1024) }
    }

    /// Sends a whole request and reads the whole answer: its status and its body.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> (u16, &[u8]) {
        self.stream.write_all(request).await.unwrap();
        self.answer.clear();
        let body = loop {
            let read = self.stream.read_buf(&mut self.answer).await.unwrap();
            assert_ne!(read, 0, "the server closed the connection");
            if let Some(body) = body(&self.answer) {
                break body;
            }
        };
        let status = std::str::from_utf8(&self.answer[9..12]).unwrap().parse().unwrap();
        (status, &self.answer[body..])
    }
}

/// Where the body of `answer` begins, once all of it is there.
fn body(answer: &[u8]) -> Option<usize> {
    let begin = find(answer, b"\r\n\r\n")? + 4;
    let length = find(&answer[..begin], b"content-length: ").expect("an answer says its length") + 16;
    let digits = answer[length..].iter().take_while(|byte| byte.is_ascii_digit());
    let length = digits.fold(0, |length, digit| length * 10 + usize::from(digit - b'0'));
    (answer.len() >= begin + length).then_some(begin)
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
