import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SetupRun } from '../../../sdk/cli/tensorflow-setup/setup-run';
import type { SetupOptions } from '../../../sdk/cli/tensorflow-setup/setup-tensorflow';
import { setupTensorflow } from '../../../sdk/cli/tensorflow-setup/setup-tensorflow';
import { setupStatus, undoSetup } from '../../../sdk/cli/tensorflow-setup/undo-setup';
import { fakePrograms, writeWheel } from './fake-programs';
import { skipWithout } from '../../support/skipping';

const tfjsCore = dirname(createRequire(__filename).resolve('@tensorflow/tfjs-core/package.json'));
const name = '@tensorflow/tfjs-node-gpu';

/** The parts of the npm package that the setup looks at. */
function writePackage(modules: string): string {
  const folder = join(modules, name);
  mkdirSync(join(folder, 'binding'), { recursive: true });
  const binary = {
    module_name: 'tfjs_binding',
    module_path: './lib/napi-v{napi_build_version}',
    napi_versions: [8],
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: '4.22.0', binary }));
  const tfjs = join(modules, '@tensorflow', 'tfjs');
  mkdirSync(tfjs, { recursive: true });
  writeFileSync(join(tfjs, 'index.js'), '');
  symlinkSync(tfjsCore, join(modules, '@tensorflow', 'tfjs-core'));
  return folder;
}

