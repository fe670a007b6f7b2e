import type { Protocol, SiteSeparation } from '../audit';
import type { AuditRow } from './audit-row';
import { byProtocol } from './audit-row';

/** Above this many pairs of sites single pairs have no rows. */
const manyPairs = 15;
/** Leading components that have rows of their own. */
const ownComponents = 2;

/** How far sites are apart, by the figures that reports customarily give: of the values as they are, and adjusted. */
export function separationRows(separations: readonly SiteSeparation[]): AuditRow[] {
  const plain = separations.filter(({ adjusted }) => !adjusted);
  const adjusted = separations.filter((own) => own.adjusted);
  const sets = [
    { own: plain, id: '', note: '' },
    { own: adjusted, id: '/adjusted', note: ', after covariates' },
  ].filter(({ own }) => own.length > 0);
  const last = sets[sets.length - 1];
  return [
    ...sets.flatMap((set) => [effectRow(set, 'median'), effectRow(set, 'largest')]),
    ...(last === undefined ? [] : pairRows(last)),
    ...sets.map(distanceRow),
    ...sets.map((set) => componentsRow(set)),
    ...(last === undefined ? [] : ownComponentRows(last)),
  ];
}

/** One way of computing: the entries of each state of the data, and how its rows are distinguished from others. */
interface SeparationSet {
  readonly own: readonly SiteSeparation[];
  readonly id: string;
  readonly note: string;
}

/** What rows on differences between sites have in common. */
const about = {
  question: 'site',
  direction: 'lower',
  share: false,
  drawn: false,
} as const;

function valuesOf(
  { own }: SeparationSet,
  value: (entry: SiteSeparation) => number,
): AuditRow['values'] & Partial<Record<Protocol, unknown>> {
  return byProtocol(own, (entry) => ({ estimate: value(entry) }));
}

function effectRow(set: SeparationSet, of: 'median' | 'largest'): AuditRow {
  const which = of === 'median' ? 'median feature and pair' : 'largest of all features and pairs';
  return {
    ...about,
    id: `site/cohen-d/${of}${set.id}`,
    name: `difference between sites, ${which}${set.note}`,
    quantity: '|Cohen’s d|',
    bounds: { low: 0 },
    values: valuesOf(set, ({ effects }) => effects[of]),
    detail: of === 'largest',
  };
}

function distanceRow(set: SeparationSet): AuditRow {
  const expected = set.own[0].mahalanobis.pairs.map((pair) => pair.expected).sort((a, b) => a - b);
  const chance = expected[expected.length >> 1] ?? NaN;
  const shrunken = set.own.some(({ mahalanobis }) => mahalanobis.covariance === 'ledoit-wolf');
  return {
    ...about,
    id: `site/mahalanobis/median${set.id}`,
    name: `distance between sites, median pair${set.note}`,
    quantity: shrunken ? 'Mahalanobis distance, shrunken covariance' : 'Mahalanobis distance',
    bounds: { low: 0 },
    values: valuesOf(set, ({ mahalanobis }) => mahalanobis.median),
    ...(Number.isFinite(chance) ? { chance: { label: 'by chance', value: chance } } : {}),
  };
}

function pairRows(set: SeparationSet): AuditRow[] {
  const shown = shownPairs(set);
  const quantity = distanceRow(set).quantity;
  return [
    ...shown.map(({ sites, pair, note }): AuditRow => ({
      ...about,
      id: `site/cohen-d/pair/${idOf(sites)}`,
      name: `difference between ${sites.join(' and ')}${note}, median feature${set.note}`,
      quantity: '|Cohen’s d|',
      bounds: { low: 0 },
      values: valuesOf(set, ({ effects }) => effects.pairs[pair].median),
      detail: true,
    })),
    ...shown.map(({ sites, pair, note }): AuditRow => {
      const { expected } = set.own[0].mahalanobis.pairs[pair];
      return {
        ...about,
        id: `site/mahalanobis/pair/${idOf(sites)}`,
        name: `distance between ${sites.join(' and ')}${note}${set.note}`,
        quantity,
        bounds: { low: 0 },
        values: valuesOf(set, ({ mahalanobis }) => mahalanobis.pairs[pair].distance),
        ...(Number.isFinite(expected) ? { chance: { label: 'by chance', value: expected } } : {}),
        detail: true,
      };
    }),
  ];
}

/** A pair of sites that has rows, by its position. */
interface ShownPair {
  readonly sites: readonly [string, string];
  readonly pair: number;
  readonly note: string;
}

/** All pairs where they are few, else the one that is farthest apart in raw data. */
function shownPairs({ own }: SeparationSet): readonly ShownPair[] {
  const { pairs } = own[0].mahalanobis;
  if (pairs.length <= manyPairs) return pairs.map(({ sites }, pair) => ({ sites, pair, note: '' }));
  const most = pairs.reduce((best, { distance }, at) => (distance > pairs[best].distance ? at : best), 0);
  return [
    { sites: pairs[most].sites, pair: most, note: `, farthest apart of ${pairs.length} pairs in raw data` },
  ];
}

function idOf(sites: readonly string[]): string {
  return sites.map(encodeURIComponent).join('/');
}

/** What rows on components have in common. */
const aboutComponents = {
  ...about,
  quantity: 'η²',
  bounds: { low: 0, high: 1 },
  share: true,
};

function componentsRow(set: SeparationSet): AuditRow {
  const [{ components }] = set.own;
  return {
    ...aboutComponents,
    id: `site/components${set.id}`,
    name: `variance by site in the ${components.components.length} leading components${set.note}`,
    values: valuesOf(set, (entry) => entry.components.weighted),
    chance: { label: 'by chance', value: components.expected },
  };
}

function ownComponentRows(set: SeparationSet): AuditRow[] {
  const [{ components }] = set.own;
  return components.components.slice(0, ownComponents).map((_, k): AuditRow => ({
    ...aboutComponents,
    id: `site/component/${k + 1}`,
    name: `variance by site in component ${k + 1}${set.note}`,
    values: valuesOf(set, (entry) => entry.components.components[k]?.siteShare ?? NaN),
    chance: { label: 'by chance', value: components.expected },
    detail: true,
  }));
}
