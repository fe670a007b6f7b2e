import ts from 'typescript';
import { frontDoorProgram, frontDoorValues } from './front-door';

/** What is known of a type: see `sdk/data/calls/known-calls.ts`. */
interface KnownType {
  readonly kind?: string;
  readonly required: string;
  readonly names?: string;
  readonly from?: string;
}

/** The two tables that `sdk/data/calls/known-calls.ts` holds. */
export interface KnownTables {
  readonly calls: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly types: Readonly<Record<string, KnownType>>;
}

/** Reads what each function of the front door takes from the types of its parameters. */
export function tablesOfFrontDoor({ checker, module } = frontDoorProgram()): KnownTables {
  const functions = functionsOfFrontDoor(checker, module);
  const types = new TypeTable(checker, functions);
  const calls = Object.fromEntries(
    functions
      .filter(({ signatures }) => signatures.some((signature) => signature.getParameters().length > 0))
      .map(({ name, signatures }) => [name, types.parametersOf(name, signatures)]),
  );
  // Not what functions of the front door take, but what their harmonizers do.
  for (const wanted of [
    'HarmonizeToOptions',
    'HarmonizeVolumesOptions',
    'TranslateVolumesOptions',
    'SiteScalingModel',
    'IntensityModel',
  ]) {
    types.add(checker.getExportsOfModule(module).find(({ name }) => name === wanted));
  }
  return { calls, types: types.sorted() };
}

/** A function of the front door, one in a constant too: `steps.zScore`. */
export interface FrontDoorFunction {
  readonly name: string;
  readonly signatures: readonly ts.Signature[];
}

/** Every function that the front door offers. */
export function functionsOfFrontDoor(
  checker: ts.TypeChecker,
  module: ts.Symbol,
): readonly FrontDoorFunction[] {
  return frontDoorValues(checker, module).flatMap(({ name, symbol }) => {
    if ((symbol.flags & ts.SymbolFlags.Class) !== 0) return [];
    const type = checker.getTypeOfSymbol(symbol);
    const signatures = type.getCallSignatures();
    if (signatures.length > 0) return [{ name, signatures }];
    if ((type.flags & ts.TypeFlags.Object) === 0 || checker.isArrayLikeType(type)) return [];
    return type.getProperties().flatMap((member) => {
      const inside = checker.getTypeOfSymbol(member).getCallSignatures();
      return inside.length === 0 ? [] : [{ name: `${name}.${member.name}`, signatures: inside }];
    });
  });
}

/** The types that were met on the way, by their names. */
class TypeTable {
  readonly #checker: ts.TypeChecker;
  readonly #makers: ReadonlyMap<string, string>;
  readonly #types = new Map<string, KnownType>();

  constructor(checker: ts.TypeChecker, functions: readonly FrontDoorFunction[]) {
    this.#checker = checker;
    this.#makers = makersOf(checker, functions);
  }

  add(exported: ts.Symbol | undefined): void {
    if (exported === undefined) throw new Error('a type is not exported any more');
    const type = this.#checker.getDeclaredTypeOfSymbol(this.#checker.getAliasedSymbol(exported));
    this.#object(type, { as: exported.name, strict: true });
  }

