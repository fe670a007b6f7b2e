import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** A program in the place of Apptainer: it notes its words and runs the command outside of any container. */
export interface StandInContainer {
  /** Has it found by programs that this process starts, until `leave`. */
  enter(): void;
  leave(): void;
  /** The words of each of its runs so far. */
  runs(): readonly (readonly string[])[];
}

/** Makes such a program in a folder. No image is opened: what it is given is taken for one that has this Concord. */
export function standInContainer(folder: string, program = 'apptainer'): StandInContainer {
  const log = `${folder}/runs`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(log, '');
  const concord = resolve(__dirname, '../../sdk/bin/concord.js');
  // Options come before the image; of those used here, two have a value in the next word.
  writeFileSync(
    `${folder}/${program}`,
    `#!/bin/bash
# In one piece: tasks may start at once.
printf '%s\\0' "$@" '' >> '${log}'
[ "$1" = exec ] || exit 64
shift
while [[ $1 == --* ]]; do
  case $1 in --bind | --pwd) shift 2 ;; *) shift ;; esac
done
[ -e "$1" ] || { echo "FATAL:   could not open image $1" >&2; exit 255; }
[ "$2" = concord ] || { echo "FATAL:   \\"$2\\": executable file not found in \\$PATH" >&2; exit 255; }
shift 2
exec '${process.execPath}' '${concord}' "$@"
`,
  );
  chmodSync(`${folder}/${program}`, 0o755);
  const before = process.env['PATH'] ?? '';
  return {
    enter: () => (process.env['PATH'] = `${folder}:${before}`),
    leave: () => (process.env['PATH'] = before),
    runs: () =>
      readFileSync(log, 'utf8')
        .split('\0\0')
        .slice(0, -1)
        .map((line) => line.split('\0')),
  };
}
