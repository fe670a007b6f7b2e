import assert from 'node:assert/strict';
import compiler from '@tslab/typescript-for-tslab';
import { cellSource } from '../../sdk/kernel/cell-source';
import type { Compiler } from '../../sdk/kernel/upstream-compiler';

const rewritten = (source: string): ReturnType<typeof cellSource> =>
  cellSource(source, compiler as unknown as Compiler);

describe('cellSource', () => {
  it('writes names that stand for a property and a variable as both', () => {
    const forms: readonly (readonly [string, string])[] = [
      ['console.log({ target })', 'console.log({ target: target })'],
      ['({ a, b = 2, ...rest } = earlier)', '({ a: a, b: b = 2, ...rest } = earlier)'],
      ['const { target: x } = earlier', "const { 'target': x } = earlier"],
      ['const { a: { b: c = d }, [k]: e } = f', "const { 'a': { 'b': c = d }, [k]: e } = f"],
      ['const f = ({ target: t }: T) => ({ t })', "const f = ({ 'target': t }: T) => ({ t: t })"],
      ['for (const { x: y } of all) g({ y })', "for (const { 'x': y } of all) g({ y: y })"],
      ['const { target, length } = earlier', 'const { target, length } = earlier'],
      ['const o = { target: 1, "a": b, m() {} }', 'const o = { target: 1, "a": b, m() {} }'],
      ["import { a as b } from 'c'", "import { a as b } from 'c'"],
      ['const a = 1;\nexport { a };', 'const a = 1;\n            ;'],
      ["export { a } from 'b';", "export { a } from 'b';"],
      ['export const a = { b }', '       const a = { b: b }'],
    ];
    for (const [source, expected] of forms) assert.equal(rewritten(source).text, expected);
  });

  it('knows where a place in the new text was', () => {
    const source = 'f({ ab, cd }); const { ef: g } = h; end';
    const { text, original } = rewritten(source);
    for (const word of ['f(', 'ab', 'cd', 'const', 'ef', 'g }', 'h;', 'end']) {
      assert.equal(original(text.indexOf(word)), source.indexOf(word), word);
    }
    assert.equal(original(text.indexOf(': cd') + 2), source.indexOf('cd'));
  });

  it('shows the value of a last statement that ends without a semicolon', () => {
    const quiet = ['a;', 'a; // why', 'a\n// why\n;', '', 'show(a);\n\n'];
    for (const source of quiet) assert.equal(rewritten(source).quiet, true, source);
    for (const source of ['a', 'a // why;', 'a /* ; */', 'b;\na\n']) {
      assert.equal(rewritten(source).quiet, false, source);
    }
  });

  it('sees a loop that awaits, outside of functions', () => {
    assert.equal(rewritten('for await (const a of b) c(a);').awaits, true);
    assert.equal(rewritten('if (x) { for await (const a of b) c(a) }').awaits, true);
    assert.equal(rewritten('async function f() { for await (const a of b) c(a) }').awaits, false);
    assert.equal(rewritten('const f = async () => { for await (const a of b) c(a) }').awaits, false);
  });
});
