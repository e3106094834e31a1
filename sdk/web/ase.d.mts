/** How a challenge is shown. `auto` opens a window, and where the browser blocks it goes there in this one. */
export type Mode = "auto" | "popup" | "redirect";

/** What happened on the way; the same words that `messages` has. */
export type ChallengeEvent = "opened" | "waiting" | "redirecting" | "completed" | "cancelled" | "expired" | "error";

/** Why nothing could be asked. */
export type ErrorCode =
  /** `mode` is none of the three. */
  | "bad_mode"
  /** `url` gave no https address, or one of another origin than `origin`, or it failed. */
  | "bad_url"
  /** A challenge is open already; its window was brought to the front. */
  | "busy"
  /** There is no window to open: this runs on a server. */
  | "no_browser"
  /** The browser did not open the window: call `challenge` right from the click, or use `auto`. */
  | "popup_blocked"
  /** The server does not know the session. */
  | "unknown_session"
  /** Neither the window nor the server could be heard: look at `connect-src` and at the registered return URLs. */
  | "unreachable";

/**
 * How it ended. `completed` says that the challenge is over, never that it was passed: that, only your back end learns,
 * by redeeming `token`, or by asking for the session where there is none.
 */
export type ChallengeResult =
  | { status: "completed"; token?: string }
  | { status: "cancelled" }
  | { status: "expired" }
  | { status: "error"; code: ErrorCode };

/**
 * The texts that are read out to whoever listens to the page. They come in 13 languages, chosen by the page's `lang`,
 * then by what the browser asks for, and else in English; whatever is given here takes the place of one.
 */
export interface Messages {
  /** Stands in the new window until the challenge has loaded. */
  loading: string;
  opened: string;
  waiting: string;
  redirecting: string;
  completed: string;
  cancelled: string;
  expired: string;
  error: string;
}

export interface ChallengeOptions {
  /**
   * The `challenge_url` of the session, or how to get it. The window opens at once, so this may still ask your back
   * end. `null`: nothing needs to be asked; the window closes and the result is `completed`.
   */
  url: string | null | Promise<string | null> | (() => string | null | Promise<string | null>);
  /** `auto` unless said otherwise. */
  mode?: Mode;
  /** The server's origin; an address elsewhere is refused. */
  origin?: string;
  /** Ends the waiting and closes the window: `cancelled`. */
  signal?: AbortSignal;
  onEvent?: (event: ChallengeEvent) => void;
  messages?: Partial<Messages>;
}

/** Opens the challenge and waits for its end. Call it right from the click. Never rejects. */
export function challenge(options: ChallengeOptions): Promise<ChallengeResult>;

export const version: string;

export interface Ase {
  readonly version: string;
  readonly challenge: typeof challenge;
}

export const ASE: Ase;
export default ASE;

declare global {
  /** Of a plain page: `<script src="https://.../sdk/v1/ase.js">`. */
  interface Window {
    ASE: Ase;
  }
}
