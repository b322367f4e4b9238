import { serveChat } from "./serve-chat.js";

const [latencyMs = "0"] = process.argv.slice(2);

await serveChat({ latencyMs: Number(latencyMs) });
