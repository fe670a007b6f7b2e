import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { buildSdkWhenStale } from '../scripts/build-sdk';
import { shippedModels } from '../sdk/methods/shipped-models';
import { npm } from './support/npm';

const top = resolve(__dirname, '..');

describe('the package of models', () => {
  const folder = mkdtempSync(join(tmpdir(), 'concord-models-'));
  const checkout = join(folder, 'checkout');
  const project = join(folder, 'empty project');
  const names = Object.values(shippedModels().folders).map((path) => basename(path));
  let packed: { readonly filename: string; readonly files: readonly { readonly path: string }[] };

  before(() => {
    buildSdkWhenStale();
    // Packing puts the models into the package for a moment, where other tests must not find them.
    for (const part of ['models', ...names.map((name) => `fixtures/${name}`)]) {
      cpSync(join(top, part), join(checkout, part), { recursive: true });
    }
    [packed] = JSON.parse(
      npm(join(checkout, 'models'), 'pack', '--json', '--silent', '--pack-destination', folder),
    ) as (typeof packed)[];
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true }\n');
    npm(project, 'install', '--offline', '--no-audit', '--no-fund', join(folder, packed.filename));
    symlinkSync(join(top, 'sdk'), join(project, 'node_modules', 'concord-mri'), 'junction');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('holds the models, each with its card and license, and nothing else', () => {
    const own = ['LICENSE', 'README.md', 'index.d.ts', 'index.js', 'package.json'];
    const ofEach = ['LICENSE', 'README.md', 'model.json', 'weights.safetensors'];
    const wanted = [...own, ...names.flatMap((name) => ofEach.map((file) => `${name}/${file}`))];
    assert.deepEqual(packed.files.map(({ path }) => path).sort(), wanted.sort());
    assert.ok(statSync(join(folder, packed.filename)).size < 8e6 * names.length);
  });

  it('leaves the checkout with one copy of each', () => {
    const left = readdirSync(join(checkout, 'models')).filter((name) => name.endsWith('-small'));
    assert.deepEqual(left, []);
    assert.ok(names.every((name) => existsSync(join(checkout, 'fixtures', name))));
  });

  it('is found where it is installed, beside concord-mri', () => {
    // Links are kept as they are: the SDK then is where a user has it.
    const script = `const { loadShippedModel } = require('concord-mri');
      loadShippedModel('murd').then(({ sites }) => console.log(sites.join(), require('concord-mri-models').folders.murd));`;
    const words = ['--preserve-symlinks', '-e', script];
    const out = execFileSync(process.execPath, words, { cwd: project, encoding: 'utf8' });
    const place = join('node_modules', 'concord-mri-models', 'murd-small');
    assert.ok(out.startsWith('GE,Philips,Siemens ') && out.trim().endsWith(place), out);
    assert.ok(!out.includes(join(top, 'node_modules')) && !out.includes(join(top, 'models')), out);
  });
});
