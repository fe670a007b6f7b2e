import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prebuiltEntry } from '../../../sdk/cli/tensorflow-setup/prebuilt-entry';
import type { SetupRun } from '../../../sdk/cli/tensorflow-setup/setup-run';
import type { TensorflowPackage } from '../../../sdk/nn/backend/tensorflow-package';
import { fakePrograms } from './fake-programs';
import { skipWithout } from '../../support/skipping';

describe("the package's own prebuilt TensorFlow", () => {
  const programs = fakePrograms();
  let native: TensorflowPackage;
  let run: SetupRun;
  const storage = process.env['TFJS_NODE_CDN_STORAGE'];
  const take = (cuda = false): ReturnType<typeof prebuiltEntry> => prebuiltEntry(native, { cuda, run });
  const installer = (script: string): void =>
    writeFileSync(join(native.folder, 'scripts', 'install.js'), script);

  before(function () {
    if (!['linux-x64', 'darwin-x64', 'darwin-arm64'].includes(`${process.platform}-${process.arch}`))
      skipWithout(this, 'another operating system');
  });
  beforeEach(() => {
    const modules = join(programs.root(), 'node_modules');
    const folder = join(modules, '@tensorflow', 'tfjs-node');
    mkdirSync(join(folder, 'scripts'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{}');
    const tool = join(modules, '@mapbox', 'node-pre-gyp');
    mkdirSync(join(tool, 'bin'), { recursive: true });
    writeFileSync(join(tool, 'bin', 'node-pre-gyp'), '');
    const binding = join(folder, 'lib', 'napi-v8', 'tfjs_binding.node');
    native = { name: '@tensorflow/tfjs-node', version: '4.22.0', folder, binding };
    run = {
      cache: join(programs.root(), 'cache'),
      say: () => undefined,
      onBytes: () => undefined,
      attempt: () => Promise.reject(new Error('not asked for')),
    };
    // A name that needs no network to be found.
    process.env['TFJS_NODE_CDN_STORAGE'] = 'http://localhost/';
  });
  afterEach(() => {
    if (storage === undefined) delete process.env['TFJS_NODE_CDN_STORAGE'];
    else process.env['TFJS_NODE_CDN_STORAGE'] = storage;
  });

  it('is fetched into the cache by its own installer, which never touches the package', async () => {
    installer(`
      const fs = require('node:fs');
      if (!process.env.PATH.split(':').some((place) => fs.existsSync(place + '/node-pre-gyp'))) process.exit(1);
      fs.mkdirSync('deps/lib', { recursive: true });
      fs.writeFileSync('deps/lib/libtensorflow.so', process.argv.slice(2).join(' '));
      fs.mkdirSync('lib/napi-v8', { recursive: true });
      fs.writeFileSync('lib/napi-v8/tfjs_binding.node', 'made');
      fs.writeFileSync('package.json', 'changed');
    `);
    const { folder, source } = await take();
    assert.equal(source, 'prebuilt');
    assert.equal(readFileSync(join(folder, 'deps', 'lib', 'libtensorflow.so'), 'utf8'), 'cpu download');
    const binding = join(folder, 'binding-4.22.0', 'napi-v8', 'tfjs_binding.node');
    assert.equal(readFileSync(binding, 'utf8'), 'made');
    assert.deepEqual(readdirSync(native.folder).sort(), ['package.json', 'scripts']);
    assert.equal(readFileSync(join(native.folder, 'package.json'), 'utf8'), '{}');
    assert.deepEqual(readdirSync(join(native.folder, '..')), ['tfjs-node']);
    installer('process.exit(1)');
    assert.equal((await take()).folder, folder);
  });

  it('leaves nothing behind when its installer fails', async () => {
    installer('console.error("HTTP 403"); process.exit(1)');
    await assert.rejects(take(), { code: 'unavailable-backend', message: /it failed:\nHTTP 403/ });
    assert.deepEqual(readdirSync(join(native.folder, '..')), ['tfjs-node']);
    assert.deepEqual(readdirSync(run.cache), []);
  });

  it('is not begun where it cannot work', async () => {
    installer('require("node:fs").writeFileSync("../begun", "")');
    process.env['TFJS_NODE_CDN_STORAGE'] = 'http://nowhere.invalid/';
    await assert.rejects(take(), /there is no way to nowhere\.invalid from here/);
    programs.put('ldconfig', 'echo libcudart.so.12');
    await assert.rejects(take(true), /it needs CUDA 11 and cuDNN 8/);
    assert.equal(existsSync(join(native.folder, '..', 'begun')), false);
  });
});
