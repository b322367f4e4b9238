import { fork } from "node:child_process";
import { once } from "node:events";

/**
 * Runs a server in a process of its own, which is not measured: the script sends its address as a
 * message, and ends once it is disconnected. It takes its files with it.
 */
export async function withServer<Result>(
  script: URL,
  args: readonly string[],
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const server = fork(script, args);
  const ended = once(server, "exit");
  try {
    const [url] = await Promise.race([once(server, "message"), ended]);
    if (typeof url !== "string") throw new Error("The server ended before it could be asked.");
    return await work(url);
  } finally {
    if (server.connected) server.disconnect();
    await ended;
  }
}
