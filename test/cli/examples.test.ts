import assert from 'node:assert/strict';
import type { Command } from 'commander';
import { program } from '../../sdk/cli/main';
import { concord } from '../support/run-command';

const silent = { out: () => {}, err: () => {}, live: false, signal: new AbortController().signal };

/** The options in a line that a command and its parts do not have. */
function strange(line: string, command: Command): readonly string[] {
  const parts = [command, ...command.commands];
  const known = parts.flatMap(({ options }) => options.flatMap(({ long, short }) => [long, short]));
  return (line.match(/(?<= )--?[a-z][a-z-]*/g) ?? []).filter((option) => !known.includes(option));
}

describe('the help of a command', () => {
  for (const command of program(silent).commands) {
    const name = command.name();
    it(`of ${name} has examples whose options all exist`, async () => {
      const { status, out } = await concord(name, '--help');
      assert.equal(status, 0);
      const lines = out.split('\n').filter((line) => line.startsWith(`  concord ${name}`));
      assert.ok(lines.length > 0, out);
      // What follows a lone -- is another command.
      for (const [own, other] of lines.map((line) => line.split(' -- '))) {
        assert.deepEqual(strange(own, command), []);
        const called = program(silent).commands.find((one) => one.name() === other?.split(' ')[0]);
        if (other !== undefined)
          assert.ok(called !== undefined && strange(other, called).length === 0, other);
      }
    });
  }

  const called = (command: Command, above: readonly string[] = []): readonly (readonly string[])[] => [
    ...(above.length > 0 ? [above] : []),
    ...command.commands.flatMap((own) => called(own, [...above, own.name()])),
  ];
  for (const names of called(program(silent))) {
    it(`of ${names.join(' ')} names the choices of an option once`, async () => {
      const { status, out } = await concord(...names, '--help');
      assert.equal(status, 0);
      // An option begins a line; what belongs to it is indented further.
      const options = out.split(/\n(?= {2}-)/).slice(1);
      assert.deepEqual(
        options.filter((text) => (text.match(/choices:/g) ?? []).length > 1),
        [],
      );
    });
  }
});
