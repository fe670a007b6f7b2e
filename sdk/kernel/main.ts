// The program that Jupyter starts: `node bin/concord-kernel.js CONNECTION_FILE`.
import { version } from '../version';
import { startKernel } from './start-kernel';
import { cellTypeScript } from './upstream';
import { protocolVersion } from './wire';

/** What the kernel says of itself. */
function kernelInfo(): object {
  return {
    status: 'ok',
    protocol_version: protocolVersion,
    implementation: 'concord',
    implementation_version: version,
    language_info: {
      name: 'typescript',
      version: cellTypeScript(),
      mimetype: 'text/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      // JupyterLab takes the mode; the classic notebook the other two.
      codemirror_mode: { mode: 'typescript', name: 'javascript', typescript: true },
    },
    banner: `Concord ${version}: TypeScript ${cellTypeScript()} on Node.js ${process.version}`,
    help_links: [],
    debugger: false,
  };
}

/**
 * Runs the kernel until Jupyter ends it.
 *
 * @param words - the words after the program: the path of the connection file
 */
export async function runKernel(words: readonly string[]): Promise<void> {
  const [connectionFile] = words;
  if (connectionFile === undefined) {
    throw new Error(
      'missing the path of a connection file: Jupyter starts this program, see `concord kernel --help`',
    );
  }
  await startKernel(connectionFile, kernelInfo());
}
