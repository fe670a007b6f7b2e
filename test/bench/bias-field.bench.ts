// N4 here against SimpleITK's (2 threads), at the same settings: times, how well the fields agree, and how well both
// recover fields that are known.
//     node --import tsx test/bench/bias-field.bench.ts [--repeats N]
// The real heads are those of the shared data; without them only the phantom is measured.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkout } from '../../scripts/checkout';
import { ensurePythonEnvironment } from '../../scripts/python-environment';
import { makeAffine } from '../../sdk/data/images/affine';
import { makeVolume } from '../../sdk/data/images/volume';
import { biasField } from '../../sdk/preprocess/bias-field/bias-field';
import { sharedData } from '../support/shared-data';
import type { BiasCase } from './bias-field-cases';
import { ellipsoidPhantom, readCase, readFloats, simulatedLogField, writeCase } from './bias-field-cases';

/** The two programs' answers on one case. */
interface Answers {
  readonly bias: BiasCase;
  readonly ours: Float32Array;
  readonly theirs: Float32Array;
  readonly ourSeconds: number;
  readonly theirSeconds: number;
  readonly iterations: readonly number[];
}

function runPeer(python: string, args: readonly string[]): string {
  const result = spawnSync(python, [join(__dirname, 'bias-field-peer.py'), ...args], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`the peer failed:\n${result.stdout}${result.stderr}`);
  return result.stdout;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

/** Corrects a case with both programs; the median time of the repeats. */
async function answer(bias: BiasCase, python: string, repeats: number): Promise<Answers> {
  const theirs = JSON.parse(runPeer(python, ['correct', bias.folder, String(repeats)])) as number[];
  const { shape, spacing, shrink, data, mask, otsu } = bias;
  const volume = makeVolume(data, { shape, affine: makeAffine(spacing) }, otsu ? {} : { mask });
  const seconds: number[] = [];
  let result = await biasField(volume, { shrinkFactor: shrink });
  for (let repeat = 0; repeat < repeats; repeat++) {
    const started = performance.now();
    result = await biasField(volume, { shrinkFactor: shrink });
    seconds.push((performance.now() - started) / 1000);
  }
  return {
    bias,
    ours: result.field.data.map(Math.log),
    theirs: readFloats(join(bias.folder, 'log-field.f32')),
    ourSeconds: median(seconds),
    theirSeconds: median(theirs),
    iterations: result.levels.map((level) => level.iterations),
  };
}

/** Mean, standard deviation and correlation of two series over the voxels taken. */
function compare(
  one: Float32Array,
  other: Float32Array,
  taken: Uint8Array,
): { r: number; sdOne: number; sdDifference: number } {
  let n = 0;
  let a = 0;
  let b = 0;
  let aa = 0;
  let bb = 0;
  let ab = 0;
  for (let i = 0; i < taken.length; i++) {
    if (taken[i] === 0) continue;
    n++;
    a += one[i];
    b += other[i];
    aa += one[i] ** 2;
    bb += other[i] ** 2;
    ab += one[i] * other[i];
  }
  const va = aa / n - (a / n) ** 2;
  const vb = bb / n - (b / n) ** 2;
  const cab = ab / n - (a * b) / n ** 2;
  return { r: cab / Math.sqrt(va * vb), sdOne: Math.sqrt(va), sdDifference: Math.sqrt(va + vb - 2 * cab) };
}

/** Voxels like white matter: those of the clean image between two quantiles of its intensity in the mask. */
function whiteMatter(clean: Float32Array, mask: Uint8Array): Uint8Array {
  const sorted = clean.filter((_, i) => mask[i] !== 0).sort();
  const low = sorted[Math.floor(0.7 * sorted.length)];
  const high = sorted[Math.floor(0.95 * sorted.length)];
  return mask.map((inside, i) => (inside !== 0 && clean[i] >= low && clean[i] <= high ? 1 : 0));
}

/** The coefficient of variation in percent of an image divided by a log field, over the voxels taken. */
function variation(data: Float32Array, logField: Float32Array | undefined, taken: Uint8Array): number {
  let n = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < taken.length; i++) {
    if (taken[i] === 0) continue;
    const value = logField === undefined ? data[i] : data[i] / Math.exp(logField[i]);
    n++;
    sum += value;
    squares += value ** 2;
  }
  return (100 * Math.sqrt(squares / n - (sum / n) ** 2)) / (sum / n);
}

function printAgreement({ bias, ours, theirs, ourSeconds, theirSeconds, iterations }: Answers): void {
  const { r, sdOne, sdDifference } = compare(ours, theirs, bias.mask);
  console.log(
    `${bias.name.padEnd(34)} r ${r.toFixed(4)}  SD of log field ${sdOne.toFixed(3)}, of the difference ${sdDifference.toFixed(4)}  ` +
      `time ${ourSeconds.toFixed(2)} s / ${theirSeconds.toFixed(2)} s = ${(ourSeconds / theirSeconds).toFixed(3)}  iterations ${iterations.join(' ')}`,
  );
}

