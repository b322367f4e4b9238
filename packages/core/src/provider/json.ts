/** Plain JSON, as it is stored. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** A JSON object, as it is stored. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}
