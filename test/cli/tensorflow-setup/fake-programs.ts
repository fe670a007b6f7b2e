import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Writes a tiny wheel with the layout of TensorFlow's. Needs Python. */
export function writeWheel(path: string): string {
  const script = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("tensorflow/include/tensorflow/c/c_api.h", "// header")
    archive.writestr("tensorflow/libtensorflow_cc.so.2", "library")
    archive.writestr("tensorflow/libtensorflow_framework.so.2", "library")
    archive.writestr("tensorflow/python/large.py", "x" * 100000)
    archive.writestr("nvidia/nccl/lib/libnccl.so.2", "library")
    archive.writestr("tensorflow-2.21.0.dist-info/METADATA", "Name: tensorflow\\nRequires-Dist: numpy>=1.26\\n"
        'Requires-Dist: nvidia-nccl-cu12<3.0,>=2.27.7; extra == "and-cuda"\\n\\nRequires-Dist: no field')
`;
  execFileSync('python3', ['-c', script, path]);
  return path;
}

/** Shell scripts in the place of the programs that the setup calls; what is called is written down. */
export interface FakePrograms {
  /** The folder of the test that runs, empty at first but for the programs. */
  readonly root: () => string;
  /** Puts a program into the path: what it does, as a shell script in which $REAL is the true one. */
  readonly put: (name: string, script: string) => void;
  readonly remove: (name: string) => void;
  /** The programs called since the last question, each with its first word. */
  readonly called: () => readonly string[];
}

/** Gives each test of the enclosing suite a folder, and a PATH with nothing but its own programs in it. */
export function fakePrograms(): FakePrograms {
  const before = process.env['PATH'] ?? '';
  let root = '';
  const place = (name = ''): string => join(root, 'programs', name);
  const log = (): string => join(root, 'called.log');
  const where = (name: string): string =>
    execFileSync('sh', ['-c', `command -v ${name} || true`], {
      env: { PATH: before },
      encoding: 'utf8',
    }).trim();
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'concord-programs-')));
    mkdirSync(place());
    process.env['PATH'] = place();
  });
  afterEach(() => {
    process.env['PATH'] = before;
    rmSync(root, { recursive: true, force: true });
  });
  return {
    root: () => root,
    put(name, script) {
      const lines = [
        '#!/bin/sh',
        `PATH=${before}; REAL=${where(name)}; echo ${name} "$1" >>${log()}`,
        script,
      ];
      writeFileSync(place(name), `${lines.join('\n')}\n`);
      chmodSync(place(name), 0o755);
    },
    remove: (name) => rmSync(place(name), { force: true }),
    called() {
      if (!existsSync(log())) return [];
      const text = readFileSync(log(), 'utf8');
      rmSync(log());
      return text.trim().split('\n');
    },
  };
}
