import assert from 'node:assert/strict';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import type { FoundCheckpoint } from '../../../sdk/data/networks/checkpoint';
import { makeIssue } from '../../../sdk/data/issue';
import type { TrainingRecord } from '../../../sdk/data/networks/training-record';
import { ConcordError } from '../../../sdk/errors';
import { useBackend } from '../../../sdk/nn/backend/use-backend';
import type { TensorsOf } from '../../../sdk/nn/parameters';
import { train } from '../../../sdk/nn/train/train';
import type { TrainOptions } from '../../../sdk/nn/train/train-options';
import type { Line, Pairs } from './training-problem';
import { drawPairs, linePlan, memoryCheckpoints, truth, untrainedLine } from './training-problem';

const options: TrainOptions = { steps: 40, seed: 5, batchSize: 8, logEvery: 4, validateEvery: 10 };

/** The history without clock times. */
function numbers(record: TrainingRecord): unknown {
  return record.history.map(({ step, values }) => ({ step, values }));
}

function bits(line: Line): readonly number[] {
  return [...line.kernel.data, ...line.bias.data];
}

async function code(promise: Promise<unknown>): Promise<ConcordError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ConcordError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('train', () => {
  before(async () => void (await useBackend('cpu')));

  it('finds a line, and records how', async () => {
    const { networks, record } = await train(linePlan(), { ...options, steps: 400 });
    const found = [...networks.line.kernel.data, ...networks.line.bias.data];
    for (const [i, value] of [...truth.kernel, ...truth.bias].entries()) {
      assert.ok(Math.abs(found[i] - value) < 0.02, `${found[i]} for ${value}`);
    }
    assert.equal(record.steps, 400);
    assert.equal(record.stopped, 'finished');
    assert.equal(record.backend.name, 'cpu');
    assert.equal(record.history.length, 100);
    const first = record.history[0].values;
    const last = record.history[99].values;
    assert.ok(last['line loss'] < 0.01 * first['line loss']);
    assert.ok(Math.abs(first['line loss'] - first['line error'] - first['line size']) < 1e-5);
    assert.equal(last['line learning rate'], 0.05);
    assert.ok(last['line gradient norm'] > 0);
    assert.deepEqual(bits(linePlan().networks.line), bits(untrainedLine()), 'the initial weights stay');
  });

  it('gives the same bits for the same seed, others for another', async () => {
    const a = await train(linePlan(), options);
    const b = await train(linePlan(), options);
    const c = await train(linePlan(), { ...options, seed: 6 });
    assert.deepEqual(bits(a.networks.line), bits(b.networks.line));
    assert.deepEqual(numbers(a.record), numbers(b.record));
    assert.notDeepEqual(bits(a.networks.line), bits(c.networks.line));
  });

  it('refuses a checkpoint that makes no sense, by what is wrong', async () => {
    const store = memoryCheckpoints();
    await train(linePlan(), { ...options, steps: 4, checkpoints: store });
    const whole = store.kept.at(-1);
    assert.ok(whole !== undefined);
    const wrong: Readonly<Record<string, unknown>> = {
      run: null,
      seconds: 'x',
      history: { length: 1 },
      means: { loss: 3 },
      best: { step: 1 },
      converged: 'no',
      backend: 7,
    };
    for (const [name, value] of Object.entries(wrong)) {
      const latest = { ...whole, state: { ...whole.state, [name]: value } } as FoundCheckpoint;
      const checkpoints = { ...store, latest: () => Promise.resolve(latest) };
      const error = await code(train(linePlan(), { ...options, steps: 8, checkpoints }));
      assert.equal(error.code, 'malformed-model');
      assert.match(error.message, new RegExp(`malformed checkpoint in memory: ${name} `));
    }
  });

  it('goes on from any checkpoint to the same bits and the same history', async () => {
    const settings = { ...options, averageDecay: 0.9, checkpointEvery: 3 };
    const judge = { validate: judgedBy() };
    const whole = await train(linePlan(judge), settings);
    const store = memoryCheckpoints();
    await train(linePlan(judge), { ...settings, checkpoints: store });
    assert.deepEqual(
      store.kept.map(({ step }) => step),
      [...Array.from({ length: 13 }, (_, i) => 3 * (i + 1)), 40],
    );
    for (const from of [0, 4, 9]) {
      const rest = memoryCheckpoints();
      rest.kept.push(store.kept[from]);
      const resumed = await train(linePlan(judge), { ...settings, checkpoints: rest });
      assert.deepEqual(bits(resumed.networks.line), bits(whole.networks.line));
      assert.deepEqual(numbers(resumed.record), numbers(whole.record));
      assert.deepEqual(resumed.record.best, whole.record.best);
    }
  });

  it('forgets the first weights in its averages, however slow they are, by min(decay, n / (9 + n)) at step n', async () => {
    const steps = 6;
    const path: (readonly number[])[] = [];
    for (let step = 1; step <= steps; step++) {
      path.push(bits((await train(linePlan(), { ...options, steps: step })).networks.line));
    }
    for (const averageDecay of [0.999, 0.2]) {
      let expected = bits(untrainedLine());
      path.forEach((weights, i) => {
        const decay = Math.min(averageDecay, (i + 1) / (10 + i));
        expected = expected.map((value, at) => decay * value + (1 - decay) * weights[at]);
      });
      const { networks } = await train(linePlan(), { ...options, steps, averageDecay });
      bits(networks.line).forEach((value, at) => assert.ok(Math.abs(value - expected[at]) < 1e-6));
    }
  });

  it('can be cancelled at any step, and called again to the same bits', async () => {
    const whole = await train(linePlan(), options);
    const store = memoryCheckpoints();
    for (const stop of [5, 6, 23]) {
      const abort = new AbortController();
      const cancelled = train(linePlan(), {
        ...options,
        checkpoints: store,
        checkpointEvery: 1000,
        signal: abort.signal,
        onProgress: ({ done }) => {
          if (done === stop) abort.abort();
        },
      });
      const error = await code(cancelled);
      assert.equal(error.code, 'aborted');
      assert.match(
        error.message,
        new RegExp(`after step ${stop} of 40 \\(call again to continue from memory\\)`),
      );
      assert.equal(store.kept.at(-1)?.step, stop);
    }
    const resumed = await train(linePlan(), { ...options, checkpoints: store, checkpointEvery: 1000 });
    assert.deepEqual(bits(resumed.networks.line), bits(whole.networks.line));
    assert.deepEqual(numbers(resumed.record), numbers(whole.record));
  });

  it('does nothing more when the run has been finished, and can make it longer', async () => {
    const store = memoryCheckpoints();
    const first = await train(linePlan(), { ...options, checkpoints: store });
    const saved = store.kept.length;
    const again = await train(linePlan(), { ...options, checkpoints: store });
    assert.equal(store.kept.length, saved);
    assert.deepEqual(bits(again.networks.line), bits(first.networks.line));
    const longer = await train(linePlan(), { ...options, steps: 60, checkpoints: store });
    assert.deepEqual(
      bits(longer.networks.line),
      bits((await train(linePlan(), { ...options, steps: 60 })).networks.line),
    );
    assert.match(
      (await code(train(linePlan(), { ...options, checkpoints: store }))).message,
      /has done 60 steps/,
    );
  });

  it('refuses the checkpoints of another run', async () => {
    const store = memoryCheckpoints();
    await train(linePlan(), { ...options, checkpoints: store });
    const other = linePlan({ fingerprint: { problem: 'circle' } });
    const error = await code(train(other, { ...options, seed: 9, checkpoints: store }));
    assert.equal(error.code, 'invalid-option');
    assert.match(error.message, /seed was 5, is 9; problem was "line", is "circle"/);
  });

  it('keeps the weights that did best on what was held out', async () => {
    let calls = 0;
    const worseLater = (): Promise<number> => Promise.resolve(++calls === 2 ? 1 : 5);
    const { networks, record } = await train(linePlan({ validate: worseLater }), options);
    assert.deepEqual(record.best, { step: 20, metric: 1 });
    const until20 = await train(linePlan(), { ...options, steps: 20 });
    assert.deepEqual(bits(networks.line), bits(until20.networks.line));
    assert.equal(record.history.find(({ step }) => step === 20)?.values['validation'], 1);
  });

  it('ends when it is asked to', async () => {
    const store = memoryCheckpoints();
    const stop = { ...options, checkpoints: store, stopWhen: ({ step }: { step: number }) => step >= 12 };
    const { record } = await train(linePlan(), stop);
    assert.equal(record.stopped, 'converged');
    assert.equal(record.steps, 12);
    assert.equal((await train(linePlan(), stop)).record.steps, 12);
  });

  it('alternates updates, each of which changes its own networks only', async () => {
    const [update] = linePlan().updates;
    const seen: number[][] = [];
    const note = (
      name: 'a' | 'b',
      networks: Record<string, Record<string, { dataSync(): ArrayLike<number> }>>,
    ): void => {
      seen.push([
        name === 'a' ? 0 : 1,
        networks['a']['bias'].dataSync()[0],
        networks['b']['bias'].dataSync()[0],
      ]);
    };
    const result = await train(
      {
        label: 'two lines',
        fingerprint: {},
        batch: (step) => Promise.resolve(drawPairs(step)),
        networks: { a: untrainedLine(), b: untrainedLine() },
        updates: (['a', 'b'] as const).map((name) => ({
          name,
          trains: [name],
          optimizer: {
            learningRate: name === 'a' ? 0.05 : 0.01,
            clipNorm: 1,
            multipliers: { [`${name}.bias`]: 2 },
          },
          loss: (networks, batch, random) => {
            note(name, networks as never);
            return update.loss(
              { line: (networks as TensorsOf<{ a: Line; b: Line }>)[name] },
              batch as Pairs,
              random,
            );
          },
        })),
      },
      { ...options, steps: 2 },
    );
    // Adam's first step is the learning rate, twice that here; "a" has moved when "b" is at its turn.
    const [one, two, three] = seen;
    assert.deepEqual(one, [0, 0, 0]);
    assert.ok(Math.abs(Math.abs(two[1]) - 0.1) < 1e-5 && two[2] === 0);
    assert.ok(three[1] === two[1] && Math.abs(Math.abs(three[2]) - 0.02) < 1e-5);
    assert.ok(result.record.history.at(-1)?.values['b learning rate'] === 0.01);
  });

  it('stops with a diagnosis when the loss is not a number', async () => {
    const store = memoryCheckpoints();
    const broken = linePlan({
      batch: (step) => {
        const pairs = drawPairs(step);
        if (step === 7) pairs.targets[3] = NaN;
        return Promise.resolve(pairs);
      },
    });
    const error = await code(train(broken, { ...options, checkpoints: store, checkpointEvery: 2 }));
    assert.equal(error.code, 'diverged');
    assert.match(
      error.message,
      /diverged at step 7 in "line": loss is NaN, error is NaN; the learning rate was 0.05; at step 4 the gradient norm was/,
    );
    assert.equal(store.kept.at(-1)?.step, 6);
  });

  it('stops with a diagnosis when the loss runs away', async () => {
    const [update] = linePlan().updates;
    const wild = linePlan({ updates: [{ ...update, optimizer: { learningRate: 1e4 } }] });
    const error = await code(train(wild, { ...options, logEvery: 1 }));
    assert.equal(error.code, 'diverged');
    assert.match(error.message, /the loss is [\de.+]+, and was/);
  });

  it('passes on what reading a batch throws, also ahead of time', async () => {
    const broken = linePlan({
      batch: (step) => (step < 3 ? Promise.resolve(drawPairs(step)) : Promise.reject(new Error('disk gone'))),
    });
    await assert.rejects(train(broken, options), /disk gone/);
  });

  it('leaks no tensors, also when it fails', async () => {
    const before = memory().numTensors;
    const during: number[] = [];
    const watch = { ...options, averageDecay: 0.9, onProgress: () => during.push(memory().numTensors) };
    await train(linePlan({ validate: judgedBy() }), watch);
    assert.equal(new Set(during).size, 1, 'every step leaves as many');
    assert.equal(memory().numTensors, before);
    const nothing = linePlan({
      batch: () => Promise.resolve({ inputs: drawPairs(1).inputs, targets: new Float32Array(16).fill(NaN) }),
    });
    await code(train(nothing, options));
    assert.equal(memory().numTensors, before);
  });

  it('tells progress, points and the time left', async () => {
    const left: (number | undefined)[] = [];
    const steps: number[] = [];
    await train(linePlan(), {
      ...options,
      onProgress: ({ done, total, secondsLeft, label }) => {
        assert.equal(total, 40);
        assert.equal(label, 'finding a line');
        left[done] = secondsLeft;
      },
      onPoint: (point, record) => {
        assert.equal(record.history.at(-1), point);
        steps.push(point.step);
      },
    });
    assert.equal(left[40], 0);
    assert.ok((left[1] ?? 0) > 0);
    assert.deepEqual(steps, [4, 8, 12, 16, 20, 24, 28, 32, 36, 40]);
  });

  it('opens and closes the place of its checkpoints, and tells watchers how it ended', async () => {
    const calls: string[] = [];
    const store = {
      ...memoryCheckpoints(),
      open: () => Promise.resolve(void calls.push('open')),
      close: () => Promise.resolve(void calls.push('close')),
    };
    const watched = {
      ...options,
      checkpoints: store,
      onEnd: ({ stopped }: TrainingRecord) => calls.push(stopped),
    };
    await code(train(linePlan(), { ...watched, signal: AbortSignal.abort() }));
    await train(linePlan(), watched);
    await assert.rejects(
      train(linePlan({ batch: () => Promise.reject(new Error('no')) }), { ...watched, steps: 90 }),
    );
    assert.deepEqual(calls, ['open', 'aborted', 'close', 'open', 'finished', 'close', 'open', 'close']);
  });

  it('stays as it is whatever its watchers do with what they are shown', async () => {
    const meddle: Partial<TrainOptions> = {
      onPoint: (point, run) => {
        (point.values as Record<string, number>)['line loss'] = 1e9;
        (run.history as unknown[]).length = 0;
      },
      stopWhen: (_, history) => ((history as unknown[]).length = 0) > 0,
      onEnd: (record) => ((record.history as unknown[]).length = 0),
    };
    const { record } = await train(linePlan(), { ...options, ...meddle });
    assert.deepEqual(numbers(record), numbers((await train(linePlan(), options)).record));
  });

  it('stops when somebody changes the backend, and says where a run that goes on elsewhere began', async () => {
    const store = memoryCheckpoints();
    const change = { onProgress: ({ done }: { done: number }) => void (done === 7 && setBackend('wasm')) };
    await useBackend('wasm');
    await useBackend('cpu');
    const error = await code(
      train(linePlan(), { ...options, checkpoints: store, checkpointEvery: 1000, ...change }),
    );
    assert.match(
      error.message,
      /the backend was changed from cpu to wasm while training on it, after step 7/,
    );
    assert.equal(store.kept.at(-1)?.step, 7);
    await useBackend('wasm');
    const { issues } = await train(linePlan(), { ...options, checkpoints: store });
    await useBackend('cpu');
    assert.deepEqual(
      issues.map(({ code, message }) => [code, message]),
      [['other-backend', 'the first 7 steps were done on the backend cpu, the rest on wasm']],
    );
  });

  it('goes on after it had ended itself, when it is not asked to end any more', async () => {
    const store = memoryCheckpoints();
    await train(linePlan(), { ...options, checkpoints: store, stopWhen: () => true });
    assert.equal(store.kept.at(-1)?.step, 4);
    const { record } = await train(linePlan(), { ...options, checkpoints: store });
    assert.deepEqual([record.steps, record.stopped], [40, 'finished']);
  });

  it('gives a place free only when it has taken it', async () => {
    let closed = 0;
    const taken = {
      ...memoryCheckpoints(),
      open: () => Promise.reject(new ConcordError('in-use', 'another has it')),
      close: () => Promise.resolve(void closed++),
    };
    assert.equal((await code(train(linePlan(), { ...options, checkpoints: taken }))).code, 'in-use');
    assert.equal(closed, 0);
  });

  it('passes on what was noticed about checkpoints', async () => {
    const issue = makeIssue('damaged-checkpoint', 'step 9 is damaged');
    const store = memoryCheckpoints();
    await train(linePlan(), { ...options, steps: 8, checkpoints: store });
    const latest = (): Promise<FoundCheckpoint> => Promise.resolve({ ...store.kept[0], issues: [issue] });
    const { issues } = await train(linePlan(), { ...options, checkpoints: { ...store, latest } });
    assert.deepEqual(issues, [issue]);
  });

  it('refuses sizes out of range', async () => {
    for (const change of [
      { steps: 0 },
      { steps: 1.5 },
      { logEvery: -1 },
      { batchSize: NaN },
      { averageDecay: 1 },
      { seed: NaN },
      { seed: 1.5 },
    ]) {
      assert.equal((await code(train(linePlan(), { ...options, ...change }))).code, 'invalid-option');
    }
  });
});

/** A judgement that depends on the weights and nothing else. */
function judgedBy(): NonNullable<ReturnType<typeof linePlan>['validate']> {
  return async ({ line }) => Math.abs((await line.bias.data())[0] - truth.bias[0]);
}
