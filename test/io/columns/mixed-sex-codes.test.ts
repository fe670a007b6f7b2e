import assert from 'node:assert/strict';
import { reportMixedSex } from '../../../sdk/io/columns/labels/mixed-sex-codes';

describe('codes for sex in one column', () => {
  const said = (texts: readonly (string | null)[], name = 'sex'): readonly (readonly string[])[] =>
    reportMixedSex({ name, file: 't.csv', texts }).map(({ code, severity, message, suggestion }) => [
      code,
      severity,
      message.replace(/^.*own: /, ''),
      suggestion.replace(/^.*with /, ''),
    ]);

  it('are warned of where they are mixed', () => {
    const code = ['near-equal-labels', 'warning'];
    assert.deepEqual(said(['M', 'F', 'male', 'F', 'M', null, 'female']), [
      [...code, '"M" (2), "F" (2), "male" (1), "female" (1)', 'sameLevel.sex.female: "F"'],
    ]);
    assert.deepEqual(said(['M', 'M', 'male', 'F']), [
      [...code, '"M" (2), "male" (1), "F" (1)', 'sameLevel.sex.male: "M"'],
    ]);
    assert.deepEqual(said(['1', '1', 'M', 'F', '2']), [
      [...code, '"1" (2), "M" (1), "F" (1), "2" (1)', 'sameLevel.sex.1: "M"'],
    ]);
    assert.deepEqual(said(['F', 'weiblich', 'M'], 'Geschlecht'), [
      [...code, '"F" (1), "weiblich" (1), "M" (1)', 'sameLevel.Geschlecht.weiblich: "F"'],
    ]);
  });

  it('are no matter where they are of one kind, of case alone, or of something else', () => {
    for (const texts of [
      ['M', 'F', 'unknown'],
      ['male', 'female', 'other'],
      ['1', '2', '0'],
      ['F', 'f', 'm'],
      ['W', 'M'],
    ]) {
      assert.deepEqual(said(texts), []);
    }
    assert.deepEqual(said(['M', '1', '2', 'X'], 'stage'), []);
  });
});
