/** The version of this package. */
export declare const version: string;

/** Folders for `loadModel` of concord-mri, by the names of methods: `folders.murd`. */
export declare const folders: Readonly<Record<string, string>>;
