import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { Checkpoint } from '../../../sdk/data/networks/checkpoint';
import { checkpointFolder } from '../../../sdk/io/networks/checkpoint-folder';
import { makeRandom } from '../../../sdk/math/random';
import { checkout } from '../../../scripts/checkout';
import { temporaryFolder } from '../../support/temporary-folder';
import { rejectsWith } from '../rejects-with';

function checkpoint(step: number, value = step): Checkpoint {
  return {
    step,
    state: { best: null, history: [{ step, loss: 1 / (value + 1) }] },
    arrays: new Map([
      ['network.kernel', { shape: [2, 2], data: new Float32Array(4).fill(value) }],
      ['optimizer.count', { shape: [], data: Float32Array.of(value) }],
    ]),
  };
}

describe('a folder of checkpoints', () => {
  const folder = temporaryFolder();
  let count = 0;
  const fresh = (): string => folder.path(`run ${(count += 1)}/checkpoints`);
  const visible = (path: string): readonly string[] => readdirSync(path).filter((name) => name[0] !== '.');

  it('gives back the newest, the same bits, and keeps two', async () => {
    const path = fresh();
    const store = checkpointFolder(path);
    assert.equal(store.name, path);
    assert.equal(await store.latest(), undefined);
    assert.ok(!existsSync(path));
    await store.open();
    for (const step of [100, 200, 300]) {
      await store.save(checkpoint(step));
      assert.deepEqual(await store.latest(), { ...checkpoint(step), issues: [] });
    }
    assert.deepEqual(visible(path), ['step-00000200', 'step-00000300']);
    assert.deepEqual(readdirSync(join(path, 'step-00000300')).sort(), ['state.json', 'weights.safetensors']);
    await store.close();
    await store.close();
    assert.deepEqual(readdirSync(path), ['step-00000200', 'step-00000300']);
    const next = checkpointFolder(path, { keep: 1 });
    await next.save(checkpoint(100_000_000));
    assert.deepEqual(visible(path), ['step-100000000']);
    await next.close();
    assert.deepEqual((await checkpointFolder(path).latest())?.step, 100_000_000);
  });

  it('keeps a step again without a moment in which there is none', async () => {
    const path = fresh();
    const store = checkpointFolder(path);
    await store.save(checkpoint(50));
    for (let value = 1; value <= 12; value++) await store.save(checkpoint(60, value));
    assert.deepEqual(visible(path), ['step-00000050', 'step-00000060.12']);
    assert.deepEqual(await store.latest(), { ...checkpoint(60, 12), issues: [] });
    await store.save(checkpoint(70));
    assert.deepEqual(visible(path), ['step-00000060.12', 'step-00000070']);
    await store.close();
  });

  const damages: readonly [what: string, damage: (step: string) => void, said: string][] = [
    ['truncated weights', (step) => truncateSync(join(step, 'weights.safetensors'), 200), 'truncated'],
    ['missing weights', (step) => rmSync(join(step, 'weights.safetensors')), 'missing'],
    ['no state', (step) => rmSync(join(step, 'state.json')), 'no state.json'],
    ['an empty state', (step) => truncateSync(join(step, 'state.json')), 'invalid JSON'],
    ['bytes of zero', (step) => writeFileSync(join(step, 'state.json'), Buffer.alloc(500)), 'invalid JSON'],
    ['no UTF-8', (step) => writeFileSync(join(step, 'state.json'), Buffer.alloc(50, 0xff)), 'UTF-8'],
    ['a type that does not exist', damagedType, 'F33'],
  ];
  for (const [what, damage, said] of damages) {
    it(`passes over the newest with ${what}, and says so`, async () => {
      const path = fresh();
      const store = checkpointFolder(path);
      await store.save(checkpoint(100));
      await store.save(checkpoint(200));
      const broken = join(path, 'step-00000200');
      damage(broken);
      const found = await store.latest();
      assert.deepEqual(found, { ...checkpoint(100), issues: found?.issues });
      const [issue] = found?.issues ?? [];
      assert.deepEqual(
        [issue.code, issue.severity, issue.where.file],
        ['damaged-checkpoint', 'warning', broken],
      );
      assert.ok(issue.message.includes(said), issue.message);
      // It stays until there is a newer whole one, and then the one before stays too.
      assert.deepEqual(visible(path), ['step-00000100', 'step-00000200']);
      await store.save(checkpoint(150));
      assert.deepEqual(visible(path), ['step-00000100', 'step-00000150']);
      await store.save(checkpoint(200));
      assert.deepEqual(visible(path), ['step-00000150', 'step-00000200']);
      await store.close();
    });
  }

  it('keeps a damaged step again, and the one before', async () => {
    const path = fresh();
    const store = checkpointFolder(path);
    await store.save(checkpoint(100));
    await store.save(checkpoint(200));
    rmSync(join(path, 'step-00000200', 'state.json'));
    await store.latest();
    await store.save(checkpoint(200));
    assert.deepEqual(visible(path), ['step-00000100', 'step-00000200.2']);
    assert.deepEqual(await store.latest(), { ...checkpoint(200), issues: [] });
    await store.close();
  });

  it('is an error when none can be read, or a newer version made it', async () => {
    const path = fresh();
    const store = checkpointFolder(path);
    await store.save(checkpoint(100));
    await store.save(checkpoint(200));
    await store.close();
    const state = join(path, 'step-00000200', 'state.json');
    writeFileSync(state, readFileSync(state, 'utf8').replace('"formatVersion": 1', '"formatVersion": 7'));
    await rejectsWith(store.latest(), { code: 'malformed-model', says: ['newer concord', state] });
    for (const name of visible(path)) rmSync(join(path, name, 'state.json'));
    await rejectsWith(store.latest(), {
      code: 'malformed-model',
      says: ['no checkpoint in', 'step-00000200'],
    });
  });

  it('refuses what would mix runs or cannot be written', async () => {
    const path = fresh();
    const store = checkpointFolder(path);
    await store.save(checkpoint(100));
    await rejectsWith(store.save(checkpoint(50)), {
      code: 'invalid-option',
      says: ['step 50', 'step 100 is there'],
    });
    await rejectsWith(store.save(checkpoint(-1)), { code: 'invalid-option', says: ['step: -1'] });
    const infinite = { ...checkpoint(200), state: { best: Infinity } };
    await rejectsWith(store.save(infinite), { code: 'invalid-option', says: ['best is Infinity'] });
    const wrong = new Map([['w', { shape: [3], data: new Float32Array(2) }]]);
    await rejectsWith(store.save({ ...checkpoint(200), arrays: wrong }), {
      code: 'invalid-option',
      says: ['"w"'],
    });
    assert.deepEqual(readdirSync(path).sort(), ['.lock', 'step-00000100']);
    await store.close();
    assert.throws(() => checkpointFolder(path, { keep: 0 }), { code: 'invalid-option' });
  });

  it('refuses a folder that holds other things', async () => {
    const path = folder.path('thesis');
    mkdirSync(path);
    writeFileSync(join(path, 'chapter-1.txt'), 'years of work');
    const store = checkpointFolder(path);
    const expected = { code: 'invalid-option', says: [path, '"chapter-1.txt"'] } as const;
    await rejectsWith(store.open(), expected);
    await rejectsWith(store.latest(), expected);
    await rejectsWith(store.save(checkpoint(1)), expected);
    assert.deepEqual(readdirSync(path), ['chapter-1.txt']);
    const file = folder.write('file', 'x');
    await rejectsWith(checkpointFolder(file).open(), { code: 'unreadable-file', says: [file] });
  });

  it('is for one run at a time', async () => {
    const path = fresh();
    const one = checkpointFolder(path);
    const other = checkpointFolder(path);
    await one.open();
    await rejectsWith(one.open(), { code: 'in-use', says: [path, 'another run of this process'] });
    await one.save(checkpoint(1));
    const expected = { code: 'in-use', says: [path, 'another run in this process'] } as const;
    await rejectsWith(other.open(), expected);
    await rejectsWith(other.save(checkpoint(2)), expected);
    // To look is allowed.
    assert.equal((await other.latest())?.step, 1);
    await one.close();
    await other.open();
    await other.save(checkpoint(2));
    await other.close();
  });

  it('goes on when somebody tidied up', async () => {
    const path = fresh();
    const store = checkpointFolder(path);
    await store.save(checkpoint(1));
    rmSync(path, { recursive: true });
    await store.save(checkpoint(2));
    assert.deepEqual(visible(path), ['step-00000002']);
    await rejectsWith(checkpointFolder(path).open(), { code: 'in-use', says: [path] });
    await store.close();
    assert.deepEqual(readdirSync(path), ['step-00000002']);
  });

  it('loses nothing that was kept, whenever the run is killed', async function () {
    const path = fresh();
    const random = makeRandom(9);
    const interval = 5;
    let safe = 0;
    let unfinished = 0;
    for (let run = 0; run < 20; run++) {
      const child = spawn(
        process.execPath,
        ['-r', 'tsx/cjs', join(__dirname, 'checkpoint-writer.ts'), path, String(interval)],
        { cwd: checkout, stdio: ['ignore', 'pipe', 'pipe'] },
      );
      let said = '';
      child.stderr.on('data', (text: Buffer) => (said += text.toString()));
      const lines = createInterface({ input: child.stdout });
      const started = safe;
      let begun = false;
      lines.on('line', (line) => {
        const [word, step] = line.split(' ');
        if (word === 'from') {
          begun = true;
          assert.ok(
            Number(step) >= started && Number(step) <= started + interval,
            `${line} after ${started}`,
          );
        } else safe = Number(step);
      });
      const closed = once(lines, 'close');
      await Promise.race([once(lines, 'line'), closed]);
      assert.ok(begun, `the program did not begin: ${said}`);
      if (run === 0)
        await rejectsWith(checkpointFolder(path).open(), { code: 'in-use', says: [`process ${child.pid}`] });
      await wait(random.uniform() * 60);
      child.kill('SIGKILL');
      await closed;
      if (existsSync(path)) unfinished += readdirSync(path).filter((name) => name.endsWith('.tmp')).length;
      safe = await requireWhole(path, { safe, interval });
    }
    assert.ok(safe > 0, 'no run came as far as its first checkpoint');
    assert.ok(unfinished > 0, 'no run was killed while it wrote');
    // The next one tidies up.
    const store = checkpointFolder(path);
    await store.open();
    assert.ok(readdirSync(path).every((name) => name === '.lock' || name.startsWith('step-')));
    await store.close();
  });
});

/** Checks that the newest checkpoint is of one piece, and that none is lost that was said to be safe; gives its step. */
async function requireWhole(
  path: string,
  { safe, interval }: { readonly safe: number; readonly interval: number },
): Promise<number> {
  const found = await checkpointFolder(path).latest();
  const step = found?.step ?? 0;
  assert.ok(step === safe || step === safe + interval, `step ${step} is there, step ${safe} was kept`);
  assert.deepEqual(found?.issues ?? [], []);
  for (const [name, { data }] of found?.arrays ?? []) {
    assert.ok(
      data.every((value) => value === step),
      `${name} at step ${step}`,
    );
  }
  if (found !== undefined) assert.equal(found.state['step'], step);
  return step;
}

/** A damage that looks like a type of numbers that is not known. */
function damagedType(step: string): void {
  const path = join(step, 'weights.safetensors');
  const text = readFileSync(path).toString('latin1').replace('"F32"', '"F33"');
  writeFileSync(path, Buffer.from(text, 'latin1'));
}
