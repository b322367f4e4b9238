import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const packages: string = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * Turns the worker and the packages it uses into JavaScript, once: a loader for TypeScript takes most
 * of a second of each process.
 *
 * @returns The path of the worker to run.
 */
export async function compileWorker(directory: string): Promise<string> {
  for (const name of ["core", "storage-gcs"]) {
    const to = join(directory, "node_modules/@langbatch", name);
    await compile(join(packages, name, "src"), to);
    await writeFile(join(to, "package.json"), '{ "type": "module", "exports": "./index.js" }');
  }
  const testing = join(directory, "node_modules/@langbatch/testing");
  await compile(
    join(packages, "testing/src/storage-processes"),
    testing,
    /^(storage-worker|worker-data)\.ts$/,
  );
  const exports = '{ "./storage-worker": "./storage-worker.js" }';
  await writeFile(join(testing, "package.json"), `{ "type": "module", "exports": ${exports} }`);
  await compile(join(packages, "storage-gcs/test/support"), directory, /^worker\.ts$/);
  await writeFile(join(directory, "package.json"), '{ "type": "module" }');
  const sdk = fileURLToPath(import.meta.resolve("@google-cloud/storage"));
  const root = sdk.slice(0, sdk.lastIndexOf("/build/"));
  await mkdir(join(directory, "node_modules/@google-cloud"));
  await symlink(root, join(directory, "node_modules/@google-cloud/storage"), "junction");
  return join(directory, "worker.js");
}

async function compile(from: string, to: string, only = /\.ts$/): Promise<void> {
  for (const file of await readdir(from, { recursive: true })) {
    if (!file.endsWith(".ts") || !only.test(file)) continue;
    const { outputText } = ts.transpileModule(await readFile(join(from, file), "utf8"), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    const path = join(to, file.replace(/\.ts$/, ".js"));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, outputText);
  }
}
