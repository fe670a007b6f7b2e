import type { Issue } from '../../data/issue';
import type { Protocol, TableAudit } from '../audit';
import type { AuditQuestion, AuditRow, AuditValue } from '../rows/audit-row';

/** The model that a method was applied with: which one it is, and what it took to train it. Plain JSON. */
export interface ComparedModel {
  /** Distinguishes models: 16 hexadecimal digits of a SHA-256 of all that decides what a model does. */
  readonly digest: string;
  /** Where it is from, in words; missing where it was fitted for the comparison, or is not known. */
  readonly source?: string;
  /** Of a network: what it learned from, in words. */
  readonly learned?: string;
  /** Of a network: the numbers in its weights. */
  readonly parameters?: number;
  /** Of a network: the budget of its training. */
  readonly training?: {
    readonly steps: number;
    /** Images per step. */
    readonly batchSize: number;
    readonly seed: number;
    readonly seconds: number;
    /** The backend or its device. */
    readonly device: string;
  };
}

/** A method that is not in a comparison, and why. */
export interface LeftOutMethod {
  readonly name: string;
  readonly reason: string;
}

/** How much was spent on judging. */
export interface ComparisonBudget {
  /** Folds of cross-validation. */
  readonly splits: number;
  /** About how many subjects or scans were used at most. */
  readonly maxSubjects: number;
  /** Of images: steps of training of each probe, 32 slices each. */
  readonly steps?: number;
  /** Of images: where they were compared. */
  readonly mask?: 'each' | 'common';
}

/** One method of a comparison, and what it took. */
export interface ComparedMethod {
  readonly name: string;
  /** What it harmonized to: `average`, or the name of a site. */
  readonly target: string;
  /**
   * What is known of its figures: `in-folds` and `held-out` where it had not seen the participants that it is tested on,
   * `in-sample` where it had, or where that is not known. Single values can be in-sample beside these.
   */
  readonly protocol: Exclude<Protocol, 'raw'>;
  /** Seconds that fitting and applying took, on all participants once (of images in folds: in all folds together). */
  readonly seconds: number;
  /**
   * The most by which the memory of the process grew meanwhile, in bytes. It is sampled many times a second, so short
   * peaks can be missed, and without the memory of a graphics processor. Missing where it did not grow.
   */
  readonly memory?: number;
  /** What it was applied with; missing in folds, where there is a model for each, and for models of no known kind. */
  readonly model?: ComparedModel;
  /** What the method itself noticed. */
  readonly issues: readonly Issue[];
}

/** A figure of one method, and which data it was computed on. */
export interface ComparedValue extends AuditValue {
  readonly protocol: Exclude<Protocol, 'raw'>;
}

/**
 * How a method compares with raw data: `alike` where their intervals overlap, `inconclusive` where the figure cannot
 * say: a probe that learned nothing, or an interval without width.
 */
export type Standing = 'better' | 'alike' | 'worse' | 'inconclusive';

/** A figure of the audit with one value for each method. */
export interface ComparisonRow extends Omit<AuditRow, 'values' | 'baselines'> {
  /** Of raw data; missing for what compares with them. */
  readonly raw?: AuditValue;
  /** By the names of methods: in folds where there is such a value, else held out or in-sample. */
  readonly values: Readonly<Record<string, ComparedValue>>;
  /** Values in-sample of those that have one in folds. */
  readonly inSample?: Readonly<Record<string, AuditValue>>;
  /**
   * By the names of methods, where both have an interval. A method is better only where its interval is apart from that
   * of raw data; it is worse also where the interval of the change on the same participants is wholly on the bad side.
   * Guessing or what covariates alone achieve is as good as a site probe can be: below that nothing is better.
   */
  readonly standing: Readonly<Record<string, Standing>>;
  /** Why the figure of a method is inconclusive, by the names of those for which it is. */
  readonly inconclusive: Readonly<Record<string, string>>;
  /** The best of the methods that are better than raw data, with those whose intervals overlap its own. */
  readonly best: readonly string[];
}

/** How the methods answer one question, by the rows that have a standing. */
export interface ComparisonFinding {
  readonly question: AuditQuestion;
  /** The question in words. */
  readonly title: string;
  /** Better than raw data in a figure, and worse in none. */
  readonly better: readonly string[];
  /** Inconclusive: without a clear difference from raw data. */
  readonly alike: readonly string[];
  /** Worse than raw data in at least one figure. */
  readonly worse: readonly string[];
  /** Those whose every figure is inconclusive; the sentence says why. */
  readonly inconclusive: readonly string[];
  /** Those of `better` that no other of them beats; several are tied. */
  readonly best: readonly string[];
  /** The same in a sentence. */
  readonly sentence: string;
}

/** Several methods beside raw data, on the same participants and splits. */
export interface MethodComparison {
  readonly kind: 'method-comparison';
  readonly payload: 'features' | 'images' | 'volumes';
  /** Rows of the table, or scans. */
  readonly subjects: number;
  readonly persons: number;
  /** How many families these persons are of, where some are known to be related. */
  readonly families?: number;
  /** What was evaluated of every participant, in words: `62 features`, `300 slices of 64 × 64`. */
  readonly evaluated: string;
  readonly sites: TableAudit['sites'];
  readonly covariates: readonly string[];
  /** The target asked for; each method has the one it used. */
  readonly target?: string;
  readonly seed: number;
  readonly seeds: number;
  /** Whether the methods were fitted in folds. */
  readonly folds: boolean;
  readonly budget: ComparisonBudget;
  /** The version of this package. */
  readonly version: string;
  /** Those that worked. */
  readonly methods: readonly ComparedMethod[];
  /** Those that failed on these data, or had no model: each is an issue of code `method-failed`, too, with a remedy. */
  readonly leftOut: readonly LeftOutMethod[];
  readonly rows: readonly ComparisonRow[];
  readonly findings: readonly ComparisonFinding[];
  /** How figures were made, a sentence each. */
  readonly notes: readonly string[];
  readonly issues: readonly Issue[];
}
