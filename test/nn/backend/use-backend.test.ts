import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { getBackend, tensor1d } from '@tensorflow/tfjs-core';
import type { BackendName } from '../../../sdk/nn/backend/backend-report';
import { backendReport, ensureBackend, useBackend } from '../../../sdk/nn/backend/use-backend';
import { onEachBackend } from '../../support/backends';

const engine = JSON.stringify(join(__dirname, '../../../sdk/nn/backend/use-backend.ts'));

/** What a process of its own prints that runs `code`, with `b` the functions of use-backend. */
function alone(code: string, variables: NodeJS.ProcessEnv = {}): string {
  const program = `import(${engine}).then(async (module) => { const b = module.default ?? module; ${code} });`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', '-e', program], {
    encoding: 'utf8',
    cwd: join(__dirname, '../../..'),
    env: { ...process.env, CONCORD_BACKEND: '', ...variables },
  });
  assert.equal(status, 0, stderr);
  return `${stdout}${stderr}`.trim();
}

onEachBackend('useBackend', (backend) => {
  it('starts it, makes it the current one and reports on it', async () => {
    const report = await useBackend(backend);
    assert.equal(report.backend, backend);
    assert.equal(report.requested, backend);
    assert.equal(getBackend(), backend);
    assert.deepEqual(report.failed, []);
    assert.match(report.package, /^(@tensorflow\/)?[a-z-]+.*@\d/);
    assert.ok(report.device.length > 3);
  });

  it('counts what its tensors take', async () => {
    const before = await useBackend(backend);
    const numbers = tensor1d(new Float32Array(1000));
    const during = backendReport();
    numbers.dispose();
    assert.equal(during.tensors, before.tensors + 1);
    assert.equal(during.memoryInUse, before.memoryInUse + 4000);
    assert.equal(backendReport().tensors, before.tensors);
  });
});

describe('useBackend', () => {
  it('names the backends when it is asked for another', async () => {
    await assert.rejects(useBackend('cuda' as BackendName), {
      code: 'invalid-option',
      message: 'unknown backend: "cuda" (auto, tensorflow, webgpu, wasm, cpu)',
    });
  });

  it('keeps the choice although tfjs was switched behind its back', async () => {
    await useBackend('wasm');
    const { setBackend } = await import('@tensorflow/tfjs-core');
    await useBackend('cpu');
    await setBackend('wasm');
    assert.equal((await ensureBackend()).backend, 'cpu');
    assert.equal(getBackend(), 'cpu');
  });

  it('makes the last one asked for the one that stands', async () => {
    await Promise.all([useBackend('wasm'), useBackend('cpu')]);
    assert.equal(getBackend(), 'cpu');
    await Promise.allSettled([useBackend('cpu'), useBackend('none' as BackendName), useBackend('wasm')]);
    assert.equal(backendReport().backend, 'wasm');
  });

  it('has no report before a choice, and chooses by itself where a network is used', () => {
    const printed = alone(`
      try { b.backendReport(); } catch (error) { console.log(error.code, error.message); }
      console.log((await b.ensureBackend()).requested);
    `);
    assert.match(printed, /^unavailable-backend no backend has been chosen yet.*\nauto$/);
  });

  it('obeys CONCORD_BACKEND where nothing is named, and only there', () => {
    const code = `
      console.log((await b.useBackend()).backend);
      console.log((await b.useBackend('cpu')).backend);
    `;
    assert.equal(alone(code, { CONCORD_BACKEND: ' Wasm\n' }), 'wasm\ncpu');
    const typo = `await b.useBackend().catch((error) => console.log(error.message));`;
    assert.match(alone(typo, { CONCORD_BACKEND: 'wsam' }), /^unknown backend in CONCORD_BACKEND: "wsam"/);
  });

  it('falls to the next with the reason, under auto; never when one is named', () => {
    // Without a Vulkan driver and without the native package nothing stands before wasm.
    const code = `
      const report = await b.useBackend();
      console.log(JSON.stringify(report.failed.map(({ backend }) => backend)), report.backend);
      await b.useBackend('webgpu').catch((error) => console.log(error.code));
    `;
    const printed = alone(code, { VK_ICD_FILENAMES: join(__dirname, 'no-driver.json') }).split('\n');
    const [failed, chosen] = printed[0].split(' ');
    const expected: Record<string, string> = { wasm: '["tensorflow","webgpu"]', tensorflow: '[]' };
    assert.equal(failed, expected[chosen]);
    assert.equal(printed[1], 'unavailable-backend');
  });

  it('prints nothing', () => {
    const code = `for (const name of ['cpu', 'wasm']) {
        await b.useBackend(name);
        const { tensor1d, square } = require('@tensorflow/tfjs-core');
        square(tensor1d([1, 2])).dispose();
      }`;
    assert.equal(alone(code), '');
  });
});