function printRecovery({ bias, ours, theirs }: Answers): void {
  if (bias.truth === undefined || bias.clean === undefined) return;
  const white = whiteMatter(bias.clean, bias.mask);
  const figures = [ours, theirs].map((field) => {
    const { r, sdDifference } = compare(bias.truth as Float32Array, field, bias.mask);
    return `r ${r.toFixed(4)}, SD of log(true/estimated) ${sdDifference.toFixed(4)}, white matter ${variation(bias.data, field, white).toFixed(2)} %`;
  });
  console.log(
    `${bias.name.padEnd(34)} white matter clean ${variation(bias.clean, undefined, white).toFixed(2)} %, with the field ${variation(bias.data, undefined, white).toFixed(2)} %\n` +
      `    ours ${figures[0]}\n    ITK  ${figures[1]}`,
  );
}

/** A clean image with each of the known fields on it, and with none. */
function withKnownFields(clean: BiasCase): BiasCase[] {
  const none = { ...clean, truth: new Float32Array(clean.data.length), clean: clean.data };
  const fields = (['polynomial', 'coil'] as const).flatMap((kind) =>
    [0.2, 0.4].map((amplitude) => {
      const truth = simulatedLogField(clean, kind, amplitude);
      const data = clean.data.map((value, i) => value * Math.exp(truth[i]));
      const name = `${clean.name} ${kind} ${100 * amplitude} %`;
      return {
        ...clean,
        name,
        folder: `${clean.folder}-${kind}-${amplitude}`,
        data,
        truth,
        clean: clean.data,
      };
    }),
  );
  return [{ ...none, name: `${clean.name}, no field` }, ...fields].map(writeCase);
}

function realHeads(folder: string, python: string): BiasCase[] {
  const heads = sharedData('heads');
  if (heads === undefined) {
    console.log('no shared heads here: only the phantom is measured');
    return [];
  }
  const names = readdirSync(heads).filter((name) => name.endsWith('_T1_2mm.nii.gz'));
  return names.map((file) => {
    const name = file.slice(0, 6);
    const labels = file.replace('.nii.gz', '_DLMUSE.nii.gz');
    runPeer(python, ['prepare', join(folder, name), join(heads, file), join(heads, labels)]);
    return readCase(name, join(folder, name));
  });
}

async function measure(folder: string, python: string, repeats: number): Promise<void> {
  const ratios: number[] = [];
  const clean: BiasCase[] = [];
  console.log(
    '\nReal heads, in the brain mask and without one: log fields in the brain, ours and SimpleITK’s',
  );
  for (const head of realHeads(folder, python)) {
    const inBrain = await answer(head, python, repeats);
    const whole = writeCase({
      ...head,
      name: `${head.name}, no mask`,
      folder: `${head.folder}-whole`,
      otsu: true,
    });
    const inHead = await answer(whole, python, repeats);
    for (const answers of [inBrain, inHead]) {
      printAgreement(answers);
      ratios.push(answers.ourSeconds / answers.theirSeconds);
    }
    const data = head.data.map((value, i) => value / Math.exp((inBrain.ours[i] + inBrain.theirs[i]) / 2));
    clean.push({ ...head, name: `${head.name} cleaned`, folder: `${head.folder}-clean`, data });
  }
  if (ratios.length > 0) console.log(`median time, ours / SimpleITK’s: ${median(ratios).toFixed(3)}`);
  const phantom = { ...ellipsoidPhantom(7), name: 'ellipsoids', folder: join(folder, 'ellipsoids') };
  console.log(
    '\nKnown fields, from 1 − a to 1 + a in the mask; real brains were cleaned by the mean of both first',
  );
  for (const base of [...clean.slice(1, 3), { ...phantom, shrink: [2, 2, 2] as const, otsu: false }]) {
    for (const bias of withKnownFields(base)) printRecovery(await answer(bias, python, 1));
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { repeats: { type: 'string', default: '3' } } });
  mkdirSync(resolve(checkout, '.cache'), { recursive: true });
  const { python } = ensurePythonEnvironment({
    folder: resolve(checkout, '.cache', 'bench-bias-python'),
    requirements: join(__dirname, 'bias-field-requirements.txt'),
    onStep: (step) => console.log(`bench: ${step}`),
  });
  const folder = mkdtempSync(join(tmpdir(), 'concord-bias-'));
  try {
    await measure(folder, python, Number(values.repeats));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
