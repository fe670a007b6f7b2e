// Child process of images.bench.ts: simulates the cohort of slices of the DDAE paper's size and says what it took.
//     node --import tsx images-phantoms.ts [REPEATS]
import { simulateSlices } from '../../sdk/simulate/phantom/simulate-slices';
import { median } from './images-worker';
import { peakMemory } from './process-memory';

async function main(repeats: number): Promise<void> {
  const common = { scanners: 'seven-site', subjects: 100, slices: 5, size: 128 } as const;
  for (const [who, traveling] of [
    ['other people at each site', false],
    ['the same people at each site', true],
  ] as const) {
    const seconds: number[] = [];
    const processor: number[] = [];
    let shape: readonly number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const before = process.cpuUsage();
      const started = performance.now();
      const { cohort } = await simulateSlices({ ...common, traveling, seed: repeat + 1 });
      seconds.push((performance.now() - started) / 1000);
      const { user, system } = process.cpuUsage(before);
      processor.push((user + system) / 1e6);
      shape = cohort.images.shape;
    }
    console.log(
      `phantoms, 7 sites × 100 subjects × 5 slices of 128 × 128, ${who}: ${shape[0]} images in ` +
        `${median(seconds).toFixed(1)} s (${Math.min(...seconds).toFixed(1)}–${Math.max(...seconds).toFixed(1)}), ` +
        `${median(processor).toFixed(1)} s of processor; peak of the process ${(peakMemory() / 1e6).toFixed(0)} MB`,
    );
  }
}

void main(Number(process.argv[2] ?? 3));
