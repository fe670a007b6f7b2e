import assert from 'node:assert/strict';
import { BackgroundTeam, helpersAreBusy } from '../../../sdk/math/wasm/background-team';
import { handWritten, waitUntil } from './hand-written';

describe('BackgroundTeam', () => {
  const program = handWritten();
  const words = new Int32Array(program.memory.buffer);
  const scratch = 32768;

  /** What the calling thread does in the place of the compiled kernel. */
  let own: (...args: number[]) => void;
  const kernels = new Map([
    ['write', (...args: number[]) => own(...args)],
    ['fail', () => undefined],
  ]);
  const team = new BackgroundTeam(program, kernels, 3);
  after(() => team.end());

  const write = (value: number, units: number) => ({
    kernel: 0,
    args: [value],
    units,
    scratch,
    scratchBytes: 128,
  });
  const written = (units: number): number[] => [...words.subarray(0, units)];

  it('does all by itself while the calling thread does something else', () => {
    own = () => assert.fail('the calling thread was not asked');
    const task = team.start([write(7, 50)]);
    waitUntil(() => task.isDone());
    assert.deepEqual(written(50), new Array(50).fill(7));
    task.finish();
  });

  it('is helped by the calling thread when it is asked, and finishes jobs in their order', () => {
    own = (value, from) => (words[from] = value);
    const tasks = Array.from({ length: 200 }, (_, at) => team.start([write(at, 20), write(1000 + at, 19)]));
    for (const task of tasks) task.finish();
    assert.deepEqual(written(20), [...new Array<number>(19).fill(1199), 199]);
  });

  it('does not begin a job before the one before it is done', () => {
    words.fill(0);
    let helped = 0;
    own = (value, from) => {
      // Units of the second job would be written by helpers meanwhile, if they could begin it.
      helped++;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      if (value === 1) assert.ok(!written(30).includes(2));
      words[from] = value;
    };
    waitUntil(() => {
      words.fill(0);
      team.start([write(1, 30), write(2, 30)]).finish();
      assert.deepEqual(written(30), new Array(30).fill(2));
      return helped > 0;
    });
  });

  it('leaves undone what nobody has begun, and nobody is at work on it afterwards', () => {
    const rest = 5000;
    const task = team.start([write(3, rest), write(4, rest)]);
    task.drop();
    words.fill(0);
    assert.ok(task.isDone());
    // Helpers are at the next task: they are done with the dropped one, or never met it.
    own = (value, from) => (words[from] = value);
    const next = team.start([write(5, 40)]);
    waitUntil(() => next.isDone());
    assert.ok(words.subarray(0, rest).every((word) => word === 0 || word === 5));
    next.finish();
  });

  it('knows whether helpers are at work', () => {
    own = (value, from) => (words[from] = value);
    assert.equal(helpersAreBusy(), false);
    const task = team.start([write(6, 5000)]);
    task.finish();
    assert.equal(helpersAreBusy(), false);
  });

  it('says when a kernel failed, and works on', () => {
    const task = team.start([{ ...write(0, 500), kernel: 1, args: [] }]);
    waitUntil(() => task.isDone());
    assert.throws(() => task.finish(), /a thread of a WebAssembly module failed/);
    own = (value, from) => (words[from] = value);
    team.start([write(9, 20)]).finish();
    assert.deepEqual(written(20), new Array(20).fill(9));
  });
});
