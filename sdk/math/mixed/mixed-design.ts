import { dot } from '../linear/dot';
import { extendBasis } from '../linear/orthonormal-basis';

/** What is the same for all features that are fitted on the same rows. */
export interface MixedDesign {
  readonly rows: number;
  /** An orthonormal basis of the fixed effects; then, at right angles to it, the columns that curves bend by. */
  readonly basis: readonly Float64Array[];
  /** How many of these are of fixed effects. */
  readonly fixed: number;
  readonly curves: readonly MixedCurve[];
  /** Products of the basis with itself, basis × basis: the identity where there are no curves. */
  readonly gram: Float64Array;
  /** Half the logarithm of |XᵀX|, for X as it was given. */
  readonly logLength: number;
  /** The person of each row, 0 …, each met at least once. */
  readonly persons: Int32Array;
  readonly personCount: number;
  /** Z: what the random effects of a person are multiplied by, one column each: ones, and time where slopes differ. */
  readonly random: readonly Float64Array[];
  /** ZᵀX of each person: persons × effects × basis. */
  readonly products: Float64Array;
  /** Persons of equal ZᵀZ together: with an intercept alone, those with as many scans. */
  readonly groups: readonly PersonGroup[];
  /** The group of each person. */
  readonly groupOf: Int32Array;
  /** Takes out of a column what the effects of each person can explain: its mean over the scans, or a line through them. */
  project(column: Float64Array): Float64Array;
  /** Directions of the fixed effects that vary within persons. */
  readonly within: readonly Float64Array[];
  /** What is left to measure the spread within persons by: rows less the effects of each person and those directions. */
  readonly freedomWithin: number;
}

/** Persons whose scans were made at the same times. */
export interface PersonGroup {
  readonly persons: number;
  /** ZᵀZ of each, by pairs of effects. */
  readonly squares: Float64Array;
  /** Sums over the persons of XᵀZ ZᵀX, by pairs of effects: pairs × basis × basis. */
  readonly grams: Float64Array;
}

/** A curve: its straight line is a fixed effect, and how it bends about it is random, with a variance of its own. */
export interface MixedCurve {
  /** The first of its columns of {@link MixedDesign.basis}. */
  readonly first: number;
  readonly size: number;
  /** λ of the columns as they were given, for a penalty of 1 on those of the basis, which data and penalty weigh alike. */
  readonly unit: number;
}

/** What a design is made of. */
export interface MixedDesignParts {
  /** The columns of X, sites and covariates, as long as there are rows. */
  readonly columns: readonly Float64Array[];
  /**
   * The columns that each curve bends by, whose coefficients b are independent draws of one variance: the penalty on them is
   * λ‖b‖², λ the residual variance over theirs (Wood 2017, "Generalized Additive Models", § 5.8). They may depend on others.
   */
  readonly curves?: readonly (readonly Float64Array[])[];
  /** Any number for each person. */
  readonly persons: Int32Array;
  /** When each scan was made, where persons differ in slope too: around 0, and about as large as 1. */
  readonly time?: Float64Array;
}

/** Pairs of effects: (0, 0) and, with slopes, (0, 1) and (1, 1). Products of the middle one count twice. */
export const effectPairs = (effects: number): readonly (readonly [number, number])[] =>
  effects === 1
    ? [[0, 0]]
    : [
        [0, 0],
        [0, 1],
        [1, 1],
      ];

/** A column with less than this share left within persons is the same for all scans of a person. */
const sameForPerson = 1e-7;

/**
 * Prepares a linear mixed model y = Xβ + Zu + e of persons with several scans, in the few sums that its likelihood needs, so
 * that a thousand features cost little more than one. Our own: among npm's packages none fits mixed models, and R's lme4 in
 * WebAssembly (webR) was declined because it loads R and its packages over the network and fits one feature at a time.
 *
 * @returns `undefined` where the columns depend on each other
 */
export function mixedDesign({
  columns,
  curves: bending = [],
  persons: given,
  time,
}: MixedDesignParts): MixedDesign | undefined {
  const rows = given.length;
  const found = extendBasis([], columns);
  if (found.length < columns.length) return undefined;
  const straight = found.map(({ direction }) => direction);
  const { bent, curves } = scaledCurves(straight, bending);
  const basis = [...straight, ...bent];
  const codes = new Map<number, number>();
  const persons = given.map((person) => {
    const code = codes.get(person) ?? codes.size;
    codes.set(person, code);
    return code;
  });
  const personCount = codes.size;
  const ones = new Float64Array(rows).fill(1);
  const random = time === undefined ? [ones] : [ones, time];
  const products = sumsByPerson(random, basis, { persons, personCount });
  const squares = sumsByPerson(random, random, { persons, personCount });
  const { groups, groupOf } = groupPersons(squares, products, {
    effects: random.length,
    width: basis.length,
  });
  const project = withinProjector(random, squares, { persons, personCount });
  const varying = columns.flatMap((column) => {
    const rest = project(column);
    return dot(rest, rest) > sameForPerson ** 2 * dot(column, column) ? [rest] : [];
  });
  const within = extendBasis([], varying).map(({ direction }) => direction);
  return {
    rows,
    basis,
    fixed: straight.length,
    curves,
    gram: productsOf(basis, straight.length),
    logLength: found.reduce((sum, { length }) => sum + Math.log(length), 0),
    persons,
    personCount,
    random,
    products,
    groups,
    groupOf,
    project,
    within,
    freedomWithin: rows - effectsEstimable(squares, random.length) - within.length,
  };
}

