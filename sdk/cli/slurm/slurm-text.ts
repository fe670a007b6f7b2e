import { InvalidArgumentError } from 'commander';

/** The forms of a time in sbatch(1): minutes, M:S, H:M:S, D-H, D-H:M, D-H:M:S. */
const times = /^(?:(\d+)-(\d+)(?::(\d+)(?::(\d+))?)?|(\d+)(?::(\d+)(?::(\d+))?)?)$/;

/** Parses a time as sbatch takes it. */
export function slurmTime(text: string): string {
  if (times.test(text) || isUnlimited(text)) return text;
  throw new InvalidArgumentError(
    'minutes, MINUTES:SECONDS, HOURS:MINUTES:SECONDS, DAYS-HOURS, DAYS-HOURS:MINUTES, DAYS-HOURS:MINUTES:SECONDS or UNLIMITED is allowed',
  );
}

/** The seconds of a time as sbatch takes it; `Infinity` where it sets no limit. */
export function secondsOfTime(text: string): number {
  const found = times.exec(text);
  if (found === null) return Infinity;
  const [days, hours, minutes, seconds, ...plain] = found.slice(1).map((part) => Number(part ?? NaN));
  const part = (value: number): number => (Number.isNaN(value) ? 0 : value);
  if (!Number.isNaN(days)) return 86400 * days + 3600 * hours + 60 * part(minutes) + part(seconds);
  const [first, second, third] = plain;
  const sum = Number.isNaN(third)
    ? 60 * first + part(second)
    : 3600 * first + 60 * part(second) + part(third);
  return sum === 0 ? Infinity : sum;
}

/** Seconds, rounded up to a minute, as sbatch takes them: `2-03:05:00`. */
export function timeText(seconds: number): string {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  const two = (value: number): string => String(value).padStart(2, '0');
  const days = Math.floor(minutes / 1440);
  const rest = `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}:00`;
  return days === 0 ? rest : `${days}-${rest}`;
}

function isUnlimited(text: string): boolean {
  return ['UNLIMITED', 'INFINITE'].includes(text.toUpperCase());
}

const units = { K: 1 / 1024, M: 1, G: 1024, T: 1024 ** 2 } as const;

const memories = /^(\d+)([KMGT]?)$/i;

/** Parses an amount of memory as sbatch takes it. */
export function slurmMemory(text: string): string {
  if (memories.test(text)) return text;
  throw new InvalidArgumentError(
    'a whole number of megabytes, or one followed by K, M, G or T, is allowed; 0 is all memory of a machine',
  );
}

/** The megabytes of an amount of memory as sbatch takes it; `Infinity` for all that a machine has. */
export function megabytesOf(text: string): number {
  const [, count, unit] = memories.exec(text) ?? ['', '0', ''];
  const value = Number(count) * units[(unit === '' ? 'M' : unit.toUpperCase()) as keyof typeof units];
  return value === 0 ? Infinity : value;
}

/** Parses the name of an account or a quality of service. */
export function slurmName(text: string): string {
  if (/^[\w.+@=-]+$/.test(text)) return text;
  throw new InvalidArgumentError('a name without blanks and signs of the shell is allowed');
}

/** Parses one or several partitions. */
export function slurmPartition(text: string): string {
  if (/^[\w.+-]+(,[\w.+-]+)*$/.test(text)) return text;
  throw new InvalidArgumentError(
    'the name of a partition, or several separated by commas, is allowed; sinfo lists them',
  );
}

/** What the scripts themselves say, and which option of `concord slurm write` says it. */
const ownOptions: Readonly<Record<string, string>> = {
  time: '--time',
  mem: '--mem',
  partition: '--partition',
  account: '--account',
  qos: '--qos',
  'cpus-per-task': '--cpus',
  array: '--tasks and --at-once',
};

/** Options that the scripts need as they are. */
const fixed: readonly string[] = [
  ...['output', 'error', 'open-mode', 'requeue', 'no-requeue', 'signal', 'job-name'],
  ...['chdir', 'dependency', 'wrap', 'parsable', 'export'],
];

/** Parses an option of sbatch, `gres=gpu:1`, and adds it to those before it. */
export function sbatchOption(text: string, before: readonly string[]): readonly string[] {
  const [, name, value = ''] = /^(?:--)?([a-z][a-z-]*)(=\S+)?$/.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('NAME=VALUE is allowed, for example gres=gpu:1');
  if (Object.hasOwn(ownOptions, name)) throw new InvalidArgumentError(`${ownOptions[name]} is there for it`);
  if (fixed.includes(name)) throw new InvalidArgumentError(`the scripts set it themselves`);
  return [...before, `--${name}${value}`];
}

/** Parses a line of the shell, and adds it to those before it. */
export function setupLine(text: string, before: readonly string[]): readonly string[] {
  if (/[\r\n]/.test(text)) throw new InvalidArgumentError('one line is allowed; give several times for more');
  return [...before, text];
}
