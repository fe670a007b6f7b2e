/** The version of this package, as written into provenance and model files. */
export const version: string = '0.1.0';
