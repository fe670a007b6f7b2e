/** The section of each name that the front door exports, in their order. */
export declare function sectionsOf(source: string): Map<string, string>;
