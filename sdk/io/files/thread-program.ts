/**
 * What a thread evaluates to run a program of this package: a thread loads JavaScript only, and tests and scripts run the
 * sources.
 *
 * @param program - the path of a module
 */
export function threadProgram(program: string): string {
  const hook = program.endsWith('.ts') ? `require(${JSON.stringify(require.resolve('tsx/cjs'))});` : '';
  return `${hook}require(${JSON.stringify(program)});`;
}
