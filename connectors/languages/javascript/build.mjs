// Makes the component: sources and interface to WebAssembly, the manifest behind it.
//
//     node build.mjs [output.wasm] [quickjs | spidermonkey]
//
// Packages are looked for in the working directory, where `npm ci` put them: for SpiderMonkey those of
// `spidermonkey/package.json`.

import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const require = createRequire(join(process.cwd(), 'package.json'));
const toml = require('smol-toml');

const here = dirname(fileURLToPath(import.meta.url));
const entry = join(here, 'src', 'connector.js');
const witPath = join(here, '..', '..', '..', 'wit');

/** The engines that can be inside, and how each is put around the sources. */
const engines = {
  async quickjs() {
    const { componentize } = require('componentize-qjs');
    const { component } = await componentize({
      witPath,
      world: 'connector',
      jsPath: entry,
      jsSource: await readFile(entry, 'utf8'),
      moduleRoot: join(here, 'src'),
      // A connector imports nothing. What the engine would ask of WASI it never needs here, and a call of it traps.
      stubWasi: true,
      // The host speaks the plain ABI; the other one needs streams and tasks that a connector has no use for.
      sync: true,
    });
    return component;
  },

  async spidermonkey() {
    // The package is a module through and through, which `require` does not find.
    const packaged = join(process.cwd(), 'node_modules', '@bytecodealliance', 'componentize-js', 'src', 'componentize.js');
    const { componentize } = await import(pathToFileURL(packaged));
    const { component } = await componentize({
      witPath,
      worldName: 'connector',
      sourcePath: entry,
      // A connector imports nothing.
      disableFeatures: ['stdio', 'random', 'clocks', 'http', 'fetch-event'],
    });
    return component;
  },
};

const engine = process.argv[3] ?? 'quickjs';
const manifest = toml.parse(await readFile(join(here, 'connector.toml'), 'utf8'));
if (engine !== 'quickjs') {
  // Both may be installed at once.
  manifest.id = `github-${engine}`;
  manifest.title += `, with another engine inside`;
  // A large body takes longer in it.
  manifest.limits.deadline_ms = 250;
}
const output = process.argv[2] ?? `${manifest.id}.wasm`;
const component = await engines[engine]();
await writeFile(output, Buffer.concat([component, section('ase:manifest', Buffer.from(JSON.stringify(manifest)))]));

/** A custom section as the binary format of WebAssembly writes it. */
function section(name, content) {
  const body = Buffer.concat([leb128(name.length), Buffer.from(name), content]);
  return Buffer.concat([Buffer.from([0]), leb128(body.length), body]);
}

/** Unsigned LEB128: seven bits a byte, the lowest first. */
function leb128(value) {
  const bytes = [];
  for (; value > 0x7f; value >>>= 7) {
    bytes.push((value & 0x7f) | 0x80);
  }
  return Buffer.from([...bytes, value]);
}
