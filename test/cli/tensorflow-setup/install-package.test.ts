import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePackage, removePackage } from '../../../sdk/cli/tensorflow-setup/install-package';
import type { SetupRun } from '../../../sdk/cli/tensorflow-setup/setup-run';
import { fakePrograms } from './fake-programs';

describe('putting the npm package into a project', () => {
  let root = '';
  let modules = '';
  const said: string[] = [];
  const programs = fakePrograms();
  const run = (): SetupRun => ({
    cache: join(root, 'cache'),
    say: (line) => said.push(line),
    onBytes: () => undefined,
    attempt: () => Promise.reject(new Error('not asked for')),
  });
  /** A shell script that installs packages of these versions as npm does. */
  const npm = (packages: Readonly<Record<string, string>>): string =>
    Object.entries(packages)
      .map(([name, version]) => {
        const binary =
          '{"module_name":"b","module_path":"./lib/napi-v{napi_build_version}","napi_versions":[8]}';
        const json = `{"name":"${name}","version":"${version}","binary":${binary}}`;
        return `mkdir -p node_modules/${name}; echo '${json}' >node_modules/${name}/package.json`;
      })
      .join('\n');
  const installed = (name: string, version: string): void => {
    mkdirSync(join(modules, name), { recursive: true });
    writeFileSync(join(modules, name, 'package.json'), JSON.stringify({ name, version }));
  };
  const gpu = '@tensorflow/tfjs-node-gpu';
  const before = process.cwd();

  beforeEach(() => {
    root = programs.root();
    modules = join(root, 'node_modules');
    installed('@tensorflow/tfjs-core', '4.22.0');
    // Packages are looked for from here too, and the repository has one.
    process.chdir(root);
    programs.put(
      'npm',
      npm({ [gpu]: '4.22.0', '@tensorflow/tfjs-core': '4.22.0', tar: '6.0.0', rimraf: '2.0.0' }),
    );
  });
  afterEach(() => process.chdir(before));

  it('shares with the project what both have in one version, tfjs-core above all', async () => {
    installed('rimraf', '6.0.0');
    const placed = await ensurePackage({ cuda: true, modules }, run());
    assert.equal(placed.name, gpu);
    const tree = join(modules, '.concord-tensorflow', 'tfjs-node-gpu', 'node_modules');
    assert.equal(placed.folder, join(tree, gpu));
    assert.deepEqual(readdirSync(join(tree, '@tensorflow')), ['tfjs-node-gpu']);
    assert.deepEqual(readdirSync(tree).sort(), ['@tensorflow', 'rimraf', 'tar']);
    assert.ok(lstatSync(join(modules, gpu)).isSymbolicLink());
    assert.equal(await removePackage(modules), true);
    assert.deepEqual(readdirSync(modules).sort(), ['@tensorflow', 'rimraf']);
    assert.equal(existsSync(join(modules, gpu)), false);
    assert.equal(await removePackage(modules), false);
  });

  it('needs npm once, and nothing when the package is there', async () => {
    await ensurePackage({ cuda: true, modules }, run());
    assert.deepEqual(programs.called(), ['npm install']);
    await removePackage(modules);
    await ensurePackage({ cuda: true, modules }, run());
    await ensurePackage({ cuda: true, modules }, run());
    assert.deepEqual(programs.called(), []);
    assert.match(said.at(-1) ?? '', /^package: @tensorflow\/tfjs-node-gpu@4\.22\.0 in /);
  });

  it('takes tfjs-node without CUDA', async () => {
    programs.put('npm', npm({ '@tensorflow/tfjs-node': '4.22.0' }));
    assert.equal((await ensurePackage({ cuda: false, modules }, run())).name, '@tensorflow/tfjs-node');
  });

  it('takes the twin of tfjs-node where plain tfjs has its name', async () => {
    mkdirSync(join(modules, '@tensorflow', 'tfjs-node'));
    const alias = JSON.stringify({ name: '@tensorflow/tfjs', version: '4.22.0' });
    writeFileSync(join(modules, '@tensorflow', 'tfjs-node', 'package.json'), alias);
    assert.equal((await ensurePackage({ cuda: false, modules }, run())).name, gpu);
    await removePackage(modules);
    assert.ok(existsSync(join(modules, '@tensorflow', 'tfjs-node', 'package.json')));
  });

  it('refuses another version of tfjs-core, and leaves nothing behind', async () => {
    installed('@tensorflow/tfjs-core', '4.20.0');
    const refused = {
      code: 'unavailable-backend',
      message: /tfjs-core@4\.20\.0, native TensorFlow needs 4\.22\.0/,
    };
    await assert.rejects(ensurePackage({ cuda: true, modules }, run()), refused);
    assert.equal(existsSync(join(modules, gpu)), false);
    await removePackage(modules);
    assert.deepEqual(readdirSync(modules), ['@tensorflow']);
  });

  it('says what npm said', async () => {
    programs.put('npm', 'echo "npm error network ENOTFOUND" >&2; exit 1');
    await assert.rejects(
      ensurePackage({ cuda: true, modules }, run()),
      /npm cannot fetch .*:\nnpm error network ENOTFOUND/,
    );
    programs.remove('npm');
    await assert.rejects(ensurePackage({ cuda: true, modules }, run()), /there is no npm/);
  });
});
