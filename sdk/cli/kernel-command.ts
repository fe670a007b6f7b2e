import type { Command } from 'commander';
import { Option } from 'commander';
import { ConcordError } from '../errors';
import { advise } from '../remedy';
import type { CommandStreams } from './streams';

interface KernelFlags {
  readonly user?: true;
  readonly sysPrefix?: true;
  readonly prefix?: string;
  readonly name?: string;
  readonly displayName?: string;
  readonly gpu: boolean;
}

/** Adds `concord kernel`. */
export function kernelCommand(program: Command, streams: CommandStreams): void {
  program
    .command('kernel')
    .description('put the notebook kernel into Jupyter, or take it away')
    .argument('<action>', 'install or remove')
    .option('--user', 'for this user, the default')
    .addOption(
      new Option('--sys-prefix', 'for the Python environment that is active (venv or conda)').conflicts([
        'user',
        'prefix',
      ]),
    )
    .addOption(
      new Option('--prefix <folder>', 'below this folder: FOLDER/share/jupyter/kernels').conflicts('user'),
    )
    .option('--name <name>', 'the name of the kernel (default: concord, with --gpu concord-gpu)')
    .option('--display-name <words>', 'what the menu shows')
    .option('--gpu', 'with networks on native TensorFlow and graphics memory as it is needed', false)
    .action((action: string, flags: KernelFlags) => run(action, flags, streams));
}

async function run(action: string, flags: KernelFlags, streams: CommandStreams): Promise<void> {
  const { name, displayName, gpu } = flags;
  const place = { prefix: flags.sysPrefix === true ? activePrefix() : flags.prefix, name, displayName, gpu };
  const { installKernel, removeKernel } = await import('./install-kernel.js');
  if (action === 'install') {
    const folder = await installKernel(place);
    streams.out(`the kernel is in ${folder}\n`);
    streams.out('start Jupyter and choose it for a notebook; jupyter kernelspec list shows what there is\n');
  } else if (action === 'remove') {
    const folder = await removeKernel(place);
    streams.out(folder === null ? 'there is no such kernel\n' : `removed ${folder}\n`);
  } else {
    throw new ConcordError('invalid-option', `unknown action: ${JSON.stringify(action)}`, {
      remedy: advise`install or remove`,
    });
  }
}

/** The Python environment that the shell is in. */
function activePrefix(): string {
  const prefix = process.env['VIRTUAL_ENV'] ?? process.env['CONDA_PREFIX'];
  if (prefix !== undefined && prefix !== '') return prefix;
  throw new ConcordError('invalid-option', 'no Python environment is active', {
    remedy: advise`activate one, or name its folder: --prefix FOLDER`,
  });
}
