import { shellWord } from '../wording';

/** A container in which jobs run Concord. */
export interface Container {
  readonly program: string;
  /** The image, from the root of the file system. */
  readonly image: string;
  /** The folders that it sees, under the paths that they have outside. */
  readonly binds: readonly string[];
  /** The folder in which the command works. */
  readonly cwd: string;
  /** Whether it sees the graphics cards of NVIDIA. */
  readonly nv: boolean;
}

/** The words that start Concord in a container, for programs that need no shell. */
export function containerWords(
  { program, image, binds, cwd, nv }: Container,
  besides: readonly string[] = [],
): readonly [string, ...string[]] {
  const bound = [...binds, ...besides].flatMap((path) => ['--bind', path]);
  return [program, 'exec', ...bound, '--pwd', cwd, ...(nv ? ['--nv'] : []), image, 'concord'];
}

/**
 * Lines of bash that put these words into `container`. The folder for temporary files is that of the job, where it has one of
 * its own that can be bound.
 */
export function containerLines(container: Container): readonly string[] {
  const [program, exec, ...rest] = containerWords(container).map(shellWord);
  return [
    'temporary=()',
    'if [[ -d "${TMPDIR:-}" && $TMPDIR != *[:,]* ]]; then temporary=(--bind "$TMPDIR"); else unset TMPDIR; fi',
    `container=(${program} ${exec} "\${temporary[@]}" ${rest.join(' ')})`,
  ];
}
