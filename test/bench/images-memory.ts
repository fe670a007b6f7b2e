// Child process of images.bench.ts: works through many scans and prints how much memory that took on the way.
//     node --expose-gc --import tsx images-memory.ts stream|write|cohort ROOT [OUTPUT]
import { setTimeout as sleep } from 'node:timers/promises';
import type { VolumeCohort } from '../../sdk/data/cohort';
import { streamVolumes } from '../../sdk/math/images/stream-volumes';
import { loadBids } from '../../sdk/io/bids/load-bids';
import { writeBids } from '../../sdk/io/bids/written/write-bids';
import { preprocess } from '../../sdk/preprocess/preprocess';
import { steps } from '../../sdk/steps';
import { peakMemory, residentMemory } from './process-memory';

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

/** Notes the memory after each scan and says how it went. */
function makeRecord(): { readonly note: () => void; readonly print: (title: string) => void } {
  const taken: number[] = [];
  const started = performance.now();
  return {
    note: () => void taken.push(residentMemory()),
    print(title) {
      const later = taken.slice(20);
      const middle = later.length >> 1;
      const highest = (part: readonly number[]): string => megabytes(Math.max(...part));
      console.log(
        `${title}: ${taken.length} scans in ${((performance.now() - started) / 1000).toFixed(0)} s; memory after 20 ` +
          `${megabytes(taken[19])}, after ${taken.length} ${megabytes(taken[taken.length - 1])}; highest of the first 20 ` +
          `${highest(taken.slice(0, 20))}, of the first half after that ${highest(later.slice(0, middle))}, ` +
          `of the second ${highest(later.slice(middle))}; peak of the process ${megabytes(peakMemory())}`,
      );
    },
  };
}

function prepared(cohort: VolumeCohort): VolumeCohort {
  return preprocess(cohort, [steps.reorient(), steps.nonZeroMask(), steps.zScore()]);
}

async function stream(cohort: VolumeCohort): Promise<void> {
  const record = makeRecord();
  const { issues } = await streamVolumes(prepared(cohort), record.note);
  record.print('streamVolumes, reorient + z-score');
  if (issues.length > 0) throw new Error(issues[0].message);
}

async function write(cohort: VolumeCohort, output: string): Promise<void> {
  const record = makeRecord();
  const { issues } = await writeBids(prepared(cohort), output, { desc: 'zscore', onProgress: record.note });
  record.print('writeBids, reorient + z-score');
  if (issues.length > 0) throw new Error(issues[0].message);
}

/** What is held after everything that is not was thrown away. */
async function held(): Promise<number> {
  // What streams and files held is let go of a little later than they are.
  for (let round = 0; round < 5; round++) {
    globalThis.gc?.();
    await sleep(20);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function main([job, root, output]: readonly string[]): Promise<void> {
  // The first call compiles, and its cohort is held on to, so that the second one is all that comes on top.
  const first = await loadBids(root);
  const before = await held();
  const resident = residentMemory();
  const started = performance.now();
  const cohort = await loadBids(root);
  const seconds = (performance.now() - started) / 1000;
  const scans = cohort.scans.length;
  const kept = (await held()) - before;
  if (first.scans.length !== scans) throw new Error(`${first.scans.length} scans, then ${scans}`);
  console.log(
    `loadBids, ${scans} scans by their headers in ${seconds.toFixed(2)} s: holds ${(kept / 1e6).toFixed(2)} MB, ` +
      `${(kept / 1e3 / scans).toFixed(1)} kB a scan (process ${megabytes(resident)} before, ${megabytes(residentMemory())} after)`,
  );
  if (job === 'stream') await stream(cohort);
  else await write(cohort, output);
}

void main(process.argv.slice(2));
