import { readFile, writeFile } from "node:fs/promises";
import { createRequire, isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const packages: string = fileURLToPath(new URL("../../../", import.meta.url));

/** One file of the script, as it is written into the linked one. */
interface LinkedModule {
  readonly code: string;
  /** The path of each module that it names. */
  readonly targets: Record<string, string>;
}

/**
 * Writes a script, the packages it uses and the installed SDK into one CommonJS file, once. A loader
 * for TypeScript takes longer than all that such a script does, and even as JavaScript the two hundred
 * small files take longer to load than Node.js takes to start; the tests start it many hundred times.
 */
export async function linkScript(source: URL, to: string): Promise<void> {
  const script = fileURLToPath(source);
  const modules = new Map<string, LinkedModule>();
  await add(script, modules);
  const linked = [...modules].map(([path, { code, targets }]) => {
    // Async, so that the script may await at its top level; the others must not.
    const kind = path === script ? "async function" : "function";
    const body = `${kind} (module, exports, require) {\n${code}\n}`;
    return `${JSON.stringify(path)}: [${JSON.stringify(targets)}, ${body}],\n`;
  });
  const start = `load(${JSON.stringify(script)});`;
  await writeFile(to, `const modules = {\n${linked.join("")}};\n${loader}${start}\n`);
}

const loader = `
const loaded = new Map();
function load(path) {
  const known = loaded.get(path);
  if (known) return known.exports;
  const module = { exports: {} };
  loaded.set(path, module);
  const [targets, body] = modules[path];
  body(module, module.exports, (name) => (targets[name] ? load(targets[name]) : require(name)));
  return module.exports;
}
`;

async function add(path: string, modules: Map<string, LinkedModule>): Promise<void> {
  if (modules.has(path)) return;
  const text = await readFile(path, "utf8");
  const code = path.endsWith(".ts") ? toCommonJs(text) : text;
  const targets: Record<string, string> = {};
  modules.set(path, { code, targets });
  for (const [, name = ""] of code.matchAll(/\brequire\("([^"]+)"\)/g)) {
    const target = isBuiltin(name) ? undefined : await resolve(name, path);
    if (target === undefined) continue;
    targets[name] = target;
    await add(target, modules);
  }
}

function toCommonJs(text: string): string {
  return ts.transpileModule(text, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
    },
  }).outputText;
}

/** @returns `undefined` where it is not installed: a package that the SDK uses only if it is there. */
async function resolve(name: string, from: string): Promise<string | undefined> {
  const [, own, subpath = ""] = /^@langbatch\/([^/]+)(.*)$/.exec(name) ?? [];
  if (own !== undefined) {
    const { exports } = JSON.parse(await readFile(join(packages, own, "package.json"), "utf8"));
    return join(packages, own, exports[`.${subpath}`]["@langbatch/source"]);
  }
  if (from.endsWith(".ts") && name.startsWith(".")) {
    return join(dirname(from), name.replace(/\.js$/, ".ts"));
  }
  try {
    return createRequire(from).resolve(name);
  } catch {
    return undefined;
  }
}
