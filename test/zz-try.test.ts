import * as concord from '/work/wt/gan/sdk/index';
import { atSite, differenceInBrain, travelingSlices } from '/work/wt/gan/test/support/two-scanners';
describe('try', () => { it('x', async function(){ this.timeout(0);
  await concord.useBackend();
  const cohort = await travelingSlices(8);
  for (const domains of ['sites','one'] as const) {
    const steps = Number(process.env.STEPS ?? 60);
    const t=performance.now();
    const model = await concord.baselines.fitStargan(cohort, { domains, size: 'tiny', architecture: JSON.parse(process.env.ARCH ?? '{}'), steps, batchSize: Number(process.env.BATCH ?? 4), seed: 3, logEvery: Math.ceil(steps/5), validateEvery: Math.ceil(steps/6), averageDecay: 0.9, learningRate: Number(process.env.LR ?? 0.002) });
    console.log(domains, 'seconds', (performance.now()-t)/1000, model.issues.map(({message})=>message));
    for (const {step, values} of model.training.history) console.log(step, JSON.stringify(values));
    const truth = atSite(cohort,'siteE'), raw = atSite(cohort,'siteA');
    const made = await concord.baselines.applyStargan(model, raw, { site: 'siteE' });
    const like = await concord.baselines.applyStargan(model, raw, { reference: concord.takeSubjects(truth,[0]) });
    console.log(differenceInBrain(raw,truth), differenceInBrain(made,truth), differenceInBrain(like,truth));
  }
});});
