import { startFakeAnthropic } from "@langbatch/testing/fake-anthropic";

// Every job is done as soon as it is asked for: what is measured is the client.
const server = await startFakeAnthropic({ clock: "real", runningMs: 0 });
process.send?.(server.url);
process.once("disconnect", () => void server.close());