/** Takes fixed effects out of the columns of curves, and makes those of each curve as long as fixed ones in the mean of squares. */
function scaledCurves(
  straight: readonly Float64Array[],
  bending: readonly (readonly Float64Array[])[],
): { readonly bent: readonly Float64Array[]; readonly curves: readonly MixedCurve[] } {
  const bent: Float64Array[] = [];
  const curves = bending.map((columns): MixedCurve => {
    const first = straight.length + bent.length;
    const rests = columns.map((column) => without(straight, column));
    const unit = rests.reduce((sum, rest) => sum + dot(rest, rest), 0) / columns.length || 1;
    bent.push(...rests.map((rest) => rest.map((value) => value / Math.sqrt(unit))));
    return { first, size: columns.length, unit };
  });
  return { bent, curves };
}

/** Products of all columns with each other, of which the first are orthonormal and at right angles to the others. */
function productsOf(columns: readonly Float64Array[], orthonormal: number): Float64Array {
  return Float64Array.from(
    columns.flatMap((one, i) =>
      columns.map((other, j) => (i < orthonormal || j < orthonormal ? Number(i === j) : dot(one, other))),
    ),
  );
}

/** What orthonormal directions leave of a column: taken out twice, so that it is at right angles to them to rounding. */
function without(directions: readonly Float64Array[], column: Float64Array): Float64Array {
  const rest = column.slice();
  for (let pass = 0; pass < 2; pass++) {
    for (const direction of directions) {
      const along = dot(direction, rest);
      for (let row = 0; row < rest.length; row++) rest[row] -= along * direction[row];
    }
  }
  return rest;
}

/** Sums over the rows of each person of products of columns: persons × left × right. */
export function sumsByPerson(
  left: readonly Float64Array[],
  right: readonly Float64Array[],
  { persons, personCount }: Pick<MixedDesign, 'persons' | 'personCount'>,
): Float64Array {
  const size = left.length * right.length;
  const sums = new Float64Array(personCount * size);
  left.forEach((one, a) => {
    right.forEach((other, b) => {
      const at = a * right.length + b;
      for (let row = 0; row < persons.length; row++) sums[persons[row] * size + at] += one[row] * other[row];
    });
  });
  return sums;
}

function groupPersons(
  squares: Float64Array,
  products: Float64Array,
  { effects, width }: { readonly effects: number; readonly width: number },
): Pick<MixedDesign, 'groups' | 'groupOf'> {
  const pairs = effectPairs(effects);
  const found = new Map<string, number>();
  const groups: { persons: number; squares: Float64Array; grams: Float64Array }[] = [];
  const size = effects * effects;
  const groupOf = Int32Array.from({ length: squares.length / size }, (_, person) => {
    const own = Float64Array.from(pairs, ([a, b]) => squares[person * size + a * effects + b]);
    // Times that differ by rounding alone are the same.
    const key = Array.from(own, (value) => value.toPrecision(12)).join();
    const code = found.get(key) ?? groups.length;
    if (code === groups.length) {
      found.set(key, code);
      groups.push({ persons: 0, squares: own, grams: new Float64Array(pairs.length * width * width) });
    }
    const group = groups[code];
    group.persons++;
    const from = person * effects * width;
    pairs.forEach(([a, b], pair) => {
      const one = products.subarray(from + a * width, from + (a + 1) * width);
      const other = products.subarray(from + b * width, from + (b + 1) * width);
      addProducts(group.grams.subarray(pair * width * width, (pair + 1) * width * width), one, other);
    });
    return code;
  });
  return { groups, groupOf };
}

/** Adds x xᵀ, or x zᵀ + z xᵀ where they are two. */
function addProducts(gram: Float64Array, one: Float64Array, other: Float64Array): void {
  const width = one.length;
  const twice = one.byteOffset !== other.byteOffset;
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++) {
      gram[i * width + j] += twice ? one[i] * other[j] + other[i] * one[j] : one[i] * one[j];
    }
  }
}

/** How many effects of all persons have scans to be estimated by: a slope needs two times. */
function effectsEstimable(squares: Float64Array, effects: number): number {
  let count = 0;
  for (let at = 0; at < squares.length; at += effects * effects) {
    count += effects === 2 && spreads(squares, at) ? 2 : 1;
  }
  return count;
}

/** Whether the scans of a person were made at several times. */
function spreads(squares: Float64Array, at: number): boolean {
  const [n, sum, square] = [squares[at], squares[at + 1], squares[at + 3]];
  return square - (sum * sum) / n > 1e-12 * Math.max(1, square);
}

/** Makes {@link MixedDesign.project}. */
function withinProjector(
  random: readonly Float64Array[],
  squares: Float64Array,
  at: Pick<MixedDesign, 'persons' | 'personCount'>,
): (column: Float64Array) => Float64Array {
  const { persons } = at;
  const effects = random.length;
  return (column) => {
    const sums = sumsByPerson(random, [column], at);
    return column.map((value, row) => {
      const person = persons[row];
      const [n, first] = [squares[person * effects * effects], sums[person * effects]];
      if (effects === 1 || !spreads(squares, person * 4)) return value - first / n;
      const [sum, square] = [squares[person * 4 + 1], squares[person * 4 + 3]];
      const slope = (sums[person * 2 + 1] - (sum * first) / n) / (square - (sum * sum) / n);
      return value - first / n - slope * (random[1][row] - sum / n);
    });
  };
}
