import type { StyleOrigin } from './stargan-losses';

/** What the updates of a step are called in records, by where their styles come from. */
export const updateNames: Readonly<
  Record<StyleOrigin, { readonly critic: string; readonly generator: string }>
> = {
  latent: { critic: 'latentDiscriminator', generator: 'latentGenerator' },
  reference: { critic: 'referenceDiscriminator', generator: 'referenceGenerator' },
};

/** Those of the discriminator. */
export const criticNames: readonly string[] = Object.values(updateNames).map(({ critic }) => critic);
