import type { FakeOpenAI } from "@langbatch/testing";

export const creates = { method: "POST", path: /^\/v1\/batches$/ };
export const uploads = { method: "POST", path: "/v1/files" };
export const lists = { method: "GET", path: /^\/v1\/batches$/ };

/** The requests of this kind that the server has seen. */
export function seen(
  server: FakeOpenAI,
  { method, path }: { method: string; path: string | RegExp },
) {
  return server.requests.filter(
    (request) => request.method === method && request.path.search(path) === 0,
  );
}
