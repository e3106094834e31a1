// A small shop that pays sellers out. Changing where payouts go is protected from one end to the other.
//
//   node sdk/web/example/server.js        with `make run` in another terminal; then open http://localhost:3000
//
// Settings: ASE_URL and ASE_KEY (else those of .ase/demo.json), SHOP_PORT, SHOP_HEADERS (JSON, more headers for pages).
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";

import { Account } from "./account.js";
import { answer, json, page, readForm, readJson, sameOrigin, script } from "./answer.js";
import { settings } from "./settings.js";

const { ase, aseOrigin, sdk, port, headers } = await settings();
const origin = `http://localhost:${port}`;
const account = new Account(ase, `${origin}/after`);

// Who is signed in, and in which browser. A real shop has real sign-ins; this one has one seller.
const COOKIE = "shop_seller=ana";
const cookies = (request) => (request.headers.cookie ?? "").split("; ");
const signedIn = (request) => cookies(request).includes(COOKIE);
const device = (request) => cookies(request).find((pair) => pair.startsWith("shop_device="))?.slice(12);

const routes = {
  "GET /": (request, response) => {
    const kept = `shop_device=${device(request) ?? randomUUID()}`;
    response.setHeader("set-cookie", [COOKIE, kept].map((pair) => `${pair}; HttpOnly; SameSite=Lax; Path=/`));
    page(response, { iban: account.iban, sdk, aseOrigin, headers });
  },
  "GET /shop.js": (request, response) => script(response, "shop.js"),
  "GET /shop.css": (request, response) => script(response, "shop.css"),
  "GET /payout": (request, response) => json(response, 200, { iban: account.iban }),

  // The seller asks for a change. Nothing changes yet, unless there is nothing to be asked.
  "POST /payout": async (request, response) => {
    if (!signedIn(request) || !sameOrigin(request, origin)) return json(response, 403, { error: "not yours" });
    const { iban } = await readJson(request);
    json(response, 200, await account.ask(iban, device(request)));
  },

  // The page says that the challenge is over, with the token if its window brought one. The back end finds out itself.
  "POST /payout/confirm": async (request, response) => {
    if (!signedIn(request) || !sameOrigin(request, origin)) return json(response, 403, { error: "not yours" });
    const { change, token } = await readJson(request);
    json(response, 200, await account.confirm(change, token));
  },

  // The challenge took the whole window: its page posts the token here. This comes from another site, so no cookie of
  // ours comes along, and none is needed: the token is good for one change alone. What an address says counts nothing.
  "POST /after": async (request, response) => {
    const { session_id, decision_token } = await readForm(request);
    await account.confirmSession(session_id, decision_token);
    answer(response, 303, "", { location: "/" });
  },
};

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, origin);
  const route = routes[`${request.method} ${pathname}`];
  try {
    if (route) await route(request, response);
    else answer(response, 404, "Not found");
  } catch (error) {
    // neither what was sent nor what was answered belongs in a log
    console.error(`${request.method} ${pathname}: ${error.name}`);
    if (!response.headersSent) json(response, error.status ?? 500, { error: "this did not work; nothing was changed" });
  }
});
server.listen(port, "localhost", () => console.log(`the shop is open: ${origin}`));
