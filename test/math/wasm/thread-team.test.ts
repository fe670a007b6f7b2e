import assert from 'node:assert/strict';
import { ThreadTeam } from '../../../sdk/math/wasm/thread-team';
import { handWritten, waitUntil } from './hand-written';

describe('ThreadTeam', () => {
  const program = handWritten();
  const words = new Int32Array(program.memory.buffer);
  const scratch = 32768;

  /** What the calling thread does in the place of the compiled kernel. */
  let own: (...args: number[]) => void;
  const team = new ThreadTeam(
    program,
    new Map([
      ['write', (...args: number[]) => own(...args)],
      ['fail', () => undefined],
    ]),
    3,
  );
  after(() => team.end());

  const write = (value: number, units: number): void =>
    team.run({ kernel: 0, args: [value], units, grain: 1, scratch, scratchBytes: 128 });

  it('lets every thread take part', () => {
    words.fill(0);
    own = (value, from) => {
      // The calling thread waits at its first chunk until the others have done all the rest.
      waitUntil(() => words.subarray(0, 50).every((word, i) => i === from || word === value));
      words[from] = value;
    };
    write(7, 50);
    assert.ok(words.subarray(0, 50).every((word) => word === 7));
    assert.equal(words[50], 0);
  });

  it('gives each thread scratch memory of its own', () => {
    const marks = (): number[] => [0, 1, 2].map((thread) => words[(scratch + 128 * thread) / 4]);
    words.fill(-1, scratch / 4);
    let at = NaN;
    own = (...args) => (at = args[3]);
    waitUntil(() => {
      write(8, 900);
      return !Number.isNaN(at) && !marks().slice(1).includes(-1);
    });
    assert.equal(at, scratch);
    // The calling thread left no mark, and no helper used what is its.
    assert.equal(marks()[0], -1);
  });

  it('never mixes the arguments of one job with the work of another', () => {
    own = (value, from) => (words[from] = value);
    for (let job = 1; job <= 5000; job++) {
      const units = 1 + (job % 7);
      write(job, units);
      for (let i = 0; i < units; i++) assert.equal(words[i], job);
    }
  });

  it('wakes helpers that sleep', () => {
    for (let i = 0; i < 5; i++) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
      own = (value, from) => {
        waitUntil(() => words[1 - from] === value);
        words[from] = value;
      };
      write(100 + i, 2);
    }
  });

  it('divides long work into no more chunks than it can count', () => {
    own = (value, from, to) => {
      assert.ok(to - from >= 5);
      words[from] = value;
    };
    words.fill(0);
    write(6, 5000);
    const written = words.subarray(0, 5000).filter((word) => word === 6).length;
    assert.ok(written > 100 && written <= 1000, `${written} chunks`);
  });

  it('does nothing when there is nothing to do', () => {
    own = () => assert.fail('called');
    write(1, 0);
  });

  it('does something else first, while its helpers work', () => {
    const job = { kernel: 0, args: [11], grain: 1, scratch, scratchBytes: 128 };
    own = (value, from) => (words[from] = value);
    for (const units of [20, 1, 0]) {
      words.fill(0);
      let times = 0;
      team.run({ ...job, units, meanwhile: () => times++ });
      assert.equal(times, 1);
      assert.equal(words.filter((word) => word === 11).length, units);
      const fail = (): void => assert.fail('failed meanwhile');
      assert.throws(() => team.run({ ...job, units, meanwhile: fail }), /failed meanwhile/);
    }
  });

  it('throws when a kernel fails on the calling thread, and works on', () => {
    own = () => {
      throw new Error('failed here');
    };
    assert.throws(() => waitUntil(() => (write(3, 500), false)), /failed here/);
    own = (value, from) => (words[from] = value);
    write(10, 20);
    assert.ok(words.subarray(0, 20).every((word) => word === 10));
  });

  it('throws when a kernel fails on another thread, and works on', () => {
    const fail = (): void =>
      team.run({ kernel: 1, args: [], units: 500, grain: 1, scratch, scratchBytes: 128 });
    assert.throws(() => {
      for (let i = 0; i < 1000; i++) fail();
    }, /a thread of a WebAssembly module failed/);
    own = (value, from) => (words[from] = value);
    write(9, 20);
    assert.ok(words.subarray(0, 20).every((word) => word === 9));
  });
});
