import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startTensorflow } from '../../../sdk/nn/backend/start-tensorflow';
import {
  findTensorflowPackages,
  hasBinding,
  tensorflowPackages,
} from '../../../sdk/nn/backend/tensorflow-package';
import { runProgram } from '../../../sdk/cli/tensorflow-setup/run-program';
import { temporaryFolder } from '../../support/temporary-folder';
import { skipWithout } from '../../support/skipping';

const core = dirname(createRequire(__filename).resolve('@tensorflow/tfjs-core/package.json'));
const starter = join(__dirname, '..', '..', '..', 'sdk', 'nn', 'backend', 'start-tensorflow');

/** Runs a script in a process of its own, where no other test has started a backend. */
async function inProcess(script: string): Promise<{ readonly answer: unknown; readonly err: string }> {
  const words = [...process.execArgv, '--import', 'tsx', '-e', script];
  const result = await runProgram(process.execPath, words, { timeout: 300 });
  assert.equal(result?.status, 0, result?.err);
  return { answer: JSON.parse(result.out.trim().split('\n').at(-1) ?? '') as unknown, err: result.err };
}

describe('starting native TensorFlow: what can be wrong', () => {
  const files = temporaryFolder();

  /** A project with a package that has the form of tfjs-node, and the tfjs-core that it finds. */
  function project(
    name: string,
    packages: Readonly<Record<string, { readonly as?: string; readonly binding?: string }>>,
    ownCore = false,
  ): string {
    const modules = files.path(`${name}/node_modules`);
    mkdirSync(join(modules, '@tensorflow', 'tfjs'), { recursive: true });
    writeFileSync(join(modules, '@tensorflow', 'tfjs', 'index.js'), '');
    if (ownCore)
      cpSync(join(core, 'package.json'), join(modules, '@tensorflow', 'tfjs-core', 'package.json'));
    if (ownCore)
      cpSync(
        join(core, 'dist', 'tf-core.node.js'),
        join(modules, '@tensorflow', 'tfjs-core', 'dist', 'tf-core.node.js'),
      );
    else symlinkSync(core, join(modules, '@tensorflow', 'tfjs-core'));
    for (const [place, { as = place, binding }] of Object.entries(packages)) {
      const folder = join(modules, place);
      mkdirSync(folder);
      const binary = {
        module_name: 'tfjs_binding',
        module_path: './lib/napi-v{napi_build_version}',
        napi_versions: [3, 8, 99],
      };
      writeFileSync(
        join(folder, 'package.json'),
        JSON.stringify({ name: as, version: '4.22.0', main: 'index.js', binary }),
      );
      if (binding === undefined) continue;
      mkdirSync(join(folder, 'lib', 'napi-v8'), { recursive: true });
      writeFileSync(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'), binding);
    }
    return files.path(name);
  }
  const [gpu, cpu] = tensorflowPackages;
  const code = 'unavailable-backend';
  const setup = /npx concord setup-tensorflow/;

  it('neither package is installed, or only plain tfjs under the name of one', async () => {
    for (const from of [project('none', {}), project('alias', { [cpu]: { as: '@tensorflow/tfjs' } })]) {
      assert.deepEqual(findTensorflowPackages([from]), []);
      const starting = startTensorflow({ from: [from] });
      await assert.rejects(starting, {
        code,
        message: /^tensorflow: neither .*tfjs-node-gpu nor .* is installed/,
      });
      await assert.rejects(startTensorflow({ from: [from] }), setup);
    }
  });

  it('the package has no native binding', async () => {
    const from = [project('unset', { [gpu]: {}, [cpu]: {} })];
    const message =
      /^tensorflow: @tensorflow\/tfjs-node-gpu@4\.22\.0 is installed without its native binding/;
    await assert.rejects(startTensorflow({ from }), { code, message });
    await assert.rejects(startTensorflow({ from }), setup);
  });

  it('only the second package has a binding: it is taken', () => {
    const from = [project('second', { [gpu]: {}, [cpu]: { binding: 'one' } })];
    const found = findTensorflowPackages([...from, ...from]);
    assert.deepEqual(
      found.map((one) => [one.name, hasBinding(one)]),
      [
        [gpu, false],
        [cpu, true],
      ],
    );
  });

  it('the package has another copy of tfjs-core', async () => {
    const from = [project('other-core', { [gpu]: { binding: 'one' } }, true)];
    const message =
      /^tensorflow: .* uses another copy of @tensorflow\/tfjs-core \(.*other-core.*\) than Concord/;
    await assert.rejects(startTensorflow({ from }), { code, message });
  });

  it('the binding does not load', async () => {
    const from = project('broken', { [gpu]: { binding: 'not a library' } });
    const { answer, err } = await inProcess(`
      const { startTensorflow } = require(${JSON.stringify(starter)});
      startTensorflow({ from: [${JSON.stringify(from)}] }).catch((error) => {
        console.log(JSON.stringify([error.code, error.message, error.cause.code]));
      });
    `);
    const [thrown, message, cause] = answer as readonly string[];
    assert.deepEqual([thrown, cause, err], [code, 'ERR_DLOPEN_FAILED', '']);
    assert.match(
      message,
      /^tensorflow: the native binding of @tensorflow\/tfjs-node-gpu does not load: .*\(set it up/,
    );
  });
});

describe('native TensorFlow', () => {
  before(function () {
    if (!findTensorflowPackages().some(hasBinding)) skipWithout(this, 'native TensorFlow');
  });

  it('starts silently, also without what Node 23 removed, leaves the backend alone and computes', async () => {
    const { answer, err } = await inProcess(`
      const util = require('node:util');
      delete util.isNullOrUndefined;
      delete util.isArray;
      require('@tensorflow/tfjs-backend-cpu');
      const tf = require('@tensorflow/tfjs-core');
      const { startTensorflow } = require(${JSON.stringify(starter)});
      const { tryConvolution } = require(${JSON.stringify(join(dirname(starter), 'trial-convolution'))});
      (async () => {
        await tf.setBackend('cpu');
        const started = await startTensorflow();
        const again = await startTensorflow();
        const before = tf.getBackend();
        await tf.setBackend('tensorflow');
        const trial = tryConvolution();
        const best = Array.from(tf.topk(tf.tensor1d([3, 1, 4, 1, 5]), 2).indices.dataSync());
        tf.disposeVariables();
        console.log(JSON.stringify({ started, again, before, trial, best, tensors: tf.memory().numTensors }));
      })();
    `);
    const { started, again, before, trial, best, tensors } = answer as {
      readonly started: Awaited<ReturnType<typeof startTensorflow>>;
      readonly again: unknown;
      readonly before: string;
      readonly trial: { readonly forwardSeconds: number; readonly trainingSeconds: number };
      readonly best: readonly number[];
      readonly tensors: number;
    };
    assert.equal(err, '');
    assert.deepEqual(again, started);
    assert.equal(before, 'cpu');
    assert.deepEqual(best, [4, 2]);
    // topk's two results and its input are the only ones left.
    assert.equal(tensors, 3);
    assert.ok(trial.forwardSeconds > 0 && trial.trainingSeconds > 0);
    assert.match(started.package, /^@tensorflow\/tfjs-node(-gpu)?@\d/);
    assert.match(started.notes[0], /^TensorFlow \d+\.\d+/);
    assert.notEqual(started.device, '');
  });

  it('trains to the same bits in every process', async () => {
    const script = `
      const tf = require('@tensorflow/tfjs-core');
      const { startTensorflow } = require(${JSON.stringify(starter)});
      const numbers = (shape, seed) => {
        const values = new Float32Array(shape.reduce((a, b) => a * b));
        for (let i = 0; i < values.length; i++) values[i] = (seed = (seed * 48271) % 2147483647) / 2147483647 - 0.5;
        return tf.tensor(values, shape);
      };
      (async () => {
        await startTensorflow();
        await tf.setBackend('tensorflow');
        const x = numbers([8, 32, 32, 16], 1);
        let [kernel, bias] = [numbers([3, 3, 16, 16], 2), tf.zeros([16])];
        const loss = (a, b) => tf.mean(tf.square(tf.sub(tf.relu(tf.add(tf.conv2d(x, a, 1, 'same'), b)), x)));
        for (let step = 0; step < 20; step++) {
          const [dKernel, dBias] = tf.grads(loss)([kernel, bias]);
          kernel = tf.sub(kernel, dKernel);
          bias = tf.sub(bias, dBias);
        }
        const bytes = [kernel, bias].map((t) => Buffer.from(t.dataSync().slice().buffer).toString('hex')).join('');
        console.log(JSON.stringify(require('node:crypto').createHash('sha256').update(bytes).digest('hex')));
      })();
    `;
    const first = await inProcess(script);
    const second = await inProcess(script);
    assert.deepEqual(second.answer, first.answer);
  });
});
