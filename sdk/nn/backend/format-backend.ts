import type { BackendReport } from './backend-report';
import { requireCall } from '../../data/calls/require-call';

/**
 * Says in a few lines of text which backend was chosen and why.
 *
 * @example
 * ```ts
 * console.log(networks.formatBackend(await useBackend()));
 * ```
 */
export function formatBackend(report: BackendReport): string {
  requireCall('networks.formatBackend', { report });
  const { backend, requested, device, threads, simd, memoryLimit, memoryInUse, tensors } = report;
  const lines = [
    ['backend', `${backend} (${requested === 'auto' ? 'the first that starts' : 'asked for'})`],
    ['device', device],
    ['package', report.package],
    ['threads', threads === undefined ? undefined : `${threads}${simd === true ? ', SIMD' : ''}`],
    ['memory', `${bytes(memoryInUse)} in ${tensors} tensors${limit(memoryLimit)}`],
    ...report.notes.map((note) => ['note', note]),
    ...report.failed.map(({ backend: name, reason }) => [
      'not',
      reason.startsWith(name) ? reason : `${name}: ${reason}`,
    ]),
  ];
  return lines
    .filter(([, text]) => text !== undefined)
    .map(([name, text]) => `${(name ?? '').padEnd(9)}${text}`)
    .join('\n');
}

function limit(most: number | undefined): string {
  return most === undefined ? '' : ` of at most ${bytes(most)}`;
}

function bytes(count: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, count < 1 ? 0 : Math.floor(Math.log10(count) / 3));
  return `${Number((count / 1000 ** power).toPrecision(3))} ${units[power]}`;
}
