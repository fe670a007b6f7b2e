import { tensorflowUnavailable } from '../../nn/backend/tensorflow-package';
import { lastLines, runProgram } from './run-program';

/** The Python of the user. */
export interface Python {
  readonly command: string;
  readonly version: string;
  readonly pip: boolean;
  /** The TensorFlow that is installed in it. */
  readonly tensorflow?: {
    readonly version: string;
    readonly folder: string;
    readonly cuda: boolean;
  };
}

/** TensorFlow is found without being imported, which would take seconds. */
const probe = `
import importlib.util, importlib.metadata, json, os, platform, re
answer = {"version": platform.python_version(), "pip": importlib.util.find_spec("pip") is not None}
found = importlib.util.find_spec("tensorflow")
folder = found and found.origin and os.path.dirname(os.path.realpath(found.origin))
if folder and any(name.startswith("libtensorflow_cc") for name in os.listdir(folder)):
    version = next((d.version for d in importlib.metadata.distributions(path=[os.path.dirname(folder)])
        if re.match(r"tensorflow([-_](cpu|macos|rocm))?$", d.metadata["Name"] or "")), "unknown")
    info = os.path.join(folder, "python", "platform", "build_info.py")
    text = open(info).read() if os.path.exists(info) else ""
    cuda = re.search(r"is_cuda_build.{1,3}True", text) is not None
    answer["tensorflow"] = {"version": version, "folder": folder, "cuda": cuda}
print(json.dumps(answer))
`;

/**
 * Finds Python, its pip and its TensorFlow.
 *
 * @param command - the Python that the user named
 * @returns `undefined` where there is none and none was named
 * @throws ConcordError `unavailable-backend` when the one that was named does not run.
 */
export async function findPython(command?: string, signal?: AbortSignal): Promise<Python | undefined> {
  for (const name of command === undefined ? ['python3', 'python'] : [command]) {
    const result = await runProgram(name, ['-c', probe], { signal, timeout: 60 });
    if (result?.status === 0)
      return { command: name, ...(JSON.parse(result.out) as Omit<Python, 'command'>) };
    if (command !== undefined) {
      const why = result === undefined ? 'there is no such program' : lastLines(result, 2);
      throw tensorflowUnavailable(`the Python that --python names does not run: ${command}: ${why}`);
    }
  }
  return undefined;
}
