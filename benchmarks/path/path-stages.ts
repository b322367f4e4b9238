/** What each part of the whole path takes of the processor, in seconds. */
export interface PathStages {
  /** `save`: check, cut, hash, copy. */
  readonly storing: number;
  /** `start`: upload and create. */
  readonly sending: number;
  /** `wait`: download, put in order, store. */
  readonly collecting: number;
  /** `getResultsFile`. */
  readonly writing: number;
}
