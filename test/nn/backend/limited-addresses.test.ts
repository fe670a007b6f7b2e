import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { skipWithout } from '../../support/skipping';

/** What a program prints where `ulimit -v` allows so many kilobytes of addresses. */
function within(kilobytes: number, program: string, flags: readonly string[] = []): string {
  const start = `const sdk = require(${JSON.stringify(resolve('sdk/dist/index.js'))});`;
  const script = 'ulimit -v "$1" && shift && exec "$@"';
  const words = [...flags, '-e', `${start} (async () => { ${program} })()`];
  return execFileSync('sh', ['-c', script, 'sh', String(kilobytes), process.execPath, ...words], {
    encoding: 'utf8',
    env: { ...process.env, CONCORD_BACKEND: '', NODE_OPTIONS: '' },
  });
}

/** Makes native TensorFlow and WebGPU packages that are not there, as on most machines. */
const bare = `const modules = require('node:module'); const load = modules._load;
  modules._load = (name, ...rest) => {
    if (/tfjs-node|^webgpu$/.test(name)) throw Object.assign(new Error('not here'), { code: 'MODULE_NOT_FOUND' });
    return load(name, ...rest);
  };`;

describe('where addresses are limited', () => {
  before(function () {
    if (process.platform !== 'linux') skipWithout(this, 'another operating system', 'Linux limits addresses');
  });

  it('WebAssembly says what limits it and how that is raised, and nothing of a new installation', () => {
    const said = within(
      6_000_000,
      "await sdk.useBackend('wasm', { threads: 2 }).catch((error) => console.log(error.code, error.message))",
    );
    assert.match(said, /^unavailable-backend wasm: this process may use 6\.1 GB of addresses/);
    assert.match(said, /ulimit -v unlimited.*--disable-wasm-trap-handler/);
    assert.doesNotMatch(said, /reinstall/);
  });

  it('starts no thread that would end the process', () => {
    const report = 'const { threads, notes } = await sdk.useBackend("wasm", { threads: 4 });';
    const said = within(12_000_000, `${report} console.log(threads, notes.join())`);
    assert.match(said, /^1 1 of 4 threads: this process may use 12\.3 GB/);
  });

  it('has WebAssembly with the remedy that it names', () => {
    const flags = ['--disable-wasm-trap-handler'];
    const said = within(
      2_000_000,
      'console.log((await sdk.useBackend("wasm", { threads: 2 })).threads)',
      flags,
    );
    assert.equal(said.trim(), '1');
  });

  it('says in the result that plain JavaScript was all that started', () => {
    const said = within(
      6_000_000,
      `${bare}
      const pixels = Float32Array.from({ length: 4 * 16 * 16 }, (_, at) => at % 7);
      const grid = { shape: [16, 16, 1], affine: sdk.affine.make([3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1]) };
      const slices = ['a', 'b', 'c', 'd'].map((scan) => ({ scan, plane: 'axial', index: 0, position: 0, offset: [0, 0], grid }));
      const images = sdk.makeImageSet(pixels, [4, 16, 16, 1], { slices });
      const people = sdk.makeParticipants(['a', 'b', 'c', 'd'], ['x', 'x', 'y', 'y']);
      const cohort = sdk.makeImageCohort(people, images);
      const model = await sdk.networks.fitAutoencoder(cohort, { steps: 1, batchSize: 2, width: 4, levels: 1, codeChannels: 1 });
      const { backend } = sdk.networks.backendReport();
      console.log(backend, model.issues.filter(({ code }) => code === 'slow-backend').length);`,
    );
    assert.equal(said.trim(), 'cpu 1');
  });
});
