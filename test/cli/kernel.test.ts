import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../../scripts/checkout';
import { kernelsFolder } from '../../sdk/cli/install-kernel';
import { concord, concordOutput } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

interface KernelSpec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly env: Readonly<Record<string, string>>;
}

const specIn = (folder: string): KernelSpec =>
  JSON.parse(readFileSync(join(folder, 'kernel.json'), 'utf8')) as KernelSpec;

describe('concord kernel', () => {
  const files = temporaryFolder();
  const kernels = (prefix: string): string => files.path(`${prefix}/share/jupyter/kernels`);

  it('installs the kernel of kernels-config with whole paths, and says where', async () => {
    const out = await concordOutput('kernel', 'install', '--prefix', files.path('a'));
    const folder = join(kernels('a'), 'concord');
    assert.ok(out.includes(`the kernel is in ${folder}\n`));
    const { argv, ...rest } = specIn(folder);
    const { argv: ours, ...restOfOurs } = specIn(join(checkout, 'kernels-config', 'kernels', 'concord'));
    assert.deepEqual(rest, restOfOurs);
    assert.equal(argv[0], process.execPath);
    assert.deepEqual(argv.slice(1, -2), ours.slice(1, -2));
    assert.ok(existsSync(argv.at(-2) ?? '') && argv.at(-2)?.endsWith('concord-kernel.js'), argv.at(-2));
    assert.equal(argv.at(-1), '{connection_file}');
    assert.deepEqual(readdirSync(kernels('a')), ['concord']);
  });

  it('installs again over itself, under another name, and the one for graphics cards', async () => {
    await concordOutput('kernel', 'install', '--prefix', files.path('a'), '--display-name', 'Mine');
    assert.equal(specIn(join(kernels('a'), 'concord')).display_name, 'Mine');
    await concordOutput('kernel', 'install', '--prefix', files.path('a'), '--gpu');
    assert.equal(specIn(join(kernels('a'), 'concord-gpu')).env['CONCORD_BACKEND'], 'tensorflow');
    await concordOutput('kernel', 'install', '--prefix', files.path('a'), '--name', 'other');
    assert.deepEqual(readdirSync(kernels('a')).sort(), ['concord', 'concord-gpu', 'other']);
  });

  it('removes what it installed, and nothing else', async () => {
    await concordOutput('kernel', 'install', '--prefix', files.path('b'));
    const out = await concordOutput('kernel', 'remove', '--prefix', files.path('b'));
    assert.equal(out, `removed ${join(kernels('b'), 'concord')}\n`);
    assert.deepEqual(readdirSync(kernels('b')), []);
    assert.equal(
      await concordOutput('kernel', 'remove', '--prefix', files.path('b')),
      'there is no such kernel\n',
    );
  });

  it('leaves the kernel of another program alone', async () => {
    const theirs = join(kernels('c'), 'concord');
    mkdirSync(theirs, { recursive: true });
    writeFileSync(join(theirs, 'kernel.json'), '{ "argv": ["other"] }');
    for (const action of ['install', 'remove']) {
      const { status, err } = await concord('kernel', action, '--prefix', files.path('c'));
      assert.equal(status, 1);
      assert.match(err, /is a kernel of another program \(--name NAME/);
    }
    assert.equal(readFileSync(join(theirs, 'kernel.json'), 'utf8'), '{ "argv": ["other"] }');
  });

  it('says what cannot be', async () => {
    const unknown = await concord('kernel', 'instal');
    assert.match(unknown.err, /unknown action: "instal" \(install or remove\)/);
    const name = await concord('kernel', 'install', '--prefix', files.path('d'), '--name', 'a/b');
    assert.match(name.err, /invalid name of a kernel: "a\/b"/);
    const file = files.write('file', '');
    const place = await concord('kernel', 'install', '--prefix', file);
    assert.match(place.err, /cannot write .*\(--prefix FOLDER names another place\)/);
    assert.equal((await concord('kernel', 'install', '--user', '--prefix', files.path('d'))).status, 2);
  });

  it('finds the folder of the user as Jupyter does', () => {
    const own = { JUPYTER_DATA_DIR: files.path('own'), XDG_DATA_HOME: files.path('data') };
    assert.equal(kernelsFolder(undefined, own), files.path('own/kernels'));
    if (process.platform !== 'linux') return;
    assert.equal(kernelsFolder(undefined, { XDG_DATA_HOME: '/data' }), '/data/jupyter/kernels');
    assert.match(kernelsFolder(undefined, {}), /\/\.local\/share\/jupyter\/kernels$/);
  });
});
