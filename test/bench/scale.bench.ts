// `npm run bench:scale`: what each step costs as what it works on grows by 2, 4 and 8, as a table of fitted exponents in
// Markdown, and whether any step grows faster than its formula says.
//     npm run bench:scale -- [--quick] [--steps audit,combat] [--grows subjects] [--repeats N] [--write]
// Each measurement is a process of its own; sizes take turns, and what is shown are medians of the processor's seconds, which
// depend less on what else the machine does. `--quick` stops at 4 times the size, and runs each once.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from 'simple-statistics';
import { buildSdkWhenStale } from '../../scripts/build-sdk';
import { checkout } from '../../scripts/checkout';
import type { Ladder } from './scale/ladders';
import { fittedExponent, ladders, sizeTimes } from './scale/ladders';

interface Cost {
  readonly cpu: number;
  readonly seconds: number;
  readonly mebibytes: number;
}

/** The least memory that is told from none. */
const leastMemory = 4;

function runStep({ step }: Ladder, size: object, folder: string): Cost {
  const build = resolve(checkout, 'sdk', 'dist', 'index.js');
  const program = join(__dirname, 'scale', 'run-step.cjs');
  const args = ['--expose-gc', program, build, step, JSON.stringify(size), folder];
  const result = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${step} ${JSON.stringify(size)} failed:\n${result.stderr}`);
  return JSON.parse(result.stdout.trim().split('\n').at(-1) ?? '') as Cost;
}

interface Measured {
  readonly ladder: Ladder;
  readonly cpu: readonly number[];
  readonly memory: readonly number[];
}

function measure(
  ladder: Ladder,
  times: readonly number[],
  run: { folder: string; repeats: number },
): Measured {
  const costs = times.map((): Cost[] => []);
  for (let repeat = 0; repeat < run.repeats; repeat++) {
    times.forEach((by, at) => costs[at].push(runStep(ladder, sizeTimes(ladder, by), run.folder)));
  }
  const cpu = costs.map((own) => median(own.map((cost) => cost.cpu)));
  const memory = costs.map((own) => Math.max(leastMemory, median(own.map(({ mebibytes }) => mebibytes))));
  return { ladder, cpu, memory };
}

function rowOf({ ladder, cpu, memory }: Measured, times: readonly number[]): string {
  const { step, grows, power, formula } = ladder;
  const shown = (values: readonly number[], digits: number): string =>
    values.map((value) => value.toFixed(digits)).join(', ');
  const exponent = (costs: readonly number[]): string => fittedExponent(times, costs).toFixed(2);
  const cells = [
    step,
    grows,
    shown(cpu, 2),
    exponent(cpu),
    shown(memory, 0),
    exponent(memory),
    power,
    formula,
  ];
  return `| ${cells.join(' | ')} |`;
}

const page = join(checkout, 'guide', 'scale.md');

/** Puts the rows of a table in the guide in the place of those of the same steps, and the day, machine and version above them. */
function writeRows(rows: readonly string[]): void {
  const text = readFileSync(page, 'utf8');
  const keyOf = (row: string): string =>
    row
      .split('|')
      .slice(1, 3)
      .map((cell) => cell.trim())
      .join(' ');
  const lines = text.split('\n');
  for (const row of rows) {
    const at = lines.findIndex((line) => line.startsWith('|') && keyOf(line) === keyOf(row));
    if (at === -1) throw new Error(`${page} has no row of ${keyOf(row)}`);
    lines[at] = row;
  }
  const day = new Date().toISOString().slice(0, 10);
  const machine = `Measured ${day}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`;
  const at = lines.findIndex((line) => line.startsWith('Measured '));
  if (at === -1) throw new Error(`${page} does not say when it was measured`);
  lines[at] = `${machine}.`;
  writeFileSync(page, lines.join('\n'));
}

function main(): void {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      steps: { type: 'string', default: ladders.map(({ step }) => step).join(',') },
      grows: { type: 'string' },
      repeats: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  const times = values.quick ? [1, 2, 4] : [1, 2, 4, 8];
  const repeats = Number(values.repeats ?? 1);
  const folder = mkdtempSync(join(tmpdir(), 'concord-scale-'));
  try {
    buildSdkWhenStale((step) => console.log(`bench: ${step}`));
    const chosen = values.steps.split(',');
    const measured = ladders
      .filter(({ step, grows }) => chosen.includes(step) && (values.grows ?? grows) === grows)
      .map((ladder) => measure(ladder, times, { folder, repeats }));
    if (values.write) writeRows(measured.map((one) => rowOf(one, times)));
    const sizes = times.map((by) => `${by}×`).join(', ');
    console.log(`Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}\n`);
    console.log(
      `| step | grows | seconds of the processor at ${sizes} | exponent | MiB more at ${sizes} | exponent | at most | formula |`,
    );
    console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
    for (const one of measured) console.log(rowOf(one, times));
    console.log('');
    // Cost at the largest size over what the formula makes of the cost at the smallest: above 1, it grows faster.
    for (const { ladder, cpu } of measured) {
      const growth = cpu[cpu.length - 1] / cpu[0] / times[times.length - 1] ** ladder.power;
      console.log(`ratio scale-${ladder.step}-${ladder.grows} ${growth.toFixed(4)}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main();
