import type { Command, Option } from 'commander';
import { Help } from 'commander';
import type { Method } from '../../methods/method';
import type { MethodOptions } from '../../methods/method-option';
import { describeOption } from './method-options';

/** What the help of a command says of each method. */
export interface MethodHelpOptions {
  readonly methods: readonly Method[];
  /** All options that go with a method, by their names. */
  optionsOf(method: Method): ReadonlySet<string>;
  /** The method's own. */
  ownOf(method: Method): MethodOptions;
}

/**
 * Makes `--method NAME --help` show what goes with that method only, in its own words, with examples; `--help` alone shows
 * what goes with the default, and says which methods there are.
 */
export function addMethodHelp(command: Command, options: MethodHelpOptions): void {
  const { methods } = options;
  const chosen = (): Method | undefined =>
    methods.find(({ name }) => name === command.getOptionValue('method'));
  command.createHelp = () => Object.assign(new HelpOnMethod(chosen, options), command.configureHelp());
  command.addHelpText('after', () => {
    const method = chosen();
    const width = Math.max(...methods.map(({ name }) => name.length));
    const list = methods.map(({ name, title, summary }) => `  ${name.padEnd(width)}  ${title} ${summary}`);
    const examples = (method?.command?.examples ?? [])
      .filter((line) => line.startsWith(`concord ${command.name()} `))
      .map((line) => `  ${line}`);
    return [
      '',
      `Methods (concord ${command.name()} --method NAME --help shows the options of one):`,
      ...list,
      ...(examples.length === 0 ? [] : ['', `Examples of ${method?.title}:`, ...examples]),
    ].join('\n');
  });
}

class HelpOnMethod extends Help {
  constructor(
    private readonly chosen: () => Method | undefined,
    private readonly about: MethodHelpOptions,
  ) {
    super();
  }

  override visibleOptions(command: Command): Option[] {
    const method = this.chosen();
    const all = super.visibleOptions(command);
    if (method === undefined) return all;
    const allowed = this.about.optionsOf(method);
    return all.filter((own) => own.attributeName() === 'help' || allowed.has(own.attributeName()));
  }

  override optionDescription(shown: Option): string {
    const method = this.chosen();
    const name = shown.attributeName();
    const own = method === undefined ? {} : this.about.ownOf(method);
    return Object.hasOwn(own, name) ? describeOption(own[name]) : super.optionDescription(shown);
  }
}
