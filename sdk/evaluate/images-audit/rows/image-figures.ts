import type { Protocol, SiteProbe } from '../../audit';
import type { AuditRow, AuditValue } from '../../rows/audit-row';
import type { ImageStateAudit } from '../image-audit';
import type { ImageSetDistances } from '../set-distances';

/** What the rows of an audit of images are made from. */
export interface ImageFigures {
  readonly states: readonly ImageStateAudit[];
  readonly floors: { readonly mask?: SiteProbe<'cnn'>; readonly covariates?: SiteProbe };
  /** Half of the real images of a site with the other half. */
  readonly setFloor?: ImageSetDistances;
  /** The person of every scan, or where families are known the group of relatives. */
  readonly kin: readonly string[];
  readonly covariates: readonly string[];
  readonly target?: string;
}

/** The values of all states that have one, in the fields of a row. */
export function valuesOfStates(
  states: readonly ImageStateAudit[],
  value: (state: ImageStateAudit) => AuditValue | undefined,
): Pick<AuditRow, 'values' | 'baselines'> {
  const values: Partial<Record<Protocol, AuditValue>> = {};
  const baselines: Record<string, AuditValue> = {};
  for (const state of states) {
    const found = value(state);
    if (found === undefined) continue;
    if (state.protocol === undefined) baselines[state.name] = found;
    else values[state.protocol] = found;
  }
  return Object.keys(baselines).length === 0 ? { values } : { values, baselines };
}
