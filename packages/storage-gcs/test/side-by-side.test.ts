import { describe, expect, it } from "vitest";
import { createSharedReads } from "../src/shared-reads.js";
import { value } from "./support/bytes.js";
import { openStorage } from "./support/open-storage.js";
import { connectWith } from "./support/sdk-versions.js";

describe("those who read one record at the same time", () => {
  it("share a request that starts after they have asked, and fails for all of them or none", async () => {
    const reads = createSharedReads<number>();
    const answers: { resolve(value: number): void; reject(error: Error): void }[] = [];
    const ask = (name = "key") =>
      reads(name, () => new Promise((resolve, reject) => answers.push({ resolve, reject })));
    const first = ask();
    const second = ask();
    const third = ask();
    const elsewhere = ask("another");
    expect(answers).toHaveLength(2);
    answers[1]?.resolve(-1);
    expect(await elsewhere).toBe(-1);
    answers[0]?.reject(new Error("lost"));
    await expect(first).rejects.toThrow("lost");
    await Promise.resolve();
    expect(answers).toHaveLength(3);
    const fourth = ask();
    answers[2]?.resolve(2);
    expect(await Promise.all([second, third])).toEqual([2, 2]);
    await Promise.resolve();
    expect(answers).toHaveLength(4);
    answers[3]?.resolve(3);
    expect(await fourth).toBe(3);
    const last = ask();
    expect(answers).toHaveLength(5);
    answers[4]?.resolve(4);
    expect(await last).toBe(4);
  });
});

it("gives each of those who read together a copy of its own, and asks twice at most", async () => {
  const { fake, storage } = await openStorage(connectWith("@google-cloud/storage 7"));
  await storage.writeRecord("key", value, { expected: null });
  const records = await Promise.all(Array.from({ length: 20 }, () => storage.readRecord("key")));
  expect(fake.requests.filter(({ method }) => method === "GET")).toHaveLength(2);
  records.at(-1)?.value.fill(0);
  for (const record of records.slice(0, -1)) expect(record?.value).toEqual(Buffer.from(value));
});

it("takes no race to the service that writers of one storage can decide", async () => {
  const { fake, storage } = await openStorage(connectWith("@google-cloud/storage 7"));
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, () => storage.writeRecord("key", value, { expected: null })),
  );
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(fake.requests).toHaveLength(1);
});
