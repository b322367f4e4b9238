import { type Journal, memoryStorage } from "@langbatch/core";
import { describe, expect, it } from "vitest";
import { openJournal, removeJournal } from "../../src/storage/open-journal.js";
import { appendingStorage } from "../support/appending-storage.js";
import { keysOf } from "../support/files.js";

const key = "blobs/b/0/0/journal";

async function linesOf(journal: Journal): Promise<string[]> {
  let text = "";
  for await (const chunk of journal.read()) text += Buffer.from(chunk).toString("utf8");
  return text.split("\n").filter(Boolean);
}

describe.each([
  ["a storage that appends", appendingStorage],
  ["a storage that cannot", () => memoryStorage()],
])("a journal in %s", (_name, open) => {
  it("is empty at first, and gives back what was appended, in order", async () => {
    const journal = openJournal(open(), key);
    expect(await linesOf(journal)).toEqual([]);
    for (let at = 0; at < 12; at += 1) await journal.append(Buffer.from(`${at}\n`));
    expect(await linesOf(journal)).toEqual(Array.from({ length: 12 }, (_, at) => String(at)));
  });

  it("takes lines of several processes at the same time, each whole", async () => {
    const storage = open();
    const journals = Array.from({ length: 4 }, () => openJournal(storage, key));
    const lines = Array.from({ length: 40 }, (_, at) => `line ${at}`);
    await Promise.all(lines.map((line, at) => journals[at % 4]?.append(Buffer.from(`${line}\n`))));
    expect((await linesOf(openJournal(storage, key))).sort()).toEqual(lines.toSorted());
  });

  it("is removed with all its parts, and nothing else is", async () => {
    const storage = open();
    const journal = openJournal(storage, key);
    await journal.append(Buffer.from("a\n"));
    await journal.append(Buffer.from("b\n"));
    const other = openJournal(storage, "blobs/b/0/1/journal");
    await other.append(Buffer.from("c\n"));
    await removeJournal(storage, key);
    expect(await linesOf(journal)).toEqual([]);
    expect(await keysOf(storage, "blobs/b/0/0/")).toEqual([]);
    expect(await linesOf(other)).toEqual(["c"]);
  });
});

describe("a journal", () => {
  it("ends a line that somebody could not finish before it adds its own", async () => {
    const storage = appendingStorage();
    await storage.append?.(key, Buffer.from('\n{"a":1}\n{"b'));
    const journal = openJournal(storage, key);
    await journal.append(Buffer.from('{"c":3}\n'));
    expect(await linesOf(journal)).toEqual(['{"a":1}', '{"b', '{"c":3}']);
  });

  it("that began elsewhere is read together with what is appended here", async () => {
    const storage = appendingStorage();
    const { append: _cannot, ...without } = storage;
    await openJournal(without, key).append(Buffer.from("segment\n"));
    await openJournal(storage, key).append(Buffer.from("appended\n"));
    expect((await linesOf(openJournal(storage, key))).sort()).toEqual(["appended", "segment"]);
  });
});
