import type { PersonSiteTests, SiteTests, TestResult } from '../audit';
import { leastOf } from '../models/several-tests';
import type { AuditRow, AuditValue } from './audit-row';
import { byProtocol } from './audit-row';

/** How many features differ between sites by all scans of all persons; none where no person was scanned twice. */
export function personTestRows(tests: readonly PersonSiteTests[]): AuditRow[] {
  if (tests.length === 0) return [];
  const [{ alpha }] = tests;
  const kinds = [
    { key: 'mean', id: 'kenward-roger', name: 'features that differ in mean, all scans (Kenward–Roger)' },
    {
      key: 'spread',
      id: 'fligner-killeen',
      name: 'features that differ in spread, all scans (Fligner–Killeen)',
    },
  ] as const;
  return kinds.map(({ key, id, name }) =>
    siteTestRow({ id, name, alpha, difference: key }, tests, ({ features, significant }) =>
      testedValue(
        features.map((feature) => feature[key]),
        significant[key],
      ),
    ),
  );
}

/** The share of features that a test finds to differ, with what all its results say together; `NaN` where none could be tested. */
export function testedValue(results: readonly Pick<TestResult, 'p' | 'q'>[], found: number): AuditValue {
  const of = results.length;
  const tested = results.some(({ p }) => !Number.isNaN(p));
  return tested ? { estimate: found / of, of, p: leastOf(results.map(({ q }) => q)) } : { estimate: NaN, of };
}

/** A test of every feature, and the level of its q values. */
interface TestOfFeatures {
  readonly id: string;
  readonly name: string;
  readonly alpha: number;
}

/** The row of a test of every feature for differences between sites. */
export function siteTestRow<Test extends SiteTests | PersonSiteTests>(
  { difference, ...test }: TestOfFeatures & { readonly difference: 'mean' | 'spread' },
  tests: readonly Test[],
  valueOf: (test: Test) => AuditValue,
): AuditRow {
  return {
    ...testedShare(test, tests, valueOf),
    rule: 'difference',
    test: { alpha: test.alpha, of: `${difference} by site` },
    drawn: true,
  };
}

/** What the rows of all tests of features have in common: a share of features, better where it is lower. */
export function testedShare<Test extends SiteTests | PersonSiteTests>(
  { id, name, alpha }: TestOfFeatures,
  tests: readonly Test[],
  valueOf: (test: Test) => AuditValue,
): Omit<AuditRow, 'drawn'> {
  return {
    id: `site/test/${id}`,
    question: 'site',
    name,
    quantity: `share with q < ${alpha}`,
    bounds: { low: 0, high: 1 },
    direction: 'lower',
    values: byProtocol(tests, valueOf),
    share: true,
  };
}