  sorted(): Readonly<Record<string, KnownType>> {
    return Object.fromEntries([...this.#types].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** What each parameter takes, in order; of several ways to call a function, what any of them does. */
  parametersOf(verb: string, signatures: readonly ts.Signature[]): Readonly<Record<string, string>> {
    const most = Math.max(...signatures.map((signature) => signature.getParameters().length));
    const longest = signatures.find((signature) => signature.getParameters().length === most);
    return Object.fromEntries(
      (longest?.getParameters() ?? []).map((_, at) => {
        const given = signatures.map((signature) => signature.getParameters().at(at));
        const name = (given.find((one) => one !== undefined) as ts.Symbol).name;
        const taken = given.flatMap((one) => (one === undefined ? ['nothing'] : this.#taken(one, verb)));
        return [name, [...new Set(taken)].sort(nothingLast).join(' | ')];
      }),
    );
  }

  #taken(parameter: ts.Symbol, verb: string): readonly string[] {
    const declared = parameter.valueDeclaration as ts.ParameterDeclaration;
    const type = this.#checker.getTypeOfSymbol(parameter);
    const strict = /^(options|run|record|where)$/.test(parameter.name);
    const found = this.#words(type, { as: `${verb}.${parameter.name}`, strict });
    const optional = declared.questionToken !== undefined || declared.initializer !== undefined;
    return optional ? [...found, 'nothing'] : found;
  }

  /** What a type is, in the words of the table; an empty list for what is not looked at. */
  #words(given: ts.Type, named: { readonly as: string; readonly strict: boolean }): readonly string[] {
    const type = constraintOf(this.#checker, given);
    const { flags } = type;
    if ((flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0) return ['anything'];
    if (type.isUnion() && !mergeable(type)) return type.types.flatMap((part) => this.#words(part, named));
    if ((flags & ts.TypeFlags.StringLike) !== 0) return ['text'];
    if ((flags & ts.TypeFlags.NumberLike) !== 0) return ['number'];
    if ((flags & ts.TypeFlags.BooleanLike) !== 0) return ['boolean'];
    if ((flags & ts.TypeFlags.Undefined) !== 0) return ['nothing'];
    if ((flags & ts.TypeFlags.Null) !== 0) return ['null'];
    if (this.#checker.isArrayLikeType(type)) return ['list'];
    const symbol = type.aliasSymbol ?? type.getSymbol();
    if (/^(Float32|Float64|Uint8)Array$/.test(symbol?.name ?? '')) return [symbol?.name ?? ''];
    if (symbol?.name === 'ArrayLike') return ['numbers'];
    if (type.getCallSignatures().length > 0) return ['function'];
    return [this.#object(type, named)];
  }

  #object(type: ts.Type, { as, strict }: { readonly as: string; readonly strict: boolean }): string {
    const properties = propertiesOf(this.#checker, type.isUnion() ? type.types : [type]);
    if (properties.length === 0 || type.getStringIndexType() !== undefined) return 'object';
    const symbol = type.aliasSymbol ?? type.getSymbol();
    const plain =
      symbol !== undefined &&
      !/^(__type|Pick|Partial|Omit|Readonly|Required)$/.test(symbol.name) &&
      !type.isUnion();
    const instance = (this.#checker.getTypeArguments(type as ts.TypeReference) ?? []).length > 0;
    const needed = properties.filter((one) => !isOptional(one)).map((one) => one.name);
    const unnamed = strict ? as : `{ ${needed.join(', ')} }`;
    const name = plain && !(instance && strict) ? symbol.name : unnamed;
    const known = this.#types.get(name);
    if (known !== undefined && name !== as) return name;
    // Filled in below: options can hold options of their own kind.
    this.#types.set(name, { required: '' });
    this.#types.set(name, together(known, this.#known(type, { name, strict, from: symbol?.name ?? '' })));
    return name;
  }

  #known(
    type: ts.Type,
    { name, strict, from }: { readonly name: string; readonly strict: boolean; readonly from: string },
  ): KnownType {
    const parts = type.isUnion() ? type.types : [type];
    const properties = propertiesOf(this.#checker, parts);
    const kind = kindOf(this.#checker, properties);
    const needed = properties.filter((property) =>
      parts.every((one) => {
        const found = this.#checker.getPropertyOfType(one, property.name);
        return found !== undefined && !isOptional(found) && !mayBeMissing(this.#checker, found);
      }),
    );
    const known: KnownType = {
      kind,
      required: needed.map((one) => one.name).join(' '),
      names:
        strict && kind === undefined
          ? properties.map((one) => this.#optionWord(one, `${name}.${one.name}`)).join(' ')
          : undefined,
      from: this.#makers.get(from),
    };
    // Without the fields that are not there.
    return JSON.parse(JSON.stringify(known)) as KnownType;
  }

  /** An option's name, with the type of its own options where it has some. */
  #optionWord(option: ts.Symbol, as: string): string {
    if (partsOfOthers.includes(option.name)) return option.name;
    const type = this.#checker.getNonNullableType(this.#checker.getTypeOfSymbol(option));
    const objects = (type.isUnion() ? type.types : [type]).filter((part) => this.#isObject(part));
    if (objects.length === 0 || !objects.every((part) => this.#isRecordOfOptions(part))) return option.name;
    const names = propertiesOf(this.#checker, objects);
    if (!names.some(isOptional)) return option.name;
    if (objects.length === 1) return `${option.name}:${this.#object(objects[0], { as, strict: true })}`;
    // Of one of several records, any name of any of them.
    this.#types.set(as, { required: '', names: names.map((one) => one.name).join(' ') });
    return `${option.name}:${as}`;
  }

  #isObject(type: ts.Type): boolean {
    const object = (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
    return object && !this.#checker.isArrayLikeType(type);
  }

  /** Whether a value of that type is written down at the call: no list, no value that another function made. */
  #isRecordOfOptions(type: ts.Type): boolean {
    if (type.getCallSignatures().length > 0) return false;
    const properties = this.#checker.getPropertiesOfType(type);
    if (properties.length === 0 || type.getStringIndexType() !== undefined) return false;
    const ours = properties.every((one) =>
      one.declarations?.every((declared) =>
        /\/sdk\/(?!node_modules)/.test(declared.getSourceFile().fileName),
      ),
    );
    const made = properties.some(
      (one) =>
        one.name === 'kind' ||
        one.name === 'provenance' ||
        (!isOptional(one) && isFunction(this.#checker, one)),
    );
    return ours && !made;
  }
}

/** Options of several ways to call a function: any of their names, and what all of them need. */
function together(one: KnownType | undefined, other: KnownType): KnownType {
  if (one === undefined) return other;
  const listed = ({ names = '' }: KnownType): readonly string[] => names.split(' ');
  const needed = one.required.split(' ').filter((name) => other.required.split(' ').includes(name));
  return {
    ...other,
    required: needed.join(' '),
    names: [...new Set([...listed(one), ...listed(other)])].join(' '),
  };
}

/** What any of these types has. */
function propertiesOf(checker: ts.TypeChecker, parts: readonly ts.Type[]): readonly ts.Symbol[] {
  const all = parts.flatMap((part) => checker.getPropertiesOfType(part));
  return [...new Map(all.map((one) => [one.name, one])).values()];
}

/** Options that are parts of other values, a volume's header or a phantom's traits: they are passed on whole. */
const partsOfOthers: readonly string[] = ['architecture', 'factors', 'header', 'reading', 'traits'];

/** Sorted, since the compiler gives the parts of a union in the order in which it met them. */
function nothingLast(a: string, b: string): number {
  return Number(a === 'nothing') - Number(b === 'nothing') || (a < b ? -1 : 1);
}

/** Options of one of several methods are those of any. */
function mergeable(type: ts.UnionType): boolean {
  return type.types.every((part) => part.isIntersection());
}

function constraintOf(checker: ts.TypeChecker, type: ts.Type): ts.Type {
  const parameter = (type.flags & ts.TypeFlags.Instantiable) !== 0 || type.isIntersection();
  return parameter ? (checker.getBaseConstraintOfType(type) ?? type) : type;
}

function isOptional(property: ts.Symbol): boolean {
  return (property.flags & ts.SymbolFlags.Optional) !== 0;
}

/** Whether a field is there, but may hold nothing. */
function mayBeMissing(checker: ts.TypeChecker, property: ts.Symbol): boolean {
  const type = checker.getTypeOfSymbol(property);
  const parts = type.isUnion() ? type.types : [type];
  return parts.some(({ flags }) => (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Unknown)) !== 0);
}

function isFunction(checker: ts.TypeChecker, property: ts.Symbol): boolean {
  return checker.getTypeOfSymbol(property).getCallSignatures().length > 0;
}

function kindOf(checker: ts.TypeChecker, properties: readonly ts.Symbol[]): string | undefined {
  const kind = properties.find(({ name }) => name === 'kind');
  const type = kind === undefined || isOptional(kind) ? undefined : checker.getTypeOfSymbol(kind);
  return type?.isStringLiteral() === true ? type.value : undefined;
}

/** Which function gives a value of each type: the first by its verb. */
function makersOf(
  checker: ts.TypeChecker,
  functions: readonly FrontDoorFunction[],
): ReadonlyMap<string, string> {
  const verbs = ['load', 'read', 'to', 'fit', 'audit', 'compare', 'montage', 'make', 'registrations', 'open'];
  const found = new Map<string, string>();
  // Models come from fitting; those that ship are for trying.
  const rank = (name: string): number => {
    const at = name === 'loadShippedModel' ? -1 : verbs.findIndex((verb) => name.startsWith(verb));
    return at < 0 ? verbs.length : at;
  };
  const inOrder = [...functions].sort((a, b) => rank(a.name) - rank(b.name));
  for (const { name, signatures } of inOrder) {
    for (const signature of signatures) {
      const type = checker.getReturnTypeOfSignature(signature);
      const awaited = checker.getAwaitedType(type) ?? type;
      const made = awaited.aliasSymbol?.name ?? awaited.getSymbol()?.name;
      if (made !== undefined && made !== '__type' && !found.has(made)) found.set(made, name);
    }
  }
  return found;
}
