import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { checkout } from '../../../scripts/checkout';
import { formatSystem } from '../../../sdk/cli/system/format-system';
import { findBrowsers, findKernels, roomOnDisks } from '../../../sdk/cli/system/found-programs';
import { systemReport } from '../../../sdk/cli/system/system-report';
import { withoutNames } from '../../../sdk/cli/system/without-names';
import { homeFolder } from '../../../sdk/own-folders';
import { version } from '../../../sdk/version';
import { temporaryFolder } from '../../support/temporary-folder';

describe('systemReport', () => {
  const folder = temporaryFolder();

  it('says what runs here, with backends that were tried in processes of their own', async () => {
    const report = await systemReport({ backends: ['cpu'] });
    assert.equal(report.concord, version);
    assert.equal(report.node.version, process.version);
    assert.deepEqual(
      report.backends.map(({ backend, starts, threads }) => [backend, starts, threads]),
      [['cpu', true, 1]],
    );
    assert.equal(report.packages['@tensorflow/tfjs-core'], '4.22.0');
    assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
    const text = formatSystem(report);
    assert.match(text, new RegExp(`^concord +${version.replaceAll('.', '\\.')}\nengine +Node\\.js v`));
    assert.match(text, /\ncpu +starts on 1 thread: .*tfjs-backend-cpu/);
  });

  it('names neither users nor their folders', () => {
    const names = { homes: ['/home/ada', '/mnt/people/ada'], user: 'ada', host: 'lovelace' };
    const shown = withoutNames(
      {
        home: '/home/ada/.cache and /mnt/people/ada/x, not /home/ada-lab-data',
        others: ['/home/babbage/x', '/Users/babbage', 'C:\\Users\\babbage\\x'],
        within: '/scratch/ada/study on lovelace; Canada and adapter stay',
        count: 3,
        none: null,
      },
      names,
    );
    assert.deepEqual(shown, {
      home: '~/.cache and ~/x, not ~',
      others: ['~/x', '~', '~\\x'],
      within: '/scratch/USER/study on HOST; Canada and adapter stay',
      count: 3,
      none: null,
    });
    // A word of every path is no name.
    assert.equal(withoutNames('/usr/bin/node', { homes: [], user: 'node', host: '' }), '/usr/bin/node');
  });

  it('finds kernels, damaged ones too, and browsers on the path', async () => {
    for (const name of ['kernels/good', 'kernels/bad', 'bin'])
      mkdirSync(folder.path(name), { recursive: true });
    folder.write('kernels/good/kernel.json', '{ "display_name": "Python 3" }');
    folder.write('kernels/bad/kernel.json', '{ "display_na');
    mkdirSync(folder.path('kernels/stale'));
    mkdirSync(folder.path('kernels/ours'));
    mkdirSync(folder.path('data/jupyter/kernels/own'), { recursive: true });
    const stale = JSON.stringify({
      display_name: 'Old',
      argv: [folder.path('gone/node'), '{connection_file}'],
    });
    folder.write('kernels/stale/kernel.json', stale);
    const program = join(checkout, 'sdk', 'bin', 'concord-kernel.js');
    folder.write(
      'kernels/ours/kernel.json',
      JSON.stringify({ display_name: 'Ours', argv: ['node', program] }),
    );
    folder.write('data/jupyter/kernels/own/kernel.json', '{ "display_name": "Of the user" }');
    const kernels = await findKernels({
      JUPYTER_PATH: folder.path(''),
      XDG_DATA_HOME: folder.path('data'),
    });
    const ours = kernels.filter((kernel) => kernel.includes(folder.path('kernels')));
    assert.deepEqual(
      ours.map((kernel) => kernel.replace(/ \(.*/, '')),
      [
        'bad: its kernel.json cannot be read',
        'good: Python 3',
        `ours: Ours, of concord-mri ${version}`,
        `stale: Old, ${folder.path('gone/node')} is not there`,
      ],
    );
    if (process.platform === 'linux')
      assert.ok(kernels.some((kernel) => kernel.startsWith('own: Of the user')));
    folder.write('bin/firefox', '');
    const machine = { platform: 'linux', env: { PATH: folder.path('bin') }, home: '/nowhere' } as const;
    const there = [folder.path('bin/firefox'), '/snap/bin/chromium'];
    const has = (path: string): Promise<boolean> => Promise.resolve(there.includes(path));
    assert.deepEqual(await findBrowsers({ ...machine, has }), ['chromium', 'firefox']);
  });

  it('fails nowhere: without a home folder, and in a folder that was removed', async () => {
    const home = os.homedir;
    const cwd = process.cwd.bind(process);
    os.homedir = () => {
      throw new Error('uv_os_homedir returned ENOENT');
    };
    process.cwd = () => {
      throw new Error('ENOENT: no such file or directory, uv_cwd');
    };
    try {
      const report = await systemReport({ backends: [] });
      assert.equal(homeFolder(), '/');
      assert.equal(report.disks.find(({ of }) => of === 'current folder')?.folder, '/');
    } finally {
      os.homedir = home;
      process.cwd = cwd;
    }
  });

  it('says the room of a folder that is not there yet', async () => {
    const [room] = await roomOnDisks({ cache: folder.path('a/b/c') });
    assert.equal(room.of, 'cache');
    assert.ok(room.free !== null && room.free > 0);
  });
});
