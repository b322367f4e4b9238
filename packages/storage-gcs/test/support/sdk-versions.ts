import { Storage, type StorageOptions } from "@google-cloud/storage";
import { Storage as Storage8 } from "gcs-8";

/** Makes a client. */
export type Connect = (options: StorageOptions) => Storage;

/** What makes a client of each SDK that is supported. */
export const sdkVersions: readonly (readonly [name: string, connect: Connect])[] = [
  ["@google-cloud/storage 7", (options) => new Storage(options)],
  [
    "@google-cloud/storage 8",
    // Another copy's class is another type, because of its private fields; what is called is the same.
    (options) => new Storage8(options as object) as unknown as Storage,
  ],
];

/** What makes a client of this SDK. */
export function connectWith(version: string): Connect {
  const connect = sdkVersions.find(([name]) => name === version)?.[1];
  if (!connect) throw new Error(`There is no ${version}.`);
  return connect;
}
