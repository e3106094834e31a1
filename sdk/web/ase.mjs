// Anti Social Engine, Web SDK: opens a challenge and says when it is over. What was decided, only your back end learns.
// The one source: a module with nothing to load beside it. For plain pages the server wraps it as `ase.js` (`ASE`).
const root = globalThis;
const VERSION = "1.0.0";
const MODES = ["auto", "popup", "redirect"];
const FEATURES = "popup,width=480,height=760";
// Between two looks at the window, in milliseconds; every so many looks the server is asked instead.
const LOOK = 500;
const LOOKS_PER_QUESTION = 4;
// So many questions in a row without an answer, and the server counts as out of reach.
const PATIENCE = 15;
const ANSWER_TIME = 5000;
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const TOKEN_MAX = 4096;
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];
const NAMES = ["opened", "waiting", "redirecting", "completed", "cancelled", "expired", "error"];
// In the order of NAMES. A new window says what `redirecting` says until the challenge has loaded.
const TEXTS = {
  en: "The security check is open in a new window.|Finish the security check in the other window.|The security check opens now.|The security check is over.|The security check was closed.|The time for the security check is over.|The security check could not be opened.",
  de: "Die Sicherheitsprüfung ist in einem neuen Fenster offen.|Schließen Sie die Sicherheitsprüfung im anderen Fenster ab.|Die Sicherheitsprüfung öffnet sich jetzt.|Die Sicherheitsprüfung ist vorbei.|Die Sicherheitsprüfung wurde geschlossen.|Die Zeit für die Sicherheitsprüfung ist vorbei.|Die Sicherheitsprüfung ließ sich nicht öffnen.",
  fr: "Le contrôle de sécurité est ouvert dans une nouvelle fenêtre.|Terminez le contrôle de sécurité dans l’autre fenêtre.|Le contrôle de sécurité va s’ouvrir.|Le contrôle de sécurité est terminé.|Le contrôle de sécurité a été fermé.|Le temps prévu pour le contrôle de sécurité est écoulé.|Le contrôle de sécurité n’a pas pu s’ouvrir.",
  es: "El control de seguridad está abierto en una ventana nueva.|Termine el control de seguridad en la otra ventana.|Ahora se abre el control de seguridad.|El control de seguridad ha terminado.|El control de seguridad se ha cerrado.|El tiempo para el control de seguridad ha terminado.|No se ha podido abrir el control de seguridad.",
  pt: "A verificação de segurança está aberta em uma nova janela.|Termine a verificação de segurança na outra janela.|A verificação de segurança vai abrir agora.|A verificação de segurança terminou.|A verificação de segurança foi fechada.|O tempo para a verificação de segurança terminou.|Não foi possível abrir a verificação de segurança.",
  it: "Il controllo di sicurezza è aperto in una nuova finestra.|Completi il controllo di sicurezza nell’altra finestra.|Ora si apre il controllo di sicurezza.|Il controllo di sicurezza è terminato.|Il controllo di sicurezza è stato chiuso.|Il tempo per il controllo di sicurezza è scaduto.|Impossibile aprire il controllo di sicurezza.",
  nl: "De veiligheidscontrole is open in een nieuw venster.|Rond de veiligheidscontrole af in het andere venster.|De veiligheidscontrole wordt nu geopend.|De veiligheidscontrole is voorbij.|De veiligheidscontrole is gesloten.|De tijd voor de veiligheidscontrole is voorbij.|De veiligheidscontrole kon niet worden geopend.",
  pl: "Kontrola bezpieczeństwa jest otwarta w nowym oknie.|Dokończ kontrolę bezpieczeństwa w drugim oknie.|Za chwilę otworzy się kontrola bezpieczeństwa.|Kontrola bezpieczeństwa dobiegła końca.|Kontrola bezpieczeństwa została zamknięta.|Czas na kontrolę bezpieczeństwa minął.|Nie udało się otworzyć kontroli bezpieczeństwa.",
  tr: "Güvenlik kontrolü yeni bir pencerede açıldı.|Güvenlik kontrolünü diğer pencerede tamamlayın.|Güvenlik kontrolü şimdi açılıyor.|Güvenlik kontrolü sona erdi.|Güvenlik kontrolü kapatıldı.|Güvenlik kontrolünün süresi doldu.|Güvenlik kontrolü açılamadı.",
  ja: "新しいウィンドウでセキュリティの確認を開きました。|別のウィンドウでセキュリティの確認を終えてください。|セキュリティの確認を開きます。|セキュリティの確認が終わりました。|セキュリティの確認が閉じられました。|セキュリティの確認の時間が切れました。|セキュリティの確認を開けませんでした。",
  "zh-Hans": "安全检查已在新窗口中打开。|请在另一个窗口中完成安全检查。|即将打开安全检查。|安全检查已结束。|安全检查已关闭。|安全检查已超时。|无法打开安全检查。",
  hi: "सुरक्षा जाँच नई विंडो में खुली है।|दूसरी विंडो में सुरक्षा जाँच पूरी करें।|अब सुरक्षा जाँच खुलेगी।|सुरक्षा जाँच ख़त्म हो गई है।|सुरक्षा जाँच बंद कर दी गई है।|सुरक्षा जाँच का समय बीत गया है।|सुरक्षा जाँच नहीं खुल सकी।",
  ar: "الفحص الأمني مفتوح في نافذة جديدة.|أكمل الفحص الأمني في النافذة الأخرى.|سيُفتح الفحص الأمني الآن.|انتهى الفحص الأمني.|أُغلق الفحص الأمني.|انتهى وقت الفحص الأمني.|تعذر فتح الفحص الأمني.",
};

