// The tests of a machine that has more than Node.js (Python, native TensorFlow, a graphics card, a browser, Jupyter, Slurm, real
// data), after all tests have run on one that has nothing else: the second stage of .ci/run. Left out is what cannot be another
// there. A test file that is named nowhere here runs, and so does one of the rooms below that
// - can skip tests for want of something (test/support/skipping.ts), real data included, or
// - can come to a network, which the fastest backend of the machine runs, or starts programs.
const { existsSync, readFileSync, statSync } = require('node:fs');
const { dirname, join } = require('node:path');
const all = require('./.mocharc.all.cjs');

const words = (text) => text.trim().split(/\s+/);

/** Rooms of tests, in which each file is looked at. */
const rooms = words(`
  baselines combat data evaluate federate intensity io maps math nn/backend/wasm-kernels plot preprocess report simulate
`);

// Files that are left out although a network can be come to from their imports, or a program is started:

/** Every network in them runs on the backend that the test names, wasm or cpu. */
const onNamedBackends = words(`
  cli/compare cli/printed-remedies cli/scans/audit-scans cli/slurm/write-jobs compare/compare-methods contract
  evaluate/images-audit/audit-images methods/save-model scripts/fuzz
  nn/backend/start-wasm nn/backend/wasm-threads nn/blocks/conv2d nn/blocks/dropout nn/blocks/norm nn/blocks/residual-block
  nn/blocks/second-order nn/blocks/time-embedding nn/images/image-model nn/ops/wasm/fused-ops nn/ops/wasm/wasm-ops
  nn/train/killed-training nn/train/train
`);

/** No network runs, nor anything else that one machine has and another has not. (What cli/main needs real data for is [long].) */
const withoutNetworks = words(`
  cli/apply cli/apply-remembers cli/audit cli/bad-input cli/batches cli/combat-family cli/federate cli/longitudinal cli/main
  cli/maps/maps cli/preprocess cli/remedies cli/scans/harmonize-intensities cli/scans/harmonize-pixels cli/scans/in-threads
  cli/scans/side-by-side cli/signals cli/tables/table-flags
  combat/combinations combat/longitudinal/longitudinal evaluate/family-in-folds preprocess/slices/cut-alike
  io/files/folder-lock io/files/taking-turns io/networks/checkpoint-folder
  front-door-rule guide load-late methods/no-switchboards models-package notebooks/typed-cells one-name package public-types words
`);

const named = [...onNamedBackends, ...withoutNetworks];

/** What a file of TypeScript imports from our own files, when it is loaded or later. */
function importsOf(source, file) {
  const found = [
    ...source.matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from\s+'(\.[^']+)'/gm),
    ...source.matchAll(/\bimport\('(\.[^']+)'\)/g),
  ];
  return found.map(([, path]) => join(dirname(file), path.replace(/\.js$/, '')).replaceAll('\\', '/'));
}

const known = new Map();

/** A file, what it imports, and whether it starts programs. */
function moduleOf(file) {
  if (!known.has(file)) {
    const source = readFileSync(file, 'utf8');
    const imports = importsOf(source, file)
      .map((path) =>
        [`${path}.ts`, `${path}/index.ts`, path].find((one) => existsSync(one) && statSync(one).isFile()),
      )
      .filter(Boolean);
    known.set(file, { imports, starts: /\bnode:(child_process|worker_threads)\b/.test(source) });
  }
  return known.get(file);
}

const needs = ['test/support/skipping.ts', 'test/support/shared-data.ts', 'sdk/nn/backend/use-backend.ts'];

/** Whether a test file can come to what may differ on a machine that has more. */
function asksForMore(test) {
  const reached = new Set([test]);
  for (const file of reached) {
    const { imports, starts } = moduleOf(file);
    if (needs.includes(file) || (starts && /^(test|scripts)\//.test(file))) return true;
    imports.forEach((path) => reached.add(path));
  }
  return false;
}

const isIn = (test, room) => test.startsWith(`test/${room}/`);
const leftOut = (test) =>
  named.includes(test.slice('test/'.length, -'.test.ts'.length)) ||
  (rooms.some((room) => isIn(test, room)) && !asksForMore(test));

const gone = [
  ...named.filter((name) => !all.spec.includes(`test/${name}.test.ts`)),
  ...rooms.filter((room) => !all.spec.some((test) => isIn(test, room))),
  ...needs.filter((file) => !existsSync(file)),
];
if (gone.length > 0)
  throw new Error(`no longer there, but listed in .mocharc.beyond-node.cjs: ${gone.join(', ')}`);

module.exports = { ...all, spec: all.spec.filter((test) => !leftOut(test)) };
