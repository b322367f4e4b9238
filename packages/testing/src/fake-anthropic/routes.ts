import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { jsonReply, type Reply } from "../fake-http/reply.js";
import type { Asked } from "../fake-http/serve-exchange.js";
import { Refusal } from "./anthropic-error.js";
import type { BatchObject } from "./batch-object.js";
import { readPageQuery } from "./batch-page.js";
import type { BatchStore } from "./batches.js";
import type { CreateRate } from "./create-limits.js";
import { type CreateLimits, receiveRequests } from "./receive-requests.js";
import type { FakeWorkspace } from "./workspaces.js";

/** What the routes work on. */
export interface RouteContext {
  readonly batches: BatchStore;
  readonly rate: CreateRate;
  readonly limits: CreateLimits;
  readonly directory: string;
}

/**
 * Does what the request asks: Anthropic API reference, "Message Batches".
 *
 * @throws Refusal where the service would refuse.
 */
export async function answerRequest(
  context: RouteContext,
  asked: Asked,
  workspace: FakeWorkspace,
): Promise<Reply> {
  const { method, url } = asked;
  const { batches } = context;
  const [path, id, action] =
    /^\/v1\/messages\/batches(?:\/([^/]+)(?:\/(cancel|results))?)?$/.exec(url.pathname) ?? [];
  if (path === undefined) throw new Refusal(404, "Not Found");
  switch (`${method} ${action ?? (id === undefined ? "all" : "one")}`) {
    case "POST all":
      return jsonReply(200, await createBatch(context, asked, workspace));
    case "GET all":
      return jsonReply(200, await batches.list(readPageQuery(url), workspace));
    case "GET one":
      return jsonReply(200, await batches.retrieve(String(id), workspace));
    case "DELETE one":
      return jsonReply(200, await batches.delete(String(id), workspace));
    case "POST cancel":
      return jsonReply(200, await batches.cancel(String(id), workspace));
    case "GET results": {
      const { path, bytes } = await batches.results(String(id), workspace);
      const headers = { "content-type": "application/x-jsonl" };
      return { status: 200, headers, body: { path, start: 0, end: bytes } };
    }
    default:
      throw new Refusal(405, "Method Not Allowed");
  }
}

async function createBatch(
  { batches, rate, limits, directory }: RouteContext,
  { body, headers }: Asked,
  workspace: FakeWorkspace,
): Promise<BatchObject> {
  rate.count(workspace);
  const path = join(directory, `${randomUUID()}_requests.jsonl`);
  try {
    const received = await receiveRequests(body, headers["content-length"], path, limits);
    return await batches.create(received, workspace);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}
