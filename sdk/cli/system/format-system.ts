import { inUnits } from '../tensorflow-setup/setup-cache';
import type { SystemReport } from './system-report';

/** A report of the system in lines of text, as one pastes them into a report of a problem. */
export function formatSystem(report: SystemReport): string {
  const { node, system, processor, memory, backends, jupyter, tensorflowCache, disks } = report;
  const engine =
    node.engine === 'node' ? `Node.js ${node.version}` : `${node.engine}, as Node.js ${node.version}`;
  const flags = node.flags.length === 0 ? '' : ` with ${node.flags.join(' ')}`;
  const lines: (readonly [name: string, text: string])[] = [
    ['concord', report.concord],
    ['engine', `${engine}${flags}`],
    ['system', `${system.platform} ${system.release} on ${system.arch}`],
    ['processor', `${processor.model}, ${processor.usable} of ${processor.cores} cores usable`],
    ['memory', memoryWords(memory)],
    ...backends.map(({ backend, starts, threads, said }) => {
      const counted = threads === null ? '' : ` on ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
      return [backend, starts ? `starts${counted}: ${said}` : `does not start: ${said}`] as const;
    }),
    ...Object.entries(report.packages).map(([name, found]) => [name, found ?? 'not installed'] as const),
    ['jupyter', jupyter.versions.length === 0 ? 'not found' : jupyter.versions.join(', ')],
    ...jupyter.kernels.map((kernel) => ['kernel', kernel] as const),
    ['browsers', report.browsers.length === 0 ? 'none found' : report.browsers.join(', ')],
    ['TensorFlow', [`cache ${tensorflowCache.folder}`, ...tensorflowCache.entries].join('; ')],
    ...disks.map(
      ({ of, folder, free }) =>
        ['disk', `${of}: ${free === null ? 'unknown' : inUnits(free)} free (${folder})`] as const,
    ),
    ...Object.entries(report.environment).map(([name, value]) => ['variable', `${name}=${value}`] as const),
  ];
  const width = Math.max(...lines.map(([name]) => name.length)) + 2;
  return lines
    .map(([name, text]) => `${name.padEnd(width)}${text.replaceAll(/\s*\n\s*/g, ' / ')}`)
    .join('\n');
}

function memoryWords({
  total,
  free,
  heapLimit,
  containerLimit,
  addressLimit,
}: SystemReport['memory']): string {
  const limits = [
    containerLimit === null ? '' : `, ${inUnits(containerLimit)} in this container`,
    addressLimit === null ? '' : `, ${inUnits(addressLimit)} of addresses (ulimit -v)`,
  ];
  return `${inUnits(total)}, ${inUnits(free)} free, ${inUnits(heapLimit)} for JavaScript${limits.join('')}`;
}
