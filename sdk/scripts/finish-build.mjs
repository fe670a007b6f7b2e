// What is to be done to sdk/dist after TypeScript: node sdk/scripts/finish-build.mjs
import { fileURLToPath } from 'node:url';
import { bundleParts } from './bundle-parts.mjs';
import { loadAllLate } from './load-late.mjs';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
await bundleParts(`${dist}parts`);
loadAllLate(dist);
