import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSdkWhenStale } from '../scripts/build-sdk';
import { bytesIn } from '../sdk/cli/tensorflow-setup/setup-cache';
import { version } from '../sdk/version';
import { npm } from './support/npm';
import { skipWithout } from './support/skipping';

const top = resolve(__dirname, '..');

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** What a compiler leaves of itself, which packing takes away first. */
const record = join(top, 'sdk', 'dist', '.tsbuildinfo');

/** Copies the package's folder: packing compiles it anew, which other tests and programs must not meet half done. */
function copyOfSdk(checkout: string, without: string): string {
  const sdk = join(checkout, 'sdk');
  const packages = join(top, 'sdk', 'node_modules');
  cpSync(join(top, 'sdk'), sdk, {
    recursive: true,
    filter: (path) => path !== without && path !== packages,
  });
  if (existsSync(packages)) symlinkSync(packages, join(sdk, 'node_modules'), 'junction');
  cpSync(join(top, 'tsconfig.json'), join(checkout, 'tsconfig.json'));
  symlinkSync(join(top, 'node_modules'), join(checkout, 'node_modules'), 'junction');
  return sdk;
}

describe('the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'concord-package-'));
  const project = join(folder, 'empty project');
  let packed: Packed;
  let installed = false;

  const pack = (sdk: string, ...more: string[]): Packed =>
    (JSON.parse(npm(sdk, 'pack', '--json', '--pack-destination', folder, ...more)) as Packed[])[0];

  before(function () {
    buildSdkWhenStale();
    packed = pack(copyOfSdk(join(folder, 'checkout'), record), '--ignore-scripts');
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true }\n');
    try {
      npm(project, 'install', join(folder, packed.filename), '--no-audit', '--no-fund');
      installed = true;
    } catch (error) {
      // Without a registry the install cannot be tried; with one, a failure is ours.
      if (
        !/ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ENETUNREACH/.test(
          String((error as { stderr?: unknown }).stderr),
        )
      )
        throw error;
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const needsInstall = (context: Mocha.Context): void => {
    if (installed) return;
    skipWithout(context, 'the npm registry');
  };

  it('holds what users need and nothing else', () => {
    const paths = packed.files.map((file) => file.path);
    const stray = paths.filter(
      (path) =>
        !/^(dist\/.+\.(js|d\.ts)|dist\/parts\/.+|bin\/concord(-kernel)?\.js|example\/simulated-thickness\.csv(\.json)?|package\.json|README\.md|LICENSE)$/.test(
          path,
        ),
    );
    assert.deepEqual(stray, []);
    for (const path of [
      'dist/index.js',
      'dist/index.d.ts',
      'bin/concord.js',
      'example/simulated-thickness.csv',
      'README.md',
      'LICENSE',
    ]) {
      assert.ok(paths.includes(path), `${path} is missing`);
    }
  });

  it('is the same where packing compiles it anew, as it does to publish it [long]', () => {
    const { scripts } = JSON.parse(readFileSync(join(top, 'sdk/package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    assert.match(
      scripts['prepack'],
      /rmSync\('dist'.*tsc -p tsconfig\.json && node scripts\/finish-build\.mjs$/,
    );
    mkdirSync(join(folder, 'anew'));
    const anew = pack(copyOfSdk(join(folder, 'anew'), join(top, 'sdk', 'dist')), '--dry-run');
    assert.deepEqual(anew.files, packed.files);
  });

  it('says the same version everywhere', () => {
    for (const file of ['package.json', 'sdk/package.json', 'models/package.json']) {
      const json = JSON.parse(readFileSync(join(top, file), 'utf8')) as { version: string };
      assert.equal(json.version, version, file);
    }
    assert.ok(readFileSync(join(top, 'CHANGELOG.md'), 'utf8').includes(`## ${version}`));
  });

  it('installs into an empty project and can be required', function () {
    needsInstall(this);
    const script = "const c = require('concord-mri'); console.log(c.version, typeof c.fitCombat)";
    const out = execFileSync(process.execPath, ['-e', script], { cwd: project, encoding: 'utf8' });
    assert.equal(out.trim(), `${version} function`);
  });

  it('is small where it is installed, and brings no package that runs a script there', async function () {
    needsInstall(this);
    const bytes = await bytesIn(join(project, 'node_modules'));
    assert.ok(bytes > 50e6 && bytes < 120e6, `${bytes} bytes`);
    const { packages } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { hasInstallScript?: boolean }>;
    };
    const running = Object.keys(packages).filter((name) => packages[name].hasInstallScript === true);
    assert.deepEqual(running, []);
  });

  it('can be imported by an ES module and by a TypeScript script', function () {
    needsInstall(this);
    const body =
      "import { fitCombat, version } from 'concord-mri';\nconsole.log(version, typeof fitCombat);\n";
    writeFileSync(join(project, 'script.mjs'), body);
    writeFileSync(join(project, 'script.ts'), body);
    const asModule = execFileSync(process.execPath, ['script.mjs'], { cwd: project, encoding: 'utf8' });
    const tsx = resolve(top, 'node_modules/tsx/dist/cli.mjs');
    const asTypeScript = execFileSync(process.execPath, [tsx, 'script.ts'], {
      cwd: project,
      encoding: 'utf8',
    });
    for (const out of [asModule, asTypeScript]) assert.equal(out.trim(), `${version} function`);
  });

  it('brings the concord command', function () {
    needsInstall(this);
    const out = npm(project, 'exec', '--', 'concord', '--version');
    assert.equal(out.trim(), version);
  });
});
