import { makeFeatureCohort } from '../data/cohort';
import type { FeatureCohort } from '../data/cohort';
import { counted } from '../data/counted';
import type { Harmonizer } from '../data/harmonizer';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { provenanceStep } from '../data/provenance';
import { auditTable } from '../evaluate/audit-table';
import type { TableAudit } from '../evaluate/audit';
import { makeRandom, permutation } from '../math/random';
import type { BeforeAndAfter } from './corrected-block';
import type { BlockCorrection } from './maps-model';
import type { MapsRun } from './maps-run';

/** How an audit of some vertices is done. */
export interface ShareOptions {
  readonly vertices: number;
  readonly seed: number;
  /** As maps were harmonized: inside folds, sites are fitted on the vertices drawn. */
  readonly harmonizer: Harmonizer;
}

/** Audits some of the vertices that were harmonized, drawn at random; says how many of how many. */
export async function auditShare(
  run: MapsRun,
  {
    blocks,
    corrected,
    share: { vertices, seed, harmonizer },
  }: {
    readonly blocks: readonly BlockCorrection[];
    readonly corrected: (at: number, block: BlockCorrection) => Promise<BeforeAndAfter>;
    readonly share: ShareOptions;
  },
): Promise<{ readonly audit: TableAudit; readonly issue: Issue }> {
  const candidates: number[] = [];
  for (const { first, harmonized } of blocks)
    harmonized.forEach((done, w) => done === 1 && candidates.push(first + w));
  const order = permutation(candidates.length, makeRandom(seed)).subarray(0, vertices);
  const drawn = Array.from(order, (at) => candidates[at]).sort((a, b) => a - b);
  const { before, after } = await takeVertices(run, { blocks, corrected, drawn });
  const { signal } = run.run;
  const names = drawn.map(run.nameOf);
  const of = (values: Float64Array): FeatureCohort => {
    const { participants, provenance } = run.prepared.used;
    const matrix = { values, subjects: participants.ids, features: names };
    const step = provenanceStep('drawVertices', { vertices: drawn.length, seed });
    return makeFeatureCohort(participants, matrix, { provenance: [...provenance, step] });
  };
  // Few vertices of all scans fit.
  const maxSubjects = run.scans.length;
  const audit = await auditTable(of(before), harmonizer, { after: of(after), seed, maxSubjects, signal });
  const issue = makeIssue(
    'audited-share',
    `the audit is of ${counted(drawn.length, 'vertex', 'vertices')} of ${candidates.length.toLocaleString('en-US')} that were harmonized, drawn at random with seed ${seed}`,
  );
  return { audit: { ...audit, issues: [issue, ...audit.issues] }, issue };
}

async function takeVertices(
  { scans }: MapsRun,
  {
    blocks,
    corrected,
    drawn,
  }: {
    readonly blocks: readonly BlockCorrection[];
    readonly corrected: (at: number, block: BlockCorrection) => Promise<BeforeAndAfter>;
    readonly drawn: readonly number[];
  },
): Promise<BeforeAndAfter> {
  const before = new Float64Array(scans.length * drawn.length);
  const after = new Float64Array(scans.length * drawn.length);
  for (const [at, block] of blocks.entries()) {
    const { first, width } = block;
    const own = drawn.flatMap((vertex, k) =>
      vertex >= first && vertex < first + width ? [{ k, w: vertex - first }] : [],
    );
    if (own.length === 0) continue;
    const values = await corrected(at, block);
    for (let row = 0; row < scans.length; row++) {
      for (const { k, w } of own) {
        before[row * drawn.length + k] = values.before[row * width + w];
        after[row * drawn.length + k] = values.after[row * width + w];
      }
    }
  }
  return { before, after };
}
