// Anti Social Engine for back ends: send the event before the action, redeem the token, act only on `proceed`.
export { Ase } from "./client.js";
export { AseError } from "./error.js";
export { verifyWebhook, WebhookError } from "./webhook.js";
