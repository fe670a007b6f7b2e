import { countParameters } from '../nn/weight-trees';
import type { MurdArchitecture } from './murd-model';
import { initMurd } from './network/murd-network';
import { requireCall } from '../data/calls/require-call';

/** The networks of a MURD. */
export type MurdPart = 'content' | 'style' | 'styles' | 'generator' | 'critic';

/** How many numbers each network of a MURD has to learn, for so many domains. */
export function murdParameters(
  architecture: MurdArchitecture,
  domains: number,
): Readonly<Record<MurdPart, number>> {
  requireCall('murd.parameters', { architecture, domains });
  const { content, style, styles, generator, critic } = initMurd(0, architecture, domains);
  return {
    content: countParameters(content),
    style: countParameters(style),
    styles: countParameters(styles),
    generator: countParameters(generator),
    critic: countParameters(critic),
  };
}
