import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import * as sdk from "../ase.mjs";
import { browser, until } from "./browser.mjs";

const OVER = {
  en: "The security check is over.", de: "Die Sicherheitsprüfung ist vorbei.", fr: "Le contrôle de sécurité est terminé.",
  es: "El control de seguridad ha terminado.", pt: "A verificação de segurança terminou.",
  it: "Il controllo di sicurezza è terminato.", nl: "De veiligheidscontrole is voorbij.",
  pl: "Kontrola bezpieczeństwa dobiegła końca.", tr: "Güvenlik kontrolü sona erdi.",
  ja: "セキュリティの確認が終わりました。", "zh-Hans": "安全检查已结束。", hi: "सुरक्षा जाँच ख़त्म हो गई है।",
  ar: "انتهى الفحص الأمني.",
};

async function announced(page, options = {}) {
  const { region } = browser(globalThis, page);
  assert.deepEqual(await sdk.challenge({ url: null, ...options }), { status: "completed" });
  return until(() => region()?.textContent && region());
}

// first of all, while nothing here pretends to be a browser
test("on a server it does nothing and says so", async () => {
  assert.deepEqual(await sdk.challenge({ url: null }), { status: "error", code: "no_browser" });
});

test("what is exported is what is declared", async () => {
  const declared = await readFile(new URL("../ase.d.mts", import.meta.url), "utf8");
  const names = [...declared.matchAll(/^export (?:declare )?(?:const|function) (\w+)/gm)].map((match) => match[1]);
  assert.match(declared, /^export default ASE;$/m);
  assert.deepEqual(Object.keys(sdk).sort(), [...names, "default"].sort());
  assert.equal(sdk.default, sdk.ASE);
  const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
  assert.deepEqual([sdk.version, sdk.ASE.version], [version, version]);
});

test("every language has a text for everything that is announced", async () => {
  const source = await readFile(new URL("../ase.mjs", import.meta.url), "utf8");
  const names = JSON.parse(source.match(/^const NAMES = (.+);$/m)[1]);
  const texts = [...source.matchAll(/^ {2}"?([\w-]+)"?: "(.+\|.+)",$/gm)];
  assert.deepEqual(texts.map(([, lang]) => lang), Object.keys(OVER));
  for (const [, lang, text] of texts) {
    const own = text.split("|");
    assert.equal(own.length, names.length, lang);
    assert.equal(new Set(own.filter((one) => one.trim())).size, names.length, lang);
  }
});

test("it speaks the language of the page", async () => {
  for (const [lang, over] of Object.entries(OVER)) {
    const region = await announced({ lang, languages: ["en"] });
    assert.deepEqual([region.textContent, region.lang, region.dir, region.role], [over, lang, "auto", "status"]);
  }
});

test("else that of the person, else English", async () => {
  const table = [
    ["de-AT", ["fr"], "de"], ["PT_br", ["fr"], "pt"], ["", ["sv", "fr-CA", "it"], "fr"], ["sv", ["it"], "it"],
    ["zh", [], "zh-Hans"], ["zh-CN", [], "zh-Hans"], ["zh-Hans-HK", [], "zh-Hans"], ["zh-TW", ["ja"], "ja"],
    ["zh-Hant-CN", ["ja"], "ja"], ["zh-Hant", [], "en"], ["sv", [], "en"], ["", undefined, "en"],
    ["toString", ["-"], "en"],
  ];
  for (const [lang, languages, spoken] of table) {
    assert.equal((await announced({ lang, languages })).lang, spoken, `${lang} ${languages}`);
  }
});

test("a text of the page's own takes the place of one, and is in the page's language", async () => {
  const messages = { completed: "Klart." };
  const region = await announced({ lang: "sv", languages: ["fr"] }, { messages });
  assert.deepEqual([region.textContent, region.lang], ["Klart.", "sv"]);
  const { popup, region: latest } = browser(globalThis, { lang: "sv", languages: ["fr"] });
  assert.equal((await sdk.challenge({ url: "http://evil.example", messages })).code, "bad_url");
  const other = await until(() => latest()?.textContent && latest());
  assert.deepEqual([other.textContent, other.lang], ["Le contrôle de sécurité n’a pas pu s’ouvrir.", "fr"]);
  // the new window, before there is an address
  assert.deepEqual([popup.document.title, popup.document.body.lang], ["Le contrôle de sécurité va s’ouvrir.", "fr"]);
});
