/** How much a client brought home: both must have done the same. */
export interface Brought {
  readonly successful: number;
  readonly unsuccessful: number;
  readonly found: number;
}
