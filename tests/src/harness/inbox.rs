//! A mail server on loopback that speaks SMTP (RFC 5321), keeps what it takes, and refuses when it is told to.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::letter::Letter;
use super::until::within;

/// A running mail server.
#[derive(Debug)]
pub struct Inbox {
    /// Where it listens.
    pub address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Shared {
    letters: Mutex<Vec<Kept>>,
    /// Answers to the next mails, before they are taken again.
    refusals: Mutex<VecDeque<&'static str>>,
    /// Grows with every letter.
    arrived: watch::Sender<usize>,
    /// Grows with every refusal.
    refused: watch::Sender<usize>,
    /// While true, no mail gets an answer.
    held: watch::Sender<bool>,
    sign_ins: AtomicUsize,
}

#[derive(Debug)]
struct Kept {
    letter: Letter,
    read: bool,
}

/// A mail that is being handed over.
#[derive(Default)]
struct Envelope {
    to: Vec<String>,
}

impl Inbox {
    /// Starts listening. Call it on the runtime of the ground.
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, shared) = (listener.local_addr().unwrap(), Arc::new(Shared::default()));
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self { address, shared, accepting }
    }

    /// The URL under which the product reaches it.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_with(None)
    }

    /// The same for the account `mailer` with this password.
    #[must_use]
    pub fn url_with(&self, password: Option<&str>) -> String {
        match password {
            Some(password) => format!("smtp://mailer:{password}@{}", self.address),
            None => format!("smtp://{}", self.address),
        }
    }

    /// How often somebody has signed in.
    #[must_use]
    pub fn sign_ins(&self) -> usize {
        self.shared.sign_ins.load(Ordering::Relaxed)
    }

    /// Answers the next mails with these replies instead of taking them, in this order.
    pub fn refuse_next(&self, replies: &[&'static str]) {
        self.shared.refusals.lock().unwrap().extend(replies);
    }

    /// From now on no mail gets an answer, until [`Self::release`].
    pub fn hold(&self) {
        self.shared.held.send_replace(true);
    }

    /// Answers what was held.
    pub fn release(&self) {
        self.shared.held.send_replace(false);
    }

    /// The first unread letter to `address`, as soon as it is there; it counts as read.
    pub async fn letter_to(&self, address: &str) -> Letter {
        let mut arrived = self.shared.arrived.subscribe();
        within(&format!("a letter to {address}"), async {
            loop {
                arrived.borrow_and_update();
                if let Some(letter) = self.take(address) {
                    return letter;
                }
                arrived.changed().await.unwrap();
            }
        })
        .await
    }

    /// The code in the first unread letter to `address`.
    pub async fn code_to(&self, address: &str) -> String {
        self.letter_to(address).await.code()
    }

    /// Every letter to `address` so far, read or not.
    #[must_use]
    pub fn letters_to(&self, address: &str) -> Vec<Letter> {
        let letters = self.shared.letters.lock().unwrap();
        letters.iter().map(|kept| &kept.letter).filter(|letter| letter.to == address).cloned().collect()
    }

    /// Waits until so many mails were refused.
    pub async fn refused(&self, count: usize) {
        let mut refused = self.shared.refused.subscribe();
        within("refused mails", async { refused.wait_for(|so_far| *so_far >= count).await.map(|_| ()) })
            .await
            .unwrap();
    }

    fn take(&self, address: &str) -> Option<Letter> {
        let mut letters = self.shared.letters.lock().unwrap();
        let kept = letters.iter_mut().find(|kept| !kept.read && kept.letter.to == address)?;
        kept.read = true;
        Some(kept.letter.clone())
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            // a client that goes away in the middle is its own affair
            let _ = converse(stream, &shared).await;
        });
    }
}

async fn converse(stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut envelope = Envelope::default();
    stream.write_all(b"220 inbox.test ESMTP\r\n").await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let reply = match verb.as_str() {
            "EHLO" => "250-inbox.test\r\n250-8BITMIME\r\n250-AUTH PLAIN\r\n250 SMTPUTF8",
            "AUTH" => {
                shared.sign_ins.fetch_add(1, Ordering::Relaxed);
                "235 welcome"
            }
            "MAIL" | "RSET" => {
                envelope.to.clear();
                "250 ok"
            }
            "RCPT" => {
                envelope.to.extend(address_of(&line));
                "250 ok"
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let raw = read_mail(&mut stream).await?;
                shared.judge(&envelope, &raw).await
            }
            "HELO" | "NOOP" => "250 ok",
            "QUIT" => return stream.write_all(b"221 bye\r\n").await,
            _ => "500 what?",
        };
        stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
    }
}

/// The address between the angle brackets of a command.
fn address_of(line: &str) -> Option<String> {
    Some(line.split_once('<')?.1.split_once('>')?.0.to_owned())
}

/// The mail up to the line with a dot alone, dots unstuffed (RFC 5321 section 4.5.2).
async fn read_mail(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut raw = Vec::new();
    loop {
        let mut line = Vec::new();
        let read = stream.read_until(b'\n', &mut line).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == b".\r\n" {
            return Ok(String::from_utf8_lossy(&raw).into_owned());
        }
        raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

impl Shared {
    /// Takes a mail or refuses it.
    async fn judge(&self, envelope: &Envelope, raw: &str) -> &'static str {
        let mut held = self.held.subscribe();
        // it ends only with the inbox
        let _ = held.wait_for(|held| !held).await;
        if let Some(reply) = self.refusals.lock().unwrap().pop_front() {
            self.refused.send_modify(|count| *count += 1);
            return reply;
        }
        for to in &envelope.to {
            let letter = Letter { to: to.clone(), raw: raw.to_owned() };
            self.letters.lock().unwrap().push(Kept { letter, read: false });
            self.arrived.send_modify(|count| *count += 1);
        }
        "250 taken"
    }
}