let current = null;
let region = null;

// Opens the challenge. Call it right from the click: nothing may be awaited before it. Never rejects.
function challenge(options) {
  const given = options || {};
  const mode = given.mode || "auto";
  if (!root.document) return Promise.resolve(failure("no_browser"));
  if (!MODES.includes(mode)) return Promise.resolve(failure("bad_mode"));
  // a window that is open goes on; one that is gone, or was cut off, makes room for a new try
  if (current && current.popup && !current.popup.closed) {
    current.popup.focus();
    return Promise.resolve(failure("busy"));
  }
  if (current) current.stop.abort();
  // A click may open a window, but nothing that comes later may: so the window first, and its address after it.
  const popup = mode === "redirect" ? null : root.open("", "_blank", FEATURES);
  const stop = new AbortController();
  const tell = teller(given);
  current = { popup, stop };
  const run = !popup && mode === "popup" ? failure("popup_blocked") : start(given, popup, stop, tell);
  return ended(run, current, tell);
}

// Announces the end and gives the focus back to where it was.
async function ended(run, mine, tell) {
  const before = root.document.activeElement;
  const result = await run;
  if (current === mine) current = null;
  tell(result.status);
  const now = root.document.activeElement;
  if (before && before.isConnected && (!now || now === root.document.body)) before.focus();
  return result;
}

async function start(given, popup, stop, tell) {
  const { signal } = given;
  if (signal && signal.aborted) stop.abort();
  else if (signal) signal.addEventListener("abort", () => stop.abort(), { once: true });
  const gone = aborted(stop.signal);
  if (popup) write(popup, tell.words("loading"));
  let url;
  try {
    url = await Promise.race([address(given), gone]);
  } catch {
    url = undefined;
  }
  const cancelled = stop.signal.aborted || (popup && popup.closed);
  if (popup && (cancelled || !url)) popup.close();
  if (cancelled) return { status: "cancelled" };
  // no address: your back end found that nothing needs to be asked
  if (url === null) return { status: "completed" };
  if (!url) return failure("bad_url");
  return popup ? watch(popup, url, gone, tell) : leave(url, gone, tell);
}

// The address of the challenge: https (http on loopback alone), at the given origin if one is given.
async function address(given) {
  const text = await (typeof given.url === "function" ? given.url() : given.url);
  if (text === null) return null;
  const url = new URL(text);
  const secure = url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.includes(url.hostname));
  if (!secure || url.username || (given.origin && url.origin !== given.origin)) return undefined;
  return url;
}

// Goes there in this window. Whoever comes back with the back button finds the promise still waiting.
function leave(url, gone, tell) {
  tell("redirecting");
  return new Promise((resolve) => {
    gone.then(() => resolve({ status: "cancelled" }));
    root.addEventListener("pageshow", function back(event) {
      if (!event.persisted) return;
      root.removeEventListener("pageshow", back);
      resolve(settle(url));
    });
    root.location.assign(url.href);
  });
}

