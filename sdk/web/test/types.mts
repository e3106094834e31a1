// Every exported name, used rightly and wrongly: what must compile, and what must not. `npm run types` looks at it.
import standard, {
  ASE,
  challenge,
  version,
  type Ase,
  type ChallengeEvent,
  type ChallengeOptions,
  type ChallengeResult,
  type ErrorCode,
  type Messages,
  type Mode,
} from "@anti-social-engine/web";

const mode: Mode = "redirect";
// @ts-expect-error no such mode
const framed: Mode = "iframe";

const messages: Messages = { loading: "", opened: "", waiting: "", redirecting: "", completed: "", cancelled: "", expired: "", error: "" };
// @ts-expect-error no such text
const passed: Partial<Messages> = { passed: "You passed." };

const heard: ChallengeEvent[] = [];
// @ts-expect-error no such event
heard.push("passed");

const options: ChallengeOptions = {
  url: async () => null,
  mode,
  origin: "https://ase.example",
  signal: new AbortController().signal,
  onEvent: (event) => heard.push(event),
  messages: { opened: messages.opened },
};
const result: ChallengeResult = await challenge(options);
await challenge({ url: "https://ase.example/challenge/ses_1" });
await challenge({ url: Promise.resolve(null) });
// @ts-expect-error nothing to open
await challenge();
// @ts-expect-error nothing to open
const nowhere: ChallengeOptions = { mode };
// @ts-expect-error an address is text
await challenge({ url: new URL("https://ase.example") });

if (result.status === "completed") result.token?.trim();
if (result.status === "error") result.code satisfies ErrorCode;
// @ts-expect-error the browser never learns whether somebody passed
if (result.status === "passed") heard.pop();
// @ts-expect-error only what is over may have brought a token
if (result.status === "cancelled") result.token;
// @ts-expect-error without a return URL there is none
if (result.status === "completed") result.token.trim();
// @ts-expect-error no such code
const code: ErrorCode = "token_used";

const all: Ase[] = [ASE, standard, window.ASE];
all.map((ase) => ase.version.trim());
version.trim();
// @ts-expect-error it cannot be replaced
ASE.challenge = challenge;
// @ts-expect-error a version is text
version.toFixed();
// @ts-expect-error there is nothing to be redeemed in a browser
standard.verify("token");
