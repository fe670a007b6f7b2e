// `npm run study:cells`: runs kernels-config/hard-cells.ipynb with tslab as it comes and with Concord's kernel, over the Jupyter
// protocol, and writes what each cell showed into hard-cells.md beside it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testedTslab } from '../../sdk/kernel/upstream';
import { version } from '../../sdk/version';
import { buildSdkWhenStale } from '../build-sdk';
import { checkout, jupyterEnvironment, jupyterVariables } from '../checkout';
import type { ShownCell } from './run-cells';
import { hardCells, runCells } from './run-cells';

/** tslab drops the cells that it gets in the first 200 ms after an error: it is given more, in seconds. */
const pauseOfTslab = 0.3;

/** A folder for `JUPYTER_PATH` with the kernel that tslab would install. */
function folderOfTslab(): string {
  const folder = mkdtempSync(join(tmpdir(), 'concord-tslab-'));
  const program = join(checkout, 'node_modules', 'tslab', 'bin', 'tslab');
  const argv = [process.execPath, program, 'kernel', '--config-path', '{connection_file}'];
  mkdirSync(join(folder, 'kernels', 'tslab'), { recursive: true });
  const spec = { argv, display_name: 'tslab', language: 'typescript' };
  writeFileSync(join(folder, 'kernels', 'tslab', 'kernel.json'), JSON.stringify(spec));
  return folder;
}

function tableOf(before: readonly ShownCell[], after: readonly ShownCell[]): string {
  const lines = after.map(({ title, shows }, at) =>
    [title, before[at]?.shows ?? 'not run', shows].map((text) => text.replaceAll('|', '\\|')).join(' | '),
  );
  return [
    '# Hard cells, before and after',
    '',
    `The cells of \`hard-cells.ipynb\`, run over the Jupyter protocol with tslab ${testedTslab} as it comes and with the kernel of`,
    `Concord ${version}. \`npm run study:cells\` writes this page. "Never idle": the kernel said nothing for 15 seconds and had to`,
    'be started afresh. Longer texts are counted.',
    '',
    '| cell | tslab | Concord |',
    '| --- | --- | --- |',
    ...lines.map((line) => `| ${line} |`),
    '',
  ].join('\n');
}

async function main(): Promise<void> {
  const { python } = jupyterEnvironment((step) => console.log(step));
  buildSdkWhenStale((step) => console.log(step));
  const after = await runCells(python, { kernel: 'concord', variables: jupyterVariables() });
  const folder = folderOfTslab();
  try {
    const variables = { ...process.env, JUPYTER_PATH: folder };
    const before = await runCells(python, { kernel: 'tslab', variables, pause: pauseOfTslab });
    const page = hardCells.replace(/\.ipynb$/, '.md');
    writeFileSync(page, tableOf(before, after));
    console.log(`wrote ${page}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
