// Bundles what is used of large packages into dist/parts: their files for other uses, and whole trees of packages that
// Node never calls, would be most of an installation.
import { build } from 'esbuild';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const core = require('@tensorflow/tfjs-core');

/** The folder of an installed package, where it really is, as esbuild has it; its package.json need not be for all. */
function folderOf(name) {
  for (const folder of require.resolve.paths(name)) {
    const path = join(folder, name);
    try {
      readFileSync(join(path, 'package.json'));
      return realpathSync(path);
    } catch {
      // Not in this folder.
    }
  }
  throw new Error(`${name} is not installed (npm ci)`);
}

/** What tfjs-core has and does not show. Gradients are given tensors, never plain values. */
const replacements = {
  'engine.js': 'export const ENGINE = core.engine();',
  'tensor_util_env.js': `export function convertToTensor(x, argument, operation) {
    if (x instanceof core.Tensor) return x;
    throw new Error('argument ' + argument + ' of ' + operation + ' is no tensor');
  }`,
};

/**
 * Gradients that tfjs-core has, but does not let Node load: they are in files for bundlers. Whatever else they use is
 * that of the one tfjs-core which computes, wherever it shows it.
 */
const onTfjsCore = {
  name: 'on-tfjs-core',
  setup({ onResolve, onLoad }) {
    const top = join(folderOf('@tensorflow/tfjs-core'), 'dist');
    const shown = {
      root: core,
      util: core.util,
      backend_util: core.backend_util,
      slice_util: core.slice_util,
    };
    onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
      if (!resolveDir.startsWith(top)) return undefined;
      const file = `${join(resolveDir, path)}.js`;
      if (file.startsWith(join(top, 'gradients'))) return { path: file };
      const replaced = relative(top, file);
      if (replaced in replacements) return { path: replaced, namespace: 'shown' };
      const names = exportsOf(file);
      const place = Object.keys(shown).find((one) => names.every((name) => name in shown[one]));
      if (place === undefined) return { path: file };
      return { path: file, namespace: 'shown', pluginData: { place, names } };
    });
    onLoad({ filter: /.*/, namespace: 'shown' }, ({ path, pluginData }) => {
      const from = "const core = require('@tensorflow/tfjs-core');";
      if (path in replacements) return { contents: from + replacements[path], resolveDir: top };
      const { place, names } = pluginData;
      const object = place === 'root' ? 'core' : `core.${place}`;
      const lines = names.map((name) => `export const ${name} = ${object}.${name};`);
      return { contents: [from, ...lines].join('\n'), resolveDir: top };
    });
  },
};

/** What a file of tfjs-core exports. */
function exportsOf(file) {
  const text = readFileSync(file, 'utf8');
  const declared = [...text.matchAll(/^export (?:const|let|function|async function|class) (\w+)/gm)];
  const variables = [...text.matchAll(/^export var (\w+)/gm)];
  const listed = [...text.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names]) => names.split(','));
  const names = listed.map((name) => name.trim().replace(/^.* as /, '')).filter((name) => name !== '');
  const passedOn = [...text.matchAll(/^export \* from '([^']+)'/gm)].flatMap(([, path]) =>
    exportsOf(`${join(dirname(file), path)}.js`),
  );
  return [...[...declared, ...variables].map(([, name]) => name), ...names, ...passedOn];
}

/** What Concord uses of the packages for Parquet, whose own files Node can only load as ES modules. */
const parquet = `
export { parquetMetadataAsync, parquetSchema, snappyUncompress } from 'hyparquet';
export { parquetHeader } from 'hyparquet/src/column.js';
export { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
export { readPlain } from 'hyparquet/src/plain.js';
export { byteStreamSplit } from 'hyparquet/src/encoding.js';
export * as delta from 'hyparquet/src/delta.js';
export { alpDecode } from 'hyparquet/src/alp.js';
export { Decompress } from 'fzstd';
`;

/** Each part: its file, what it is bundled from, and how. */
const bundles = [
  {
    outfile: 'tfjs-gradients.cjs',
    contents: `import '${join(folderOf('@tensorflow/tfjs-core'), 'dist/register_all_gradients.js')}';`,
    external: ['@tensorflow/tfjs-core'],
    plugins: [onTfjsCore],
  },
  {
    outfile: 'tfjs-backend-webgpu.cjs',
    contents: "export * from '@tensorflow/tfjs-backend-webgpu';",
    external: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu', 'seedrandom'],
    // The build for Node, as it is: bundling its sources would bring a tfjs-core of their own.
    mainFields: ['main'],
  },
  { outfile: 'parquet.cjs', contents: parquet },
  {
    outfile: 'parquet-writer.cjs',
    contents: "export { fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';",
  },
  {
    outfile: 'elastix.mjs',
    contents: `export { default as elastixNode } from '${join(folderOf('@itk-wasm/elastix'), 'dist/elastix-node.js')}';`,
    format: 'esm',
  },
];

/** Files that are copied. */
const copies = [
  ['@niivue/niivue', 'dist/niivue.umd.js', 'niivue.umd.js'],
  ['@itk-wasm/elastix', 'dist/pipelines/elastix.js', 'pipelines/elastix.js'],
  ['@itk-wasm/elastix', 'dist/pipelines/elastix.wasm.zst', 'pipelines/elastix.wasm.zst'],
];

/** The packages that a bundle is made of, by the files in it. */
function packagesOf({ metafile }) {
  const names = Object.keys(metafile.inputs).map(
    (file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1],
  );
  return names.filter((name) => name !== undefined);
}

/** The licenses of all that was bundled, which ask to go with it. */
function licensesOf(names) {
  return [...new Set(names)].sort().map((name) => {
    const folder = folderOf(name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((one) => /^(licen[cs]e|copying)/i.test(one));
    const text = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
    return `${name} ${version}: ${license}${text}\n`;
  });
}

/** Bundles all parts into `folder`. */
export async function bundleParts(folder) {
  // Bundles name their files from here, so that they are the same wherever the package is built.
  const absWorkingDir = join(folderOf('@tensorflow/tfjs-core'), '../../..');
  mkdirSync(join(folder, 'pipelines'), { recursive: true });
  const names = copies.map(([name]) => name);
  for (const { outfile, contents, ...options } of bundles) {
    const result = await build({
      bundle: true,
      platform: 'node',
      target: 'node20',
      logLevel: 'error',
      metafile: true,
      absWorkingDir,
      stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
      outfile: join(folder, outfile),
      ...options,
    });
    names.push(...packagesOf(result));
  }
  for (const [name, file, as] of copies) copyFileSync(join(folderOf(name), file), join(folder, as));
  // Elastix's start-up script is an ES module in a file .js.
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  writeFileSync(join(folder, 'LICENSES.txt'), licensesOf(names).join('\n-----\n\n'));
}