describe('setting TensorFlow up', () => {
  let root = '';
  let native = '';
  let modules = '';
  let cache = '';
  let wheel = '';
  let kept = '';
  let said: string[];
  const programs = fakePrograms();
  const works = {
    device: 'a processor',
    package: name,
    threads: 2,
    notes: [],
    forwardSeconds: 1,
    trainingSeconds: 2,
  };
  let attempt: SetupRun['attempt'];
  const run = (): SetupRun => ({
    cache,
    say: (line) => said.push(line),
    onBytes: () => undefined,
    attempt: (...all) => attempt(...all),
  });
  const setup = (options: SetupOptions = {}): ReturnType<typeof setupTensorflow> =>
    setupTensorflow({ modules, source: 'wheel', ...options }, run());
  const contents = (folder: string): string =>
    execFileSync('/bin/sh', ['-c', 'find . -name "*.part-*" -prune -o -print | sort'], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin' },
    });

  before(function () {
    kept = mkdtempSync(join(tmpdir(), 'concord-wheel-'));
    // Other builds have other names.
    if (process.platform !== 'linux' || process.arch !== 'x64') skipWithout(this, 'another operating system');
    try {
      wheel = writeWheel(join(kept, 'one.whl'));
    } catch (error) {
      if (!String(error).includes('ENOENT')) throw error;
      skipWithout(this, 'Python', 'python3 was not found');
    }
  });
  after(() => rmSync(kept, { recursive: true, force: true }));
  beforeEach(() => {
    root = programs.root();
    modules = join(root, 'project', 'node_modules');
    cache = join(root, 'cache');
    native = writePackage(modules);
    [said, attempt] = [[], () => Promise.resolve(works)];
    // pip is a program of its own here: the wheel is put where pip is told to.
    programs.put(
      'python3',
      `case "$*" in
        *"pip download"*) echo pip download >>${root}/called.log
          while [ "$1" != -d ]; do shift; done; cp ${wheel} "$2"/one-1-py3-none-any.whl;;
        *) exec $REAL "$@";;
      esac`,
    );
    programs.put('g++', 'for word; do [ "$last" = -o ] && echo made >"$word"; last=$word; done; exit 0');
  });

  it('takes TensorFlow from the wheel, compiles, links and tries', async () => {
    const before = contents(modules);
    assert.deepEqual(await setup(), works);
    const entry = join(cache, '2.21.0-cpu-linux-x64');
    assert.equal(readlinkSync(join(native, 'deps')), join(entry, 'deps'));
    assert.equal(readFileSync(join(native, 'lib', 'napi-v8', 'tfjs_binding.node'), 'utf8'), 'made\n');
    assert.equal(readFileSync(join(native, 'deps', 'lib', 'libtensorflow_cc.so.2'), 'utf8'), 'library');
    assert.ok(existsSync(join(native, 'deps', 'include', 'tensorflow', 'c', 'c_api.h')));
    assert.deepEqual(readdirSync(cache), ['2.21.0-cpu-linux-x64']);
    assert.match(said.join('\n'), /no device.*\n.*\nfetching tensorflow-cpu==2\.21\.0 with pip: 274 MB/);

    said = [];
    await setupStatus({ modules }, run());
    assert.match(said[0], /tfjs-node-gpu@4\.22\.0 in .*, with its native binding, TensorFlow 2\.21\.0 in /);

    await undoSetup({ cache: false, modules }, run());
    assert.equal(contents(modules), before);
    assert.ok(existsSync(entry));
    await undoSetup({ cache: true, modules }, run());
    assert.equal(existsSync(cache), false);
  });

  it('does nothing twice, and needs neither pip nor a compiler when only the project is new', async () => {
    await setup();
    assert.ok(programs.called().includes('pip download'), 'pip fetched');
    await setup();
    assert.deepEqual(
      programs.called().filter((line) => /pip|g\+\+/.test(line)),
      [],
    );
    assert.equal(said.at(-1), 'it is set up already');
    for (const link of ['deps', 'lib']) rmSync(join(native, link));
    await setup();
    assert.deepEqual(
      programs.called().filter((line) => /pip|g\+\+/.test(line)),
      [],
    );
    assert.ok(existsSync(join(native, 'lib', 'napi-v8')));
  });

  it('goes on where it was cut short', async () => {
    programs.put('g++', '[ "$1" = --version ] || { echo "fatal error: no header" >&2; exit 1; }');
    await assert.rejects(setup(), {
      code: 'unavailable-backend',
      message: /g\+\+ cannot compile the binding/,
    });
    assert.match(said.join('\n'), /fatal error: no header/);
    assert.equal(existsSync(join(native, 'lib')), false);
    programs.called();
    programs.put('g++', 'for word; do [ "$last" = -o ] && echo made >"$word"; last=$word; done; exit 0');
    await setup();
    assert.deepEqual(
      programs.called().filter((line) => line.startsWith('pip')),
      [],
    );
  });

  it('puts aside what was there, and back', async () => {
    mkdirSync(join(native, 'lib', 'napi-v8'), { recursive: true });
    writeFileSync(join(native, 'lib', 'napi-v8', 'tfjs_binding.node'), 'of another');
    const before = contents(native);
    await setup({ cuda: false });
    assert.notEqual(contents(native), before);
    await undoSetup({ cache: false, modules }, run());
    assert.equal(contents(native), before);
  });

  it('leaves the package alone when the TensorFlow does not work', async () => {
    const before = contents(modules);
    attempt = () => Promise.resolve({ failure: 'illegal instruction' });
    await assert.rejects(setup(), /TensorFlow 2\.21\.0 in .* does not work/);
    assert.match(said.join('\n'), /illegal instruction/);
    assert.equal(contents(modules), before);
  });

  it('fetches the libraries of CUDA', async () => {
    await setup({ cuda: true });
    const entry = join(cache, '2.21.0-cuda-linux-x64');
    assert.ok(existsSync(join(entry, 'site', 'nvidia', 'nccl', 'lib', 'libnccl.so.2')));
    assert.match(said.join('\n'), /fetching and unpacking nvidia-nccl-cu12<3\.0,>=2\.27\.7/);
    assert.match(said.join('\n'), /sees no CUDA device/);
  });

  it('uses a device where there is one', async () => {
    programs.put('nvidia-smi', 'echo "GPU 0: a graphics card (UUID: GPU-0)"');
    await setup();
    assert.match(said[0], /with CUDA: nvidia-smi names a device/);
    assert.deepEqual(readdirSync(cache), ['2.21.0-cuda-linux-x64']);
  });

  it('uses the TensorFlow that Python has', async () => {
    const site = join(root, 'site', 'tensorflow');
    mkdirSync(join(site, 'include'), { recursive: true });
    writeFileSync(join(site, 'libtensorflow_cc.so.2'), 'library');
    const answer = {
      version: '3.12.1',
      pip: false,
      tensorflow: { version: '2.20.0', folder: site, cuda: false },
    };
    programs.put('own-python', `echo '${JSON.stringify(answer)}'`);
    await setup({ source: undefined, python: 'own-python' });
    assert.equal(realpathSync(join(native, 'deps', 'lib')), site);
    assert.match(said.join('\n'), /using TensorFlow 2\.20\.0 of own-python/);
  });

  it('says what is missing', async () => {
    const code = 'unavailable-backend';
    programs.put('python3', `echo '{"version": "3.12.1", "pip": false}'`);
    await assert.rejects(setup(), { code, message: /python3 \(Python 3\.12\.1\) has no pip \(install it/ });
    await assert.rejects(setup({ source: 'python' }), { code, message: /python3 has no TensorFlow/ });
    programs.remove('python3');
    await assert.rejects(setup(), { code, message: /there is no Python on this machine/ });
    await assert.rejects(setup({ python: 'no-python' }), {
      code,
      message: /--python names does not run: no-python/,
    });
  });

  it('says what pip and a missing compiler mean', async () => {
    const answer = `echo '{"version": "3.12.1", "pip": true}'`;
    const pip = (says: string): void =>
      programs.put(
        'python3',
        `case "$*" in *"pip download"*) echo "${says}" >&2; exit 1;; *) ${answer};; esac`,
      );
    pip('ERROR: No matching distribution found for tensorflow-cpu');
    await assert.rejects(setup(), /pip cannot fetch tensorflow-cpu==2\.21\.0 \(pip finds no such version/);
    pip('NewConnectionError: Failed to establish a new connection');
    await assert.rejects(setup(), /\(check the network; behind a proxy/);
    pip('OSError: [Errno 28] No space left on device');
    await assert.rejects(setup(), /\(make room on the disk/);
    assert.deepEqual(readdirSync(join(cache, 'downloads')), []);
  });

  it('says what a missing compiler means', async () => {
    programs.remove('g++');
    await assert.rejects(setup(), /no C\+\+ compiler .*apt install g\+\+/);
  });
});
