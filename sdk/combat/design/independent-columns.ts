import { pivotedQr } from '../../math/linear/qr';
import { mean } from '../../math/statistics/moments';
import type { SeparatedDesign } from './confounding';
import { centerWithinSites, columnNorms, dependentOnSites } from './confounding';

/** Columns of a design that vary within groups of rows and do not follow from each other there. */
export interface IndependentColumns {
  /** Rows × `width`, row-major, each column minus its mean. */
  readonly values: Float64Array;
  readonly width: number;
  readonly separated: SeparatedDesign;
}

/** Leaves out the columns that follow from the others and from the groups: what is explained is the same without them. */
export function independentColumns(
  columns: readonly Float64Array[],
  { codes, count }: { readonly codes: Int32Array; readonly count: number },
): IndependentColumns {
  const varied = columns.flatMap((column) => {
    const center = mean(column);
    const values = column.map((value) => value - center);
    return lengthOf(values) > dependentOnSites * lengthOf(column) ? [values] : [];
  });
  const all = factored(varied, { codes, count });
  const { rank, order } = all.separated.qr;
  if (rank === varied.length) return all;
  const kept = order.slice(0, rank).sort();
  return factored(
    Array.from(kept, (k) => varied[k]),
    { codes, count },
  );
}

function factored(
  columns: readonly Float64Array[],
  { codes, count }: { readonly codes: Int32Array; readonly count: number },
): IndependentColumns {
  const width = columns.length;
  const values = new Float64Array(codes.length * width);
  columns.forEach((column, k) => column.forEach((value, row) => (values[row * width + k] = value)));
  const spreads = columnNorms(values, width);
  const within = centerWithinSites(values, width, codes, count);
  const scaled = within.map((value, at) => value / spreads[at % width]);
  const qr = pivotedQr({ values: scaled, rows: codes.length, columns: width }, dependentOnSites);
  return { values, width, separated: { qr, spreads } };
}

function lengthOf(column: Float64Array): number {
  return columnNorms(column, 1)[0];
}
