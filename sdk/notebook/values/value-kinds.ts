/** An array of numbers of one type. */
export type TypedValues = NodeJS.TypedArray;

/** Whether a value is an array of numbers of one type. */
export function isTyped(value: unknown): value is TypedValues {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** Whether an object was written as a record, and is no instance of a class. */
export function isPlainRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Records of another realm, such as those made in a kernel's cells, have an Object of their own.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The name of an object's class. */
export function nameOfClass(value: object): string {
  const maker: unknown = (value as { readonly constructor?: unknown }).constructor;
  return typeof maker === 'function' && maker.name !== '' ? maker.name : 'an object';
}

/** A field of a record: its value, or why it cannot be had. */
export interface Field {
  readonly name: string;
  readonly value: unknown;
}

/** The enumerable fields of an object. Where a getter throws, the value says why. */
export function fieldsOf(value: object): readonly Field[] {
  return Object.keys(value).map((name) => {
    try {
      return { name, value: (value as Readonly<Record<string, unknown>>)[name] };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { name, value: `cannot be read: ${why}` };
    }
  });
}
