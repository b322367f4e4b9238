import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { beforeAll, beforeEach, expect } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const fromSource = ["--conditions=@langbatch/source", "--import", "tsx"];

/** How a script ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where scripts run that know nothing of this machine. */
export interface Sandbox {
  /** Of the test, with the scripts' state in `home` and their temporary files in `tmp`. */
  readonly folder: string;
  /** The whole environment of what is started next: no settings of the machine, keys least of all. */
  env: NodeJS.ProcessEnv;
  start(nodeArguments: readonly string[]): ChildProcess;
  /** Runs an example as the README says. */
  end(example: string, ...args: readonly string[]): Promise<Ended>;
  /** As `end`, and expects it to have nothing to complain about. */
  run(example: string, ...args: readonly string[]): Promise<string>;
  /** What was left among the temporary files, but for the cache that tsx keeps there. */
  leftovers(): Promise<readonly string[]>;
}

/** A sandbox that is new for every test of the file. */
export function useSandbox(): Sandbox {
  let compiled = "";
  const sandbox = {
    folder: "",
    env: {} as NodeJS.ProcessEnv,
    start: (args: readonly string[]) =>
      spawn(process.execPath, args, { cwd: root, env: sandbox.env, stdio: "pipe" }),
    end: (example: string, ...args: readonly string[]) =>
      ended(sandbox.start([...fromSource, join("examples", example), ...args])),
    async run(example: string, ...args: readonly string[]) {
      const { code, stdout, stderr } = await sandbox.end(example, ...args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      return stdout;
    },
    async leftovers() {
      const names = await readdir(join(sandbox.folder, "tmp"));
      return names.filter((name) => !name.startsWith("tsx-"));
    },
  };

  beforeAll(async () => {
    compiled = await mkdtemp(join(tmpdir(), "langbatch-compiled-"));
    return () => rm(compiled, { recursive: true, force: true });
  });
  beforeEach(async () => {
    sandbox.folder = await mkdtemp(join(tmpdir(), "langbatch-examples-"));
    const tmp = join(sandbox.folder, "tmp");
    await mkdir(tmp);
    // What the loader has compiled once is good for all.
    await symlink(compiled, join(tmp, `tsx-${process.getuid?.() ?? ""}`));
    const { PATH } = process.env;
    sandbox.env = { PATH, TMPDIR: tmp, LANGBATCH_HOME: join(sandbox.folder, "home") };
    return () => rm(sandbox.folder, { recursive: true, force: true });
  });
  return sandbox;
}

/** Waits for the end of a script. */
export async function ended(child: ChildProcess): Promise<Ended> {
  const code = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr] = await Promise.all([child.stdout, child.stderr].map(readAll));
  return { code: await code, stdout: stdout ?? "", stderr: stderr ?? "" };
}

/** The arguments of Node with which one of the repository's npm scripts starts it. */
export async function argumentsOf(script: string): Promise<readonly string[]> {
  const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  return scripts[script].split(" ").slice(1);
}

async function readAll(stream: ChildProcess["stdout"]): Promise<string> {
  return stream ? text(stream) : "";
}
