import { rm } from "node:fs/promises";
import { describeStorage } from "@langbatch/testing";
import { fileStorage } from "../src/index.js";
import { scratchDirectory } from "./support/scratch-directory.js";

describeStorage("fileStorage", {
  async create() {
    const directory = await scratchDirectory();
    return {
      storage: fileStorage(directory),
      reopen: async () => fileStorage(directory),
      dispose: () => rm(directory, { recursive: true }),
    };
  },
});