// Listens to the window. Where it cannot be heard (its opener was cut off, no script runs there), asks the server.
function watch(popup, url, gone, tell) {
  const nonce = random();
  return new Promise((resolve) => {
    let heard = false;
    let severed = false;
    let asking = false;
    let looks = 0;
    let misses = 0;
    const end = (result) => {
      clearInterval(timer);
      root.removeEventListener("message", hear);
      resolve(result);
    };
    // Only from that window, only from the server's origin, and the end only with this challenge's nonce.
    const hear = (event) => {
      const said = event.data;
      if (event.source !== popup || event.origin !== url.origin || !said) return;
      if (said.ase === "hello") {
        if (!heard) tell("opened");
        heard = true;
        popup.postMessage({ ase: "nonce", nonce }, url.origin);
      } else if (said.ase === "over" && said.nonce === nonce) {
        end(result(said));
        if (said.close === true) popup.close();
      }
    };
    const look = async () => {
      if (asking) return;
      const over = popup.closed || isBack(popup, url);
      if (heard && over) {
        asking = true;
        end(await settle(url));
      } else if (!heard && ++looks % LOOKS_PER_QUESTION === 0) {
        if (over && !severed) tell("waiting");
        severed = severed || over;
        asking = true;
        const state = await ask(url);
        asking = false;
        misses = state ? 0 : misses + 1;
        if (heard) return;
        if (state === "closed" || state === "expired") end(settled(state));
        else if (state === "unknown" || misses >= PATIENCE) end(failure(state ? "unknown_session" : "unreachable"));
      }
    };
    root.addEventListener("message", hear);
    const timer = setInterval(look, LOOK);
    gone.then(() => {
      popup.close();
      end({ status: "cancelled" });
    });
    popup.location.replace(url.href);
  });
}

// What the window said. A token that does not look like one is none.
function result(said) {
  if (said.expired === true) return { status: "expired" };
  const { token } = said;
  const good = typeof token === "string" && token.length <= TOKEN_MAX && TOKEN.test(token);
  return good ? { status: "completed", token } : { status: "completed" };
}

// Whether the window has come back to this site: its page took the way of the form.
function isBack(popup, url) {
  try {
    return url.origin !== root.location.origin && popup.location.origin === root.location.origin;
  } catch {
    return false;
  }
}

async function settle(url) {
  return settled(await ask(url));
}

function settled(state) {
  if (state === "closed") return { status: "completed" };
  return { status: state === "expired" ? "expired" : "cancelled" };
}

// How the challenge stands: open, closed, expired, unknown; null when nobody answers. Never how it ended.
async function ask(url) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ANSWER_TIME);
  try {
    const path = `${url.origin}${url.pathname.replace(/\/$/, "")}/status`;
    const asked = { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", signal: stop.signal };
    const answer = await root.fetch(path, asked);
    if (answer.status === 404) return "unknown";
    return answer.ok ? (await answer.json()).state : null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

function aborted(signal) {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function failure(code) {
  return { status: "error", code };
}

function random() {
  const bytes = root.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// While the window is empty it is this page's own, so a text can be put there without a style or a script.
function write(popup, words) {
  try {
    popup.document.title = words.text;
    say(popup.document.body, words);
  } catch {
    // a browser that keeps it closed shows it empty
  }
}

// Tells the page by `onEvent`, and whoever listens to the page by a region that cannot be seen.
function teller(given) {
  const page = root.document.documentElement.lang;
  const lang = [page, ...(root.navigator.languages || [])].map(known).find(Boolean) || "en";
  const texts = TEXTS[lang].split("|");
  const tell = (type) => {
    announce(tell.words(type));
    if (typeof given.onEvent === "function") Promise.resolve(type).then(given.onEvent).catch(() => {});
  };
  tell.words = (type) => {
    const own = given.messages && given.messages[type];
    if (own !== undefined) return { text: own, lang: page };
    return { text: texts[NAMES.indexOf(type === "loading" ? "redirecting" : type)], lang };
  };
  return tell;
}

// The language of TEXTS that a tag asks for: `de-AT` is German. Traditional Chinese is another script.
function known(tag) {
  const [first, ...rest] = String(tag).toLowerCase().split(/[-_]/);
  const traditional = rest.includes("hant") || (!rest.includes("hans") && /^(tw|hk|mo)$/.test(rest.at(-1)));
  const found = Object.keys(TEXTS).find((name) => name.split("-")[0] === first);
  return first === "zh" && traditional ? undefined : found;
}

// In its own language and direction, whatever those of the page are.
function say(node, { text, lang }) {
  Object.assign(node, { lang, dir: "auto", textContent: text });
}

function announce(words) {
  if (!region || !region.isConnected) {
    region = root.document.createElement("div");
    region.setAttribute("role", "status");
    // set by script and not as an attribute, which a strict Content-Security-Policy would refuse
    region.style.cssText = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap";
    root.document.body.append(region);
  }
  // a region has to be there before its text, or it is not read out
  setTimeout(() => say(region, words), 100);
}

const ASE = Object.freeze({ version: VERSION, challenge });

export { ASE as default, ASE, challenge, VERSION as version };
