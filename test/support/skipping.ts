import { appendFileSync } from 'node:fs';

/** What some tests need that a machine need not have, and how to have it. */
const remedies = {
  'real data': 'put the shared data beside the checkout (../shared/data), or name its folder in CONCORD_DATA',
  Python: 'apt-get install python3 python3-venv (elsewhere: python.org); CONCORD_PYTHON names another one',
  'native TensorFlow':
    'npm run setup:tensorflow (it needs pip and a compiler: apt-get install python3-pip g++)',
  'a graphics card':
    'install the driver of the card with its Vulkan loader; on Debian a simulated card will do: apt-get install chromium',
  'a browser':
    'install Chrome, Chromium or Edge (on Debian: apt-get install chromium), or name its program in CONCORD_BROWSER',
  Slurm: 'apt-get install slurm-wlm, and run the tests as root on Linux',
  WebAssembly: 'use a processor and a Node.js on which WebAssembly starts',
  'plain JavaScript': 'use a supported Node.js',
  'a C++ compiler': 'apt-get install g++',
  'the npm registry':
    'connect to the network, or set the registry that npm can reach (npm config set registry)',
  'another operating system': 'run the tests there too',
  'a user who is not root': 'run the tests as another user',
  'a standard error that is no terminal': 'npm test 2>&1 | cat',
} as const;

/** Something that a test may need. */
export type Need = keyof typeof remedies;

/** A group of tests that did not run. */
export interface SkippedTests {
  readonly need: Need;
  /** Why it is missing here, where more can be said than that it is. */
  readonly why: string;
  readonly tests: number;
}

/** The file, named by the run's own process, in which all processes of a run of the tests note what they skip. */
export const skippedFile = 'CONCORD_SKIPPED_TESTS';

/**
 * Skips the test, or all tests of the suite whose `before` calls it, and notes the reason for the summary that ends
 * the run. The only way to skip: a test that is left out in silence looks like one that passed.
 */
export function skipWithout(context: Mocha.Context, need: Need, why = ''): never {
  const { test } = context as { test?: Mocha.Runnable & { type?: 'hook' | 'test' } };
  const tests = test?.type === 'hook' ? (test.parent?.total() ?? 1) : 1;
  const file = process.env[skippedFile];
  if (file !== undefined)
    appendFileSync(file, `${JSON.stringify({ need, why, tests } satisfies SkippedTests)}\n`);
  return context.skip();
}

/** Says how many tests were skipped for want of what, why, and how to have it, in lines of text. */
export function describeSkipped(groups: readonly SkippedTests[]): readonly string[] {
  if (groups.length === 0) return [];
  const lines = [...new Set(groups.map(({ need }) => need))].flatMap((need) => {
    const same = groups.filter((group) => group.need === need);
    const tests = same.reduce((sum, group) => sum + group.tests, 0);
    const reasons = [...new Set(same.map(({ why }) => why.split('\n')[0]))].filter((why) => why !== '');
    return [
      `  ${tests} ${tests === 1 ? 'test' : 'tests'} for want of ${need}`,
      ...reasons.map((why) => `      because ${why}`),
      `      to have it: ${remedies[need]}`,
    ];
  });
  return ['', 'Skipped:', ...lines, ''];
}
