import { Pool } from "undici";
import { reportWork } from "../measure-child.js";
import { askAll } from "./ask-all.js";

const [path = "", url = "", concurrency = ""] = process.argv.slice(2);

await reportWork(async () => {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: Number(concurrency) });
  const asked = await askAll(path, Number(concurrency), async ({ body }) => {
    const response = await pool.request({
      path: `${pathname}/chat/completions`,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    await response.body.json();
    if (response.statusCode !== 200) throw new Error(`It answered ${response.statusCode}.`);
  });
  await pool.close();
  return asked;
});
