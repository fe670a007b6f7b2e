import assert from 'node:assert/strict';
import { lastLines, runProgram } from '../../../sdk/cli/tensorflow-setup/run-program';

describe('running a program', () => {
  const node = (script: string, options = {}): ReturnType<typeof runProgram> =>
    runProgram(process.execPath, ['-e', script], options);

  it('keeps what it writes and its exit status', async () => {
    const env = { WORD: 'out' };
    const result = await node('console.log(process.env.WORD); console.error("err"); process.exit(3)', {
      env,
    });
    assert.deepEqual(result, { status: 3, out: 'out\n', err: 'err\n' });
  });

  it('tells a program that is missing from one that fails', async () => {
    assert.equal(await runProgram('concord-has-no-such-program', []), undefined);
    assert.equal((await node('process.abort()'))?.status, 1);
  });

  it('stops one that takes too long, and those it started', async () => {
    const result = await runProgram('sh', ['-c', 'sleep 60 & wait'], { timeout: 0.2 });
    assert.equal(result?.status, null);
  });

  it('stops when it is cancelled, and does not start when it is already', async () => {
    const abort = new AbortController();
    const running = node('setInterval(() => {}, 1000)', { signal: abort.signal });
    setTimeout(() => abort.abort(), 50);
    await assert.rejects(running, { code: 'aborted', message: /run it again to continue/ });
    await assert.rejects(node('', { signal: abort.signal }), { code: 'aborted' });
  });

  it('quotes the last lines', () => {
    assert.equal(lastLines({ status: 1, out: 'a\n\nb\n', err: 'c\n' }, 2), 'b\nc');
  });
});
