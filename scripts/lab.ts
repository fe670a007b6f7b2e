// `npm run lab`: opens JupyterLab on notebooks/, with everything it needs made first. Arguments after `--` go to
// JupyterLab: `npm run lab -- --no-browser`.
import { spawn } from 'node:child_process';
import { buildSdkWhenStale } from './build-sdk';
import { jupyterEnvironment, jupyterVariables, notebooks } from './checkout';

/** Runs JupyterLab until it ends; the answer is its exit status. */
async function openLab(extra: readonly string[]): Promise<number> {
  const say = (step: string): void => console.log(`concord: ${step}`);
  const { python } = jupyterEnvironment(say);
  buildSdkWhenStale(say);
  const settings = [`--ServerApp.root_dir=${notebooks}`, '--MultiKernelManager.default_kernel_name=concord'];
  // In a process group of its own Jupyter does not see Ctrl-C, at which it would ask back; it gets a SIGTERM from
  // here instead, at which it ends its kernels and itself. Windows has no groups: there Jupyter sees Ctrl-C itself.
  const ownGroup = process.platform !== 'win32';
  const jupyter = spawn(python, ['-m', 'jupyterlab', ...settings, ...extra], {
    cwd: notebooks,
    env: jupyterVariables(),
    stdio: 'inherit',
    detached: ownGroup,
  });
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stopping = true;
      if (ownGroup) jupyter.kill('SIGTERM');
    });
  }
  return new Promise((resolve, reject) => {
    jupyter.on('error', reject);
    jupyter.on('exit', (status) => resolve(stopping ? 0 : (status ?? 1)));
  });
}

openLab(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    console.error(`concord: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  },
);
