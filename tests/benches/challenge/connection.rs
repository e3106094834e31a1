//! One kept connection that speaks just enough HTTP/1.1, on a thread of its own: timers of a runtime count in whole
//! milliseconds, which is half of what is measured here.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

/// A connection on which requests follow each other.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Connection {
    /// Opens one.
    pub(crate) fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, answer: Vec::with_capacity(64 * 1024) }
    }

    /// Sends a whole request and reads the whole answer. Anything but success ends the measurement.
    pub(crate) fn exchange(&mut self, request: &[u8]) {
        self.stream.write_all(request).unwrap();
        self.answer.clear();
        let mut chunk = [0; 16 * 1024];
        while !is_whole(&self.answer) {
            let read = self.stream.read(&mut chunk).unwrap();
            assert_ne!(read, 0, "the server closed the connection");
            self.answer.extend_from_slice(&chunk[..read]);
        }
        let status = &self.answer[9..12];
        assert!(status[0] == b'2', "{}", String::from_utf8_lossy(&self.answer));
    }
}

/// Whether all of an answer is there, by its length or by its last chunk (RFC 9112 sections 6.3 and 7.1).
fn is_whole(answer: &[u8]) -> bool {
    let Some(end) = find(answer, b"\r\n\r\n") else { return false };
    let (head, body) = answer.split_at(end + 4);
    match find(head, b"content-length: ") {
        Some(place) => body.len() >= number(&head[place + 16..], 10),
        None => chunks_end(body),
    }
}

fn chunks_end(mut body: &[u8]) -> bool {
    while let Some(line) = find(body, b"\r\n") {
        let size = number(body, 16);
        if size == 0 {
            return body.len() >= line + 4;
        }
        let Some(rest) = body.get(line + 2 + size + 2..) else { return false };
        body = rest;
    }
    false
}

/// The number at the beginning of `text`.
fn number(text: &[u8], radix: u32) -> usize {
    let digits = text.iter().map_while(|byte| char::from(*byte).to_digit(radix));
    digits.fold(0, |number, digit| number * radix as usize + digit as usize)
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
