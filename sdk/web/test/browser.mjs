// As much of a browser as the module needs, put into `root`: a page, and the window that it opens.
export function browser(root, { lang = "", languages = [] } = {}) {
  const hearers = new Set();
  const regions = [];
  const popup = { closed: false, heard: [], document: { body: {} }, location: {}, focus() {} };
  popup.location.replace = (address) => { popup.at = address; };
  popup.postMessage = (data, origin) => popup.heard.push({ data, origin });
  popup.close = () => { popup.closed = true; };
  const body = { append: (region) => regions.push(region) };
  const element = () => ({
    style: {},
    get isConnected() { return root.document.body === body; },
    setAttribute(name, value) { this[name] = value; },
  });
  const parts = {
    document: { documentElement: { lang }, body, activeElement: body, createElement: element },
    navigator: { languages },
    location: { origin: "https://shop.example" },
    open: () => popup,
    addEventListener: (type, hearer) => type === "message" && hearers.add(hearer),
    removeEventListener: (_, hearer) => hearers.delete(hearer),
  };
  for (const [name, value] of Object.entries(parts)) {
    Object.defineProperty(root, name, { value, configurable: true, writable: true });
  }
  // what the window of the challenge says to the page
  const say = (data, origin) => [...hearers].forEach((hearer) => hearer({ source: popup, origin, data }));
  return { popup, say, region: () => regions.at(-1) };
}

// Looks until there is something; a test that waits in vain fails.
export async function until(look) {
  for (let tries = 0; tries < 500; tries += 1) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`waited in vain for ${look}`);
}
