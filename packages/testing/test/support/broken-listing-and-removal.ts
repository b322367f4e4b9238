import { type BrokenStorage, mutant } from "./broken-storage.js";

export const brokenListingAndRemoval: readonly BrokenStorage[] = [
  {
    fault: "forgets blobs when it lists",
    create: mutant((right) => ({
      async *list(prefix) {
        for await (const key of right.list(prefix)) if (await right.readRecord(key)) yield key;
      },
    })),
    breaks: "lists records and blobs, and a key once that is both",
  },
  {
    fault: "lists whole segments only",
    create: mutant((right) => ({
      async *list(prefix) {
        for await (const key of right.list(prefix)) {
          const rest = key.slice(prefix.length);
          if (prefix === "" || prefix.endsWith("/") || rest === "" || rest[0] === "/") yield key;
        }
      },
    })),
    breaks: "lists what starts with the prefix, also where that ends within a segment",
  },
  {
    fault: "lists the first page only",
    create: mutant((right) => ({
      async *list(prefix) {
        let count = 0;
        for await (const key of right.list(prefix)) {
          count += 1;
          if (count <= 1000) yield key;
        }
      },
    })),
    breaks: "lists 1,001 keys, each once",
  },
  {
    fault: "skips keys when others leave during a listing",
    create: mutant((right) => ({
      async *list(prefix) {
        for (let position = 0; ; position += 1) {
          const keys: string[] = [];
          for await (const key of right.list(prefix)) keys.push(key);
          const key = keys.sort()[position];
          if (key === undefined) return;
          yield key;
        }
      },
    })),
    breaks: "lists every key that nobody touches while others come and go",
  },
  {
    fault: "complains when it removes nothing",
    create: mutant((right) => ({
      async remove(key) {
        const keys: string[] = [];
        for await (const found of right.list(key)) keys.push(found);
        if (!keys.includes(key)) throw new Error("404 Not Found");
        await right.remove(key);
      },
    })),
    breaks: "removes without complaint what is not there",
  },
  {
    fault: "removes all that starts with the key",
    create: mutant((right) => ({
      async remove(key) {
        await right.remove(key);
        for await (const longer of right.list(key)) await right.remove(longer);
      },
    })),
    breaks: "removes nothing but the key itself",
  },
];
