import { once } from "node:events";
import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";

// Swallows what is sent to it, and gives a file to whoever asks.
const [file = ""] = process.argv.slice(2);
const server = createServer(async (request, response) => {
  if (request.method === "POST") {
    for await (const chunk of request) void chunk;
    response.end();
    return;
  }
  await pipeline(createReadStream(file), response);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
process.once("disconnect", () => server.close());
