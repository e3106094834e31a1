// The page's side. It never learns what was decided: it tells the back end that the challenge is over, and shows what
// the back end made of it.
const form = document.getElementById("payout");
const said = document.getElementById("said");
const stop = document.getElementById("stop");

const WORDS = {
  changed: "Payouts go to the new account from now on.",
  refused: "This was not changed.",
  cancelled: "The security check was closed. Nothing was changed.",
  expired: "The time for the security check is over. Nothing was changed.",
  error: "The security check could not be opened. Nothing was changed.",
};

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return answer.ok ? answer.json() : { status: "refused" };
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { iban, mode } = Object.fromEntries(new FormData(form));
  const waiting = new AbortController();
  let asked;
  stop.hidden = false;
  stop.onclick = () => waiting.abort();
  said.textContent = "";
  // right from the click: the window opens first, and what is asked for by `url` comes after
  const result = await ASE.challenge({
    mode,
    signal: waiting.signal,
    url: async () => {
      asked = await post("/payout", { iban });
      return asked.url ?? null;
    },
    onEvent: (type) => { document.body.dataset.challenge = type; },
  });
  stop.hidden = true;
  document.body.dataset.result = result.status;
  if (result.status === "completed") {
    const answer = asked.url ? await post("/payout/confirm", { change: asked.change, token: result.token }) : asked;
    said.textContent = answer.error ?? WORDS[answer.status];
  } else {
    said.textContent = WORDS[result.status];
  }
  document.getElementById("iban").textContent = (await (await fetch("/payout")).json()).iban;
});
