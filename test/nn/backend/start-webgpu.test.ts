import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isSimulated, loadDawn } from '../../../sdk/nn/backend/dawn';
import { startWebgpu } from '../../../sdk/nn/backend/start-webgpu';
import { onEachBackend } from '../../support/backends';
import { skipWithout } from '../../support/skipping';

/** What a process of its own says; it must end by itself, and well. */
async function inProcess(what: string, variables: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const script = join(__dirname, 'webgpu-process.ts');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--require', require.resolve('tsx/cjs'), script, what],
    { env: { ...process.env, ...variables }, timeout: 300_000 },
  );
  return JSON.parse(stdout);
}

describe('startWebgpu', () => {
  it('says how to install the package where it is missing', async () => {
    await assert.rejects(loadDawn(['/']), {
      code: 'unavailable-backend',
      message: 'webgpu: missing package: webgpu (npm install webgpu)',
    });
  });

  it('says that there is no graphics card where no driver is found', async function () {
    if (process.platform !== 'linux')
      skipWithout(this, 'another operating system', 'drivers are named by variables on Linux only');
    const nowhere = join(__dirname, 'no-such-driver.json');
    const message = await inProcess('fail', { VK_ICD_FILENAMES: nowhere, VK_DRIVER_FILES: nowhere });
    assert.match(
      String(message),
      /^webgpu: (no graphics card with a driver for Vulkan|no Vulkan loader).*\(install/,
    );
  });

  it('knows simulated graphics cards by their names', () => {
    const card = { vendor: 'x', architecture: '', device: '', description: '' };
    assert.equal(isSimulated({ ...card, architecture: 'swiftshader' }), true);
    assert.equal(isSimulated({ ...card, description: 'llvmpipe (LLVM 15.0.6, 256 bits)' }), true);
    assert.equal(isSimulated({ ...card, isFallbackAdapter: true }), true);
    assert.equal(isSimulated({ ...card, vendor: 'nvidia', description: 'NVIDIA H200: 535.161' }), false);
    assert.equal(isSimulated({ ...card, vendor: 'apple', description: 'Metal driver on macOS' }), false);
  });
});

onEachBackend('startWebgpu', (backend) => {
  if (backend !== 'webgpu') return;

  it('reports the graphics card, its largest tensor and whether it is simulated', async () => {
    const report = await startWebgpu();
    assert.match(report.package, /^@tensorflow\/tfjs-backend-webgpu@4\.\d+\.\d+ on webgpu@\d/);
    assert.match(report.notes.at(-1) ?? '', /^one tensor takes at most [1-9]\d* MiB$/);
    const simulated = /swiftshader|llvmpipe/i.test(report.device);
    assert.equal(report.notes.length, simulated ? 2 : 1);
    if (!simulated) return;
    assert.match(report.notes[0], /simulated by the processor/);
    await assert.rejects(startWebgpu({ allowSoftware: false }), {
      code: 'unavailable-backend',
      message: /^webgpu: the only graphics card is simulated by the processor: SwiftShader|llvmpipe/,
    });
  });

  it('goes on where it already runs', async () => {
    const x = tf.ones([40, 40]);
    await startWebgpu();
    assert.equal(tf.getBackend(), 'webgpu');
    assert.equal((await x.data())[7], 1);
    x.dispose();
  });

  it('says why a tensor cannot be read at once', () => {
    const y = tf.tidy(() => tf.relu(tf.ones([40, 40])));
    assert.throws(() => y.dataSync(), { code: 'unavailable-backend', message: /await tensor\.data\(\)/ });
    y.dispose();
  });

  it('refuses a tensor that does not fit, and works on', async () => {
    assert.throws(() => tf.tidy(() => tf.tile(tf.ones([1024, 1024]), [1024, 64])), {
      code: 'unavailable-backend',
      message:
        /^webgpu: a tensor of shape \[1048576, 65536\] does not fit this graphics card.*smaller batches/,
    });
    const y = tf.tidy(() => tf.relu(tf.fill([40, 40], 3)));
    assert.equal((await y.data())[5], 3);
    y.dispose();
  });

  it('starts once for calls at the same time, leaves the navigator alone, and lets the process end', async () => {
    const answer = (await inProcess('compute')) as {
      sum: number;
      devices: string[];
      navigatorUntouched: boolean;
    };
    assert.equal(answer.sum, 50 * 50 * 60);
    assert.equal(answer.devices[0], answer.devices[1]);
    assert.equal(answer.navigatorUntouched, true);
  });

  it('turns the loss of the graphics card into errors, and starts anew', async () => {
    const [before, whileReading, afterwards, anew] = (await inProcess('lose')) as string[];
    assert.equal(before, '150000');
    assert.match(whileReading, /^webgpu: the graphics card was lost: .*\(choose the backend again/);
    assert.match(afterwards, /^webgpu: the graphics card was lost: /);
    assert.equal(anew, '150000');
  });
});
