import { median } from '../images-worker';
import type { MeasureOptions, Measurement } from './measure';
import { largestDifference } from './measure';
import type { KernelTime, TaskName } from './tasks';
import { taskTitles } from './tasks';

/** A line of the table at the end. */
export interface Row {
  readonly task: TaskName;
  readonly name: string;
  readonly seconds: number;
  readonly fastest: number;
  readonly processor: number;
  /** Its time in those of PyTorch. */
  readonly toTorch: number;
  /** How many times as long stock wasm takes. */
  readonly stockTo: number;
  /** The largest difference from PyTorch. */
  readonly difference: number;
}

/** Prints how programs did a task, as it comes. */
export function printMeasurements(measurements: readonly Measurement[], options: MeasureOptions): Row[] {
  const find = (name: string): Measurement | undefined => measurements.find((one) => one.name === name);
  const torch = find('PyTorch');
  const stock = find('stock wasm');
  const typical = (one: Measurement | undefined): number => (one === undefined ? NaN : median(one.seconds));
  console.log(`\n${taskTitles[options.task]}`);
  return measurements.map((one) => {
    const row: Row = {
      task: options.task,
      name: one.name,
      seconds: typical(one),
      fastest: Math.min(...one.seconds),
      processor: median(one.processor),
      toTorch: typical(one) / typical(torch),
      stockTo: typical(stock) / typical(one),
      difference: torch === undefined ? NaN : largestDifference([one, torch], options),
    };
    printRow(row, one);
    return row;
  });
}

function printRow({ name, seconds, fastest, processor, difference }: Row, one: Measurement): void {
  const words = [
    `${name.padEnd(22)} median ${inUnits(seconds)} of ${one.seconds.length}, fastest ${inUnits(fastest)}`,
    `processor ${inUnits(processor)}`,
    `peak ${(one.memory / 1e9).toFixed(2)} GB`,
  ];
  if (one.losses.length > 0) words.push(`losses ${one.losses.map((loss) => loss.toFixed(6)).join(' ')}`);
  if (name !== 'PyTorch') words.push(`largest difference ${difference.toExponential(1)}`);
  if (one.note !== undefined) words.push(one.note);
  console.log(`  ${words.join('; ')}`);
}

/** Prints all measurements as a table in Markdown. */
export function printTable(rows: readonly Row[]): void {
  console.log(
    '\n| task | program | median | fastest | processor time | × the time of PyTorch | stock wasm takes × | largest difference |\n' +
      '|---|---|---|---|---|---|---|---|',
  );
  for (const { task, name, seconds, fastest, processor, toTorch, stockTo, difference } of rows) {
    const cells = [
      ...[taskTitles[task], name],
      ...[seconds, fastest, processor].map(inUnits),
      ...[toTorch, stockTo].map((ratio) => (Number.isNaN(ratio) ? '' : ratio.toFixed(2))),
      name === 'PyTorch' || Number.isNaN(difference) ? '' : difference.toExponential(1),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

/** What tasks and programs are called in the lines that {@link printRatios} prints. */
const ratioTasks: Readonly<Partial<Record<TaskName, string>>> = {
  step: 'step',
  latency: 'batch1',
  inference: 'batch16',
  'gan-step': 'gan-step',
};
const ratioPrograms: Readonly<Record<string, string>> = {
  tensorflow: 'native',
  wasm: 'wasm',
  webgpu: 'webgpu',
};

/** Prints the time of each backend in that of PyTorch, medians both, a line `ratio NAME VALUE` each. */
export function printRatios(rows: readonly Row[]): void {
  for (const { task, name, toTorch } of rows) {
    const [called, program] = [ratioTasks[task], ratioPrograms[name]];
    if (called === undefined || program === undefined || Number.isNaN(toTorch)) continue;
    console.log(`ratio nn-${called}-${program} ${toTorch.toFixed(3)}`);
  }
}

function inUnits(seconds: number): string {
  return seconds < 1 ? `${(1000 * seconds).toFixed(1)} ms` : `${seconds.toFixed(2)} s`;
}

/** Lines below this share of the whole are added up. */
const worthALine = 0.004;

/** Prints where the time of a task goes. */
export function printProfile(task: TaskName, name: string, times: readonly KernelTime[]): void {
  const all = times.reduce((sum, { seconds }) => sum + seconds, 0);
  const large = times.filter(({ seconds }) => seconds >= worthALine * all);
  const small = times.filter(({ seconds }) => seconds < worthALine * all);
  const others: KernelTime = {
    name: `${small.length} others`,
    calls: small.reduce((sum, { calls }) => sum + calls, 0),
    seconds: small.reduce((sum, { seconds }) => sum + seconds, 0),
    processor: processorOf(small),
  };
  const calls = times.reduce((sum, one) => sum + one.calls, 0);
  console.log(
    `\n${taskTitles[task]}: once on ${name}, ${(1000 * all).toFixed(0)} ms${inProcessor(times)}, ${calls} calls`,
  );
  console.log('| kernel | calls | ms | share | processor ms |\n|---|---|---|---|---|');
  for (const { name: kernel, calls, seconds, processor } of [
    ...large.sort((a, b) => b.seconds - a.seconds),
    ...(small.length > 0 ? [others] : []),
  ]) {
    const share = ((100 * seconds) / all).toFixed(1);
    const cells = [kernel, calls === 0 ? '' : calls, (1000 * seconds).toFixed(1), `${share} %`];
    console.log(
      `| ${[...cells, processor === undefined ? '' : (1000 * processor).toFixed(1)].join(' | ')} |`,
    );
  }
}

function inProcessor(times: readonly KernelTime[]): string {
  const processor = processorOf(times);
  return processor === undefined ? '' : ` (${(1000 * processor).toFixed(0)} of the processor)`;
}

/** The processor time of several kernels, where it is known of each. */
function processorOf(times: readonly KernelTime[]): number | undefined {
  if (times.some(({ processor }) => processor === undefined)) return undefined;
  return times.reduce((sum, { processor = 0 }) => sum + processor, 0);
}
