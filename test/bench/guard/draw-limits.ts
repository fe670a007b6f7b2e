// Draws the limits of the guard from good scans of one half of the persons, by a rule that was set before.
import type { LearnedInput } from '../../../sdk/nn/input/learned-input';
import { seeScan } from '../../../sdk/nn/input/judge-scan';
import { signs } from '../../../sdk/nn/input/signs';
import type { Measured } from './measure';

/** A good scan of the half that limits are drawn from. */
export interface GoodScan {
  readonly id: string;
  readonly found: Measured;
}

/** No good scan is so near to the limit that a rounding decides: the least that doubt and refusal are beyond the farthest. */
const leastDoubt = 0.01;
const leastRefusal = 0.03;

/**
 * The rule: with `m` the median of the brains as they are and `e` the farthest of all good scans of the half, brains in every
 * good form and phantoms, by either network, a scan is doubtful beyond `e + (e − m) / 10` and refused beyond `e + (e − m) / 2`,
 * at least 0.01 and 0.03 beyond `e`. Whether slices agree better turned or in reverse is no matter of distance: that is
 * refused 0.03 beyond `e` or 0, and doubtful 0.01 beyond it in reverse, from 0 on where they are turned. What has the same intensity is refused as 8 bits allow, by hand. Shading of one side is that of real persons, and never refused. No spoilt scan has a part in it.
 */
export function drawLimits(networks: readonly LearnedInput[], scans: readonly GoodScan[]): readonly string[] {
  const seen = networks.flatMap((learned) =>
    scans.flatMap(({ id, found }) =>
      'refused' in found ? [] : [{ id, ...seeScan(learned, { ...found, suffix: 'T1w' }) }],
    ),
  );
  return signs.map(({ name, of, ofRealOnes = false, ofOrder: order = false }) => {
    const values = seen
      .filter(({ id }) => !(ofRealOnes && !order && id.startsWith('phantoms')))
      .map((one) => ({ id: one.id, value: of(one) }))
      .filter(({ value }) => !Number.isNaN(value))
      .sort((a, b) => a.value - b.value);
    const asTheyAre = values.filter(({ id }) => id.endsWith('as it is'));
    const middle = asTheyAre[asTheyAre.length >> 1].value;
    const { id, value } = values[values.length - 1];

    const doubt =
      name === 'turned'
        ? 0
        : Math.max(order ? 0 : -Infinity, value) + Math.max(leastDoubt, order ? 0 : (value - middle) / 10);
    const refuse = order
      ? Math.max(0, value) + leastRefusal
      : value + Math.max(leastRefusal, (value - middle) / 2);
    return `  ${name}: { doubt: ${doubt.toFixed(3)}, refuse: ${refuse.toFixed(3)} }, // median ${middle.toFixed(3)}, farthest ${value.toFixed(3)} (${id})`;
  });
}
