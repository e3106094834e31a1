// Where the server is, which key to use, and which script the server publishes.
import { readFile } from "node:fs/promises";

import { Ase } from "../../node/src/index.js";

export async function settings(environment = process.env) {
  let { ASE_URL: url, ASE_KEY: key } = environment;
  if (!url || !key) {
    const demo = JSON.parse(await readFile(environment.ASE_DEMO ?? ".ase/demo.json", "utf8"));
    url = demo.base_url;
    key = demo.api_key;
  }
  // the address of the script and the hash that browsers hold it to
  const published = await fetch(`${url}/sdk/v1/integrity.json`).then((answer) => answer.json());
  return {
    ase: new Ase({ url, key }),
    aseOrigin: new URL(url).origin,
    sdk: published.files["ase.js"],
    port: Number(environment.SHOP_PORT ?? 3000),
    headers: JSON.parse(environment.SHOP_HEADERS ?? "{}"),
  };
}
