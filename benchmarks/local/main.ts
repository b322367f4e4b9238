import { countOptions } from "../count-options.js";
import { measureKills } from "./kill.js";
import { measureLimits } from "./limit.js";
import { measurePeers } from "./peers.js";
import { measureThroughput } from "./throughput.js";

const cases = ["throughput", "limit", "kill", "peers"] as const;
type Case = (typeof cases)[number];

// `throughput`, for instance, before the options: only that one.
const args = process.argv.slice(2);
const only = cases.find((name) => name === args[0]);
const counts = countOptions(
  { requests: 8_000, repetitions: 3, seconds: 60, kills: 100, peers: 10_000 },
  args.slice(only ? 1 : 0),
);

const measure: Readonly<Record<Case, () => Promise<void>>> = {
  throughput: () => measureThroughput(counts.requests, counts.repetitions),
  limit: () => measureLimits(counts.seconds),
  kill: () => measureKills(counts.kills),
  peers: () => measurePeers(counts.peers, counts.repetitions),
};
for (const name of only ? [only] : cases) await measure[name]();
