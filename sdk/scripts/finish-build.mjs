// What is to be done to sdk/dist after TypeScript: node sdk/scripts/finish-build.mjs
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleParts } from './bundle-parts.mjs';
import { loadAllLate } from './load-late.mjs';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
// Written last of all parts. They change with the packages only, whose versions are pinned.
const parts = `${dist}parts`;
const made = changedAt(`${parts}/LICENSES.txt`);
const sources = ['bundle-parts.mjs', '../package.json', '../../package-lock.json'];
if (sources.some((name) => changedAt(fileURLToPath(new URL(name, import.meta.url))) > made))
  await bundleParts(parts);
loadAllLate(dist);

function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
