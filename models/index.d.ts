/** The version of this package. */
export declare const version: string;

/** Folders for `loadModel` of concord-mri, by the names under which models ship: `folders.murd`. */
export declare const folders: Readonly<Record<string, string>>;

/** The method of each, by the same names: several models may be of one method. */
export declare const methods: Readonly<Record<string, string>>;
