import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeRandom } from '../../../sdk/math/random';
import { temporaryFolder } from '../../support/temporary-folder';

const program = join(__dirname, 'killed-training.ts');

/** Runs the training; it kills itself `more` milliseconds after `life` steps, if given. The answer is what it printed. */
async function run(folder?: string, life?: number, more = 0): Promise<string> {
  const words = ['--import', 'tsx', program, ...(folder === undefined ? [] : [folder, `${life}`, `${more}`])];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  await new Promise((resolve) => child.on('close', resolve));
  return printed.trim();
}

/** The step of the newest checkpoint. */
function newest(folder: string): number {
  const steps = readdirSync(folder).map((name) => Number(/^step-(\d+)/.exec(name)?.[1] ?? 0));
  return Math.max(0, ...steps);
}

describe('training that is killed', () => {
  const folder = temporaryFolder();

  it('goes on from its last checkpoint each time, to the same bits as if it had never been', async function () {
    const whole = await run(undefined);
    assert.match(whole, /^\{"weights"/);
    const place = folder.path('run');
    const random = makeRandom(11);
    const reached: number[] = [];
    for (let kill = 0; kill < 4; kill++) {
      assert.equal(await run(place, 10 + Math.floor(50 * random.uniform()), 20 * random.uniform()), '');
      reached.push(newest(place));
    }
    assert.equal(await run(place), whole);
    // It got further each time: what a kill can cost is one interval, not the run.
    reached.forEach((step, i) => assert.ok(i === 0 || step >= reached[i - 1], reached.join(' ')));
    assert.ok(reached[0] < reached[3] && reached[3] < 300, reached.join(' '));
  });
});
