// The package as it would be published, in a page that a bundler made. ASE_SDK_CHECKS is where esbuild is installed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { webcrypto as crypto } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

import { browser, until } from "./browser.mjs";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const CHECKS = process.env.ASE_SDK_CHECKS ?? fileURLToPath(new URL("../../checks/", import.meta.url));
const PAGE = 'import { challenge } from "@anti-social-engine/web"; globalThis.result = challenge(globalThis.options);';
const { build } = createRequire(join(CHECKS, "package.json"))("esbuild");
const run = (program, ...given) => execFileSync(program, given, { cwd: PACKAGE, encoding: "utf8" });
let site;

before(() => {
  site = mkdtempSync(join(tmpdir(), "ase-bundle-"));
  run("npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", site);
  const packed = readdirSync(site).find((name) => name.endsWith(".tgz"));
  const installed = join(site, "node_modules/@anti-social-engine/web");
  mkdirSync(installed, { recursive: true });
  run("tar", "-xzf", join(site, packed), "-C", installed, "--strip-components=1");
});
after(() => rmSync(site, { recursive: true, force: true }));

async function bundled(contents) {
  const stdin = { contents, resolveDir: site, sourcefile: "page.js" };
  const made = await build({
    stdin, absWorkingDir: site, bundle: true, minify: true, write: false, metafile: true,
    platform: "browser", format: "iife", charset: "utf8", logLevel: "silent",
  });
  assert.deepEqual(made.warnings, []);
  return { text: made.outputFiles[0].text, inputs: Object.keys(made.metafile.inputs) };
}

test("the bundle holds all of the SDK, and nothing else", async () => {
  const { text, inputs } = await bundled(PAGE);
  assert.deepEqual(inputs, ["node_modules/@anti-social-engine/web/ase.mjs", "page.js"]);
  assert.doesNotMatch(text, /\bimport\b|\brequire\b/);
  for (const held of ["popup_blocked", "Die Sicherheitsprüfung ist vorbei."]) assert.ok(text.includes(held), held);
});

test("a page that does not use it does not carry it", async () => {
  const { text } = await bundled('import { version } from "@anti-social-engine/web"; globalThis.about = "a page";');
  assert.ok(text.length < 100, text);
});

test("the bundle opens a challenge and brings the token", async () => {
  const { text } = await bundled(PAGE);
  const heard = [];
  const options = { url: async () => "https://ase.example/challenge/ses_1", onEvent: (type) => heard.push(type) };
  const page = vm.createContext({
    URL, AbortController, crypto, setTimeout, clearTimeout, setInterval, clearInterval, options,
    fetch: () => assert.fail("the server was asked"),
  });
  const { popup, say, region } = browser(page, { lang: "de" });
  vm.runInContext(text, page);
  await until(() => popup.at === "https://ase.example/challenge/ses_1");
  say({ ase: "hello" }, "https://evil.example");
  assert.deepEqual(popup.heard, []);
  say({ ase: "hello" }, "https://ase.example");
  const [{ data, origin }] = popup.heard;
  assert.deepEqual([data.ase, origin], ["nonce", "https://ase.example"]);
  say({ ase: "over", nonce: "guess", token: "x.y.z" }, "https://ase.example");
  say({ ase: "over", nonce: data.nonce, token: "a.b.c", close: true }, "https://ase.example");
  assert.deepEqual({ ...(await page.result) }, { status: "completed", token: "a.b.c" });
  assert.ok(popup.closed);
  await until(() => region().textContent === "Die Sicherheitsprüfung ist vorbei.");
  assert.deepEqual(heard, ["opened", "completed"]);
});
