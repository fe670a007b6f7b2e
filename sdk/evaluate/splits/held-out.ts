/** Held-out predictions per row of the plan; `NaN` where none was made. */
export interface HeldOutPredictions {
  readonly predicted: Float64Array;
  /** The mean of the training subjects: what is predicted without looking at features. */
  readonly baseline: Float64Array;
  /**
   * Which of the models that were trained predicted each row, for example that of its fold. Whether one row scores above
   * another is said by the predictions of one model alone (see {@link areaWithinGroups}).
   */
  readonly model: Int32Array;
}

/** Room for predictions of `count` subjects, none made yet. */
export function emptyPredictions(count: number): HeldOutPredictions {
  return {
    predicted: new Float64Array(count).fill(NaN),
    baseline: new Float64Array(count).fill(NaN),
    model: new Int32Array(count).fill(-1),
  };
}
