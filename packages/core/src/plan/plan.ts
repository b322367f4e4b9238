import { createHash, type Hash } from "node:crypto";
import { type PlannedShard, planKey, type RoundRecord, shardKey } from "../batch/records.js";
import type { Endpoint } from "../endpoints/endpoint.js";
import { LangBatchError } from "../errors.js";
import { joinLines } from "../jsonl/line-block.js";
import { readLines } from "../jsonl/read-lines.js";
import type { ProviderTraits } from "../provider/provider.js";
import type { RoundName } from "../provider/wire-id.js";
import type { Storage } from "../storage/storage.js";
import { checkInput } from "./check-input.js";
import { type InputNoun, lineChecker } from "./check-line.js";
import { cutShards } from "./cut-shards.js";
import type { InputLine } from "./item-input.js";
import type { PlanLimits } from "./limits.js";

/** Where a plan is stored, and by what it is made. */
export interface PlanTask extends RoundName {
  readonly id: string;
  readonly endpoint: Endpoint;
  readonly traits: ProviderTraits;
  /** Of the traits, and of the user. */
  readonly limits: PlanLimits;
  readonly storage: Storage;
  readonly noun: InputNoun;
  /** Whether to hash the input as a whole: only a batch with a key is ever compared with one. */
  readonly hashInput: boolean;
}

/** A finished plan. */
export interface Plan {
  readonly round: RoundRecord;
  readonly inputSha256?: string;
}

/**
 * The one pass over the input: every line checked, ids unique, cut within the limits, stored shard
 * by shard. Writes nothing but these blobs, and removes them again on an error.
 *
 * @throws `invalid_request` with all problems of the input.
 */
export async function plan(
  input: AsyncIterable<readonly InputLine[]>,
  { id, nonce, round, endpoint, traits, limits, storage, noun, hashInput }: PlanTask,
): Promise<Plan> {
  const hash = hashInput ? createHash("sha256") : undefined;
  const inputKey = (shard: number) => shardKey(id, round, shard, "input");
  let stored = 0;
  try {
    const check = lineChecker(endpoint, traits, limits, noun, { nonce, round });
    const checked = checkInput(input, check, noun);
    const store = async (shard: number, bytes: AsyncIterable<Uint8Array>) => {
      const blob = await storage.writeBlob(inputKey(shard), hash ? hashed(bytes, hash) : bytes);
      stored += 1;
      return blob;
    };
    const shards = await cutShards(checked.lines, limits, noun, store);
    await checked.confirmIds(readShards(storage, shards.length, inputKey));
    const requests = shards.reduce((sum, shard) => sum + shard.requests, 0);
    refuseTooFew(requests, limits, noun);
    const lines = shards.map((shard) => Buffer.from(JSON.stringify(shard)));
    await storage.writeBlob(planKey(id, round), joinLines([lines]));
    const record = { round, shards: shards.length, requests };
    return { round: record, ...(hash && { inputSha256: hash.digest("hex") }) };
  } catch (error) {
    // What cannot be removed now is garbage that nothing refers to; the reason is the error itself.
    await removePlan(storage, { id, round, shards: stored }).catch(() => {});
    throw error;
  }
}

/** The shards of a finished plan, in their order. */
export async function readPlan(
  storage: Storage,
  id: string,
  round: number,
): Promise<readonly PlannedShard[]> {
  const shards: PlannedShard[] = [];
  for await (const lines of readLines(storage.readBlob(planKey(id, round)))) {
    for (const { bytes } of lines) shards.push(JSON.parse(bytes.toString("utf8")) as PlannedShard);
  }
  return shards;
}

/** Removes what a plan stored, where it will not be used. */
export async function removePlan(
  storage: Storage,
  { id, round, shards }: { readonly id: string; readonly round: number; readonly shards: number },
): Promise<void> {
  await storage.remove(planKey(id, round));
  for (let shard = 0; shard < shards; shard += 1) {
    await storage.remove(shardKey(id, round, shard, "input"));
  }
}

/** The SHA-256 that {@link plan} gives for an input, without storing it. */
export async function hashInput(input: AsyncIterable<readonly InputLine[]>): Promise<string> {
  const hash = createHash("sha256");
  for await (const lines of input) {
    for (const line of lines) if ("bytes" in line) hash.update(line.bytes).update("\n");
  }
  return hash.digest("hex");
}

async function* readShards(
  storage: Storage,
  shards: number,
  inputKey: (shard: number) => string,
): AsyncGenerator<Uint8Array> {
  for (let shard = 0; shard < shards; shard += 1) yield* storage.readBlob(inputKey(shard));
}

async function* hashed(bytes: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
}

function refuseTooFew(requests: number, { minRequests }: PlanLimits, noun: InputNoun): void {
  if (requests >= minRequests) return;
  const message =
    requests === 0
      ? `The input has no requests: ${noun === "Line" ? "the file is empty, or all its lines are blank" : "the list is empty"}.`
      : `The input has ${requests} requests, but this provider takes no fewer than ${minRequests}.`;
  const code = requests === 0 ? "empty_file" : "too_few_requests";
  throw new LangBatchError("invalid_request", message, {
    problems: [{ line: 1, customId: undefined, code, message }],
    total: 1,
  });
}
