// Compiles the WebAssembly modules, which are AssemblyScript (.as, so that TypeScript's own tools leave it alone), each from
// its folder `source` to the file `compiled.ts` beside it: npm run build:wasm. Needs the package assemblyscript.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const sdk = join(dirname(fileURLToPath(import.meta.url)), '../sdk');

await compile(join(sdk, 'math/wasm'), 'tableModule');
await compile(join(sdk, 'nn/backend/wasm-module'), 'networkModule');

/** Writes the module as an object of this name. */
async function compile(folder, name) {
  const sources = join(folder, 'source');
  const written = new Map();
  const readSource = (name) => {
    try {
      return readFileSync(join(sources, name.replace(/\.ts$/, '.as')), 'utf8');
    } catch {
      return null;
    }
  };
  // The memory is imported and nothing of our own is put in it: no heap, no static data.
  const options = [
    '--importMemory',
    '--noExportMemory',
    '--runtime',
    'stub',
    '--use',
    'abort=',
    '--noAssert',
  ];
  const features = ['--enable', 'simd', '--enable', 'bulk-memory'];
  const { error, stderr } = await main(
    ['index.ts', '--outFile', 'module.wasm', '-O3', ...features, ...options],
    { readFile: readSource, writeFile: (name, contents) => written.set(name, contents), listFiles: () => [] },
  );
  if (error !== null) throw new Error(`${error.message}\n${stderr.toString()}`);

  const hash = createHash('sha256');
  for (const file of readdirSync(sources).sort()) hash.update(readFileSync(join(sources, file)));
  const lines = Buffer.from(written.get('module.wasm'))
    .toString('base64')
    .match(/.{1,100}/g);
  writeFileSync(
    join(folder, 'compiled.ts'),
    `// Made by scripts/build-wasm-module.mjs from the folder source; not for editing.

/** A module in base64, and the SHA-256 of the files it was made from, in the order of their names. */
export const ${name}: { readonly code: string; readonly sourceHash: string } = {
  sourceHash: '${hash.digest('hex')}',
  code: [
${lines.map((line) => `    '${line}',`).join('\n')}
  ].join(''),
};
`,
  );
}
