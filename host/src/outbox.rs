//! The outbox worker: what was queued in a transaction is rendered and sent after its commit, at least once.
//!
//! It is woken by the database the moment a message is queued, and looks every two seconds besides. Each message is
//! worked on by itself, so that a slow or poisonous one holds up no other.

mod words;

use std::sync::Arc;
use std::time::{Duration, Instant};

use ase_engine::dispatch::DueMessage;
use ase_engine::outbox::Channel;
use thiserror::Error;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::App;
use crate::mail::{Letter, MailError};
use crate::sms::{Text, TextError};

/// Messages on their way at one time.
const AT_ONCE: usize = 8;
/// How long to wait without being woken.
const LOOK: Duration = Duration::from_secs(2);
/// How long before listening again after the connection was lost.
const LISTEN_AGAIN: Duration = Duration::from_secs(1);
/// How often it is tried to note that a message went out.
const NOTE_TRIES: u32 = 5;

/// Sends what is due until `stop`, then finishes what is under way.
pub(crate) async fn run(app: App, stop: CancellationToken) {
    let awake = Arc::new(Notify::new());
    let under_way = TaskTracker::new();
    let seats = Arc::new(Semaphore::new(AT_ONCE));
    let listening = stop.run_until_cancelled(listen(&app, &awake));
    tokio::join!(listening, send_due(&app, &awake, &seats, &under_way, &stop));
    under_way.close();
    under_way.wait().await;
}

/// Wakes the sender whenever a message is queued.
async fn listen(app: &App, awake: &Notify) {
    loop {
        if let Ok(mut listener) = app.engine.store().listen("ase_outbox").await {
            // what was queued while nobody listened
            awake.notify_one();
            while let Ok(Some(_)) = listener.try_recv().await {
                awake.notify_one();
            }
            tracing::warn!("outbox notices stopped, looking every two seconds meanwhile");
        }
        tokio::time::sleep(LISTEN_AGAIN).await;
    }
}

async fn send_due(
    app: &App,
    awake: &Notify,
    seats: &Arc<Semaphore>,
    under_way: &TaskTracker,
    stop: &CancellationToken,
) {
    while let Some(Ok(seat)) = stop.run_until_cancelled(Arc::clone(seats).acquire_owned()).await {
        // only as many as can be begun at once, so that no lease runs out while a message waits its turn
        let limit = 1 + seats.available_permits();
        let started = match app.engine.due_messages(i64::try_from(limit).unwrap_or(1)).await {
            Ok(due) => start(app, due, seat, seats, under_way),
            Err(error) => {
                tracing::warn!(%error, "the outbox could not be read");
                0
            }
        };
        if started < limit {
            stop.run_until_cancelled(tokio::time::timeout(LOOK, awake.notified())).await;
        }
    }
}

/// Begins with every message; how many there were.
fn start(
    app: &App,
    due: Vec<DueMessage>,
    first: OwnedSemaphorePermit,
    seats: &Arc<Semaphore>,
    under_way: &TaskTracker,
) -> usize {
    let count = due.len();
    let mut first = Some(first);
    for message in due {
        let seat = first.take().or_else(|| Arc::clone(seats).try_acquire_owned().ok());
        let app = app.clone();
        under_way.spawn(async move {
            let _seat = seat;
            carry(app, Arc::new(message)).await;
        });
    }
    count
}

/// Sends one message and notes how it went. A message that makes the sending panic is noted, too.
async fn carry(app: App, message: Arc<DueMessage>) {
    let began = Instant::now();
    let sending = tokio::spawn({
        let (app, message) = (app.clone(), Arc::clone(&message));
        async move { send(&app, &message).await }
    });
    let sent = sending.await.unwrap_or(Err(SendError::Mail(MailError::Letter)));
    metrics::histogram!("ase_mail_send_seconds").record(began.elapsed());
    match sent {
        Ok(provider_id) => note_sent(&app, &message, provider_id.as_deref()).await,
        Err(error) => note_failed(&app, &message, &error).await,
    }
}

/// Why a message did not leave.
#[derive(Debug, Error)]
enum SendError {
    #[error(transparent)]
    Mail(#[from] MailError),
    #[error(transparent)]
    Text(#[from] TextError),
}

impl SendError {
    fn is_permanent(&self) -> bool {
        match self {
            Self::Mail(error) => error.is_permanent(),
            Self::Text(error) => error.is_permanent(),
        }
    }
}

/// Sends one message; what its provider calls it is returned, where there is one.
async fn send(app: &App, message: &DueMessage) -> Result<Option<String>, SendError> {
    match message.channel {
        Channel::Email => Ok(mail(app, message).await.map(|()| None)?),
        Channel::Sms => Ok(text(app, message).await?),
    }
}

async fn text(app: &App, message: &DueMessage) -> Result<Option<String>, TextError> {
    if message.overtaken {
        return Err(TextError::Delayed("its turn came too late".to_owned()));
    }
    let words = words::text_of(message, &app.site.public_url).ok_or(TextError::Words)?;
    let body = app.pages.text(&words, words::language(message)).or(Err(TextError::Words))?;
    let text = Text {
        message_id: &message.message_id,
        org_id: &message.org.org_id,
        to: &message.payload.to,
        body: &body,
        // both times are the database's: with this machine's clock the provider might give up at once
        valid_seconds: (message.payload.expires_at - message.payload.created_at).num_seconds(),
    };
    app.texter.send(&text).await
}

async fn mail(app: &App, message: &DueMessage) -> Result<(), MailError> {
    let context = words::of(message, &app.site.public_url)?;
    let mail = app.pages.mail(&context, words::language(message)).or(Err(MailError::Letter))?;
    let letter = Letter {
        message_id: &message.message_id,
        org_id: &message.org.org_id,
        from_name: &message.org.name,
        to: &message.payload.to,
        to_name: message.payload.name.as_deref(),
        mail: &mail,
    };
    app.mailer.send(&letter).await
}

/// Notes that a message went out. Should the database not hear of it, the message will come and go once more.
async fn note_sent(app: &App, message: &DueMessage, provider_id: Option<&str>) {
    let waited = ase_engine::clock::now() - message.payload.created_at;
    let (kind, channel) = (message.kind.as_str(), message.channel.as_str());
    metrics::counter!("ase_mail_sent_total", "kind" => kind, "channel" => channel).increment(1);
    metrics::histogram!("ase_mail_queued_to_sent_seconds").record(waited.to_std().unwrap_or_default());
    for tried in 1..=NOTE_TRIES {
        match app.engine.message_sent(message, provider_id).await {
            Ok(()) => {
                tracing::info!(message_id = message.message_id, kind, channel, "mail sent");
                return;
            }
            Err(error) => {
                tracing::warn!(message_id = message.message_id, %error, "a sent mail was not noted");
            }
        }
        tokio::time::sleep(Duration::from_millis(200) * tried).await;
    }
}

async fn note_failed(app: &App, message: &DueMessage, error: &SendError) {
    let permanent = error.is_permanent();
    let (kind, channel) = (message.kind.as_str(), message.channel.as_str());
    metrics::counter!("ase_mail_failed_total", "kind" => kind, "channel" => channel).increment(1);
    let (message_id, tries) = (message.message_id.as_str(), message.tries);
    tracing::warn!(message_id, tries, permanent, %error, "mail not sent");
    if let Err(error) = app.engine.message_failed(message, &error.to_string(), permanent).await {
        tracing::warn!(message_id, %error, "a failed mail was not noted");
    }
}
