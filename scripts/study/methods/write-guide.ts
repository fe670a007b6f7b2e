// Writes the tables of guide/methods-compared.md from the stored results of the study:
// npm run study:guide -- [--from fixtures/study] [--guide guide/methods-compared.md]
// The table of a ground is that in the part of the page whose heading ends with its name; what is around it stays.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { readJson } from './kept';
import { guideTable } from './study-table';
import type { StudyStep } from './study-types';

const { values: given } = parseArgs({
  options: {
    from: { type: 'string', default: 'fixtures/study' },
    guide: { type: 'string', default: 'guide/methods-compared.md' },
  },
});

async function main(): Promise<void> {
  const path = join(given.from, 'methods.json');
  if (!existsSync(path)) throw new Error(`missing results: ${path} (npm run study:methods makes them)`);
  const steps = readJson<readonly StudyStep[]>(path) ?? [];
  const parts = readFileSync(given.guide, 'utf8').split(/^(?=## )/m);
  const written = parts.map((part) => {
    const ground = /^## .*`([a-z-]+)`$/m.exec(part.split('\n')[0])?.[1];
    const own = steps.filter((step) => step.ground === ground && step.seed === 1);
    return own.length === 0 ? part : part.replace(/^\|.*\n(?:\|.*\n)*/m, guideTable(own));
  });
  writeFileSync(given.guide, await format(written.join(''), { parser: 'markdown', printWidth: 130 }));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
