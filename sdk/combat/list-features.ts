/** Some features in words, at most five of them by name. */
export function listFeatures(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  const noun = names.length === 1 ? 'feature' : 'features';
  return names.length > 5 ? `${names.length} ${noun} (${shown}, …)` : `${noun} ${shown}`;
}
