// The same for `import`, in a page and in a bundler.
import "./ase.js";

const { ASE } = globalThis;
export const { challenge, version } = ASE;
export { ASE };
export default ASE;
