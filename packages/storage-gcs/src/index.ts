export { type GcsStorageOptions, gcsStorage } from "./gcs-storage.js";
