// What every step makes of real brains, and where each fails: npm run bench:steps -- [part] [brains]
// Part: intensity, mask, bias or quality. Brains: how many of the 219 shared ones, evenly from the list (default: all).
// It prints a table in Markdown, which is kept in fixtures/steps.md, and the brains beyond the limits by name.
import { readdirSync } from 'node:fs';
import { sharedData } from '../support/shared-data';
import type { BrainFigures } from './steps/brain-figures';
import { biasFigures } from './steps/bias-figures';
import { intensityFigures } from './steps/intensity-figures';
import { maskFigures } from './steps/mask-figures';
import { qualityFindings } from './steps/quality-findings';

/** Every part by its name: what it prints of brains. */
const parts: Readonly<Record<string, (folder: string, ids: readonly string[]) => Promise<BrainFigures>>> = {
  intensity: intensityFigures,
  mask: maskFigures,
  bias: biasFigures,
  quality: qualityFindings,
};

async function main(): Promise<void> {
  const [part = 'intensity', count] = process.argv.slice(2);
  if (!Object.hasOwn(parts, part))
    throw new Error(`unknown part: ${part} (${Object.keys(parts).join(', ')})`);
  const folder = sharedData('brains-219');
  if (folder === undefined)
    throw new Error('the shared brains are not here (CONCORD_DATA names their folder)');
  const all = readdirSync(folder).filter((name) => name.startsWith('sub-'));
  const some = Math.min(Number(count ?? all.length), all.length);
  const ids = Array.from({ length: some }, (_, i) => all[Math.floor((i * all.length) / some)]);
  const { columns, rows, beyond } = await parts[part](folder, ids);
  console.log(`\n${ids.length} brains\n`);
  console.log(`| ${columns.join(' | ')} |\n| ${columns.map(() => '---').join(' | ')} |`);
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
  for (const line of beyond) console.log(line);
}

void main();
