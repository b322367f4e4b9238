// What runs in a process of its own: this entry does not load vitest.
export { runStorageWorker } from "./storage-processes/storage-worker.js";
