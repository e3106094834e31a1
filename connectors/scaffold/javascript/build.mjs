// Makes dist/component.wasm of src/connector.js. `ase connector build` runs this and appends connector.toml.
//
// A connector has no imports, so everything that would need one is switched off: console, Math.random, Date.now, fetch.
import { mkdir, writeFile } from 'node:fs/promises';
import { componentize } from '@bytecodealliance/componentize-js';

const { component } = await componentize({
  sourcePath: 'src/connector.js',
  witPath: 'wit',
  worldName: 'connector',
  disableFeatures: ['stdio', 'random', 'clocks', 'http', 'fetch-event'],
});
await mkdir('dist', { recursive: true });
await writeFile('dist/component.wasm', component);
