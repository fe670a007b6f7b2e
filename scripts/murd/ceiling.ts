// The best that a translation could reach that takes on the target's contrast and leaves noise and blur as they are.
import * as concord from 'concord-mri';
import { printAgreement } from '../study/against-truth';
import { ofSite, rowsWhere, runOf } from '../study/cohorts';
import { geometry } from './phantoms';

type Parts = Partial<concord.phantoms.PhantomScanner>;

const noiseAndBlur = ({ whiteMatterSnr, smoothing = 0, ringing }: concord.phantoms.PhantomScanner): Parts => {
  return { whiteMatterSnr, smoothing, ringing };
};

/** What stays the source's; all else is the target's. */
const kept: Readonly<Record<string, (source: concord.phantoms.PhantomScanner) => Parts>> = {
  'noise and blur of the source': noiseAndBlur,
  'its distortion and sensitivity too': (source) => {
    return { ...noiseAndBlur(source), distortion: source.distortion, seed: source.seed };
  },
};

/** Scans people at machines that differ from each target in what {@link kept} names only, and compares as studies do. */
export async function ceilings(people: number): Promise<void> {
  const machines = geometry.scanners;
  const pairs = machines.flatMap((target) =>
    machines.filter(({ site }) => site !== target.site).map((source) => ({ target, source })),
  );
  for (const [name, of] of Object.entries(kept)) {
    const between = pairs.map(({ target, source }) => {
      return { ...target, ...of(source), site: `${source.site} as ${target.site}` };
    });
    const { cohort: all } = await concord.simulateSlices({
      ...geometry,
      scanners: [...machines, ...between],
      subjects: people,
      seed: 402,
      traveling: true,
      testRetest: true,
    });
    const truth = rowsWhere(all, (row) => machines.some(({ site }) => site === all.participants.sites[row]));
    const found = await Promise.all(
      pairs.map(({ target: { site: target } }, i) => {
        const scans = ofSite(runOf(all, '1'), between[i].site);
        return concord.compareTravelers(scans, truth, {
          target,
          dataRange: concord.metrics.siteDataRange(all, target),
        });
      }),
    );
    printAgreement(`target's contrast, ${name}`, found, 'mean');
  }
}
