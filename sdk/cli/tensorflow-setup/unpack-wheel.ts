import { tensorflowUnavailable } from '../../nn/backend/tensorflow-package';
import type { Python } from './find-python';
import { lastLines, runProgram } from './run-program';

/** Python reads zip files of any size in a stream and checks their sums; a bad sum is an error. */
const script = `
import json, sys, zipfile
wheel, target, wanted = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
with zipfile.ZipFile(wheel) as archive:
    names = [name for name in archive.namelist() if name.startswith(tuple(wanted))]
    for name in names:
        archive.extract(name, target)
    about = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    lines = archive.read(about).decode().split("\\n\\n")[0].splitlines()
needs = [line.split(":", 1)[1].strip() for line in lines if line.startswith("Requires-Dist:")]
print(json.dumps({"files": len(names), "needs": needs}))
`;

/** What a wheel held. */
export interface UnpackedWheel {
  /** How many files were unpacked. */
  readonly files: number;
  /** The packages it requires, as it writes them. */
  readonly needs: readonly string[];
}

/**
 * Unpacks a part of a wheel.
 *
 * @param wanted - how the names of the files begin
 * @throws ConcordError `unavailable-backend` when it is damaged or the disk is full; `aborted`.
 */
export async function unpackWheel(
  wheel: string,
  target: string,
  options: { readonly python: Python; readonly wanted: readonly string[]; readonly signal?: AbortSignal },
): Promise<UnpackedWheel> {
  const { python, wanted, signal } = options;
  const words = ['-c', script, wheel, target, JSON.stringify(wanted)];
  const result = await runProgram(python.command, words, { signal });
  if (result?.status !== 0) {
    const said = result === undefined ? 'Python is gone' : lastLines(result, 2);
    throw tensorflowUnavailable(
      `cannot unpack ${wheel} (remove it with --undo --cache and run the setup again):\n${said}`,
    );
  }
  return JSON.parse(result.out) as UnpackedWheel;
}

/** The packages that a wheel requires for one of its extras, with their versions. */
export function needsOfExtra(needs: readonly string[], extra: string): readonly string[] {
  return needs.flatMap((need) => {
    const [requirement, condition = ''] = need.split(';').map((part) => part.trim());
    return new RegExp(`extra\\s*==\\s*["']${extra}["']`).test(condition)
      ? [requirement.replaceAll(/[\s()]/g, '')]
      : [];
  });
}
