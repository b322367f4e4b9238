type Schema = Readonly<Record<string, unknown>>;

// A schema may name itself.
const maxDepth = 16;

/**
 * A small value that fits a JSON schema as far as its types, required properties, constants, choices
 * and references within it say; other rules are not looked at. Texts are `text`.
 */
export function fittingValue(schema: unknown, text: string): unknown {
  return valueFor(asSchema(schema), { root: asSchema(schema), text }, 0);
}

interface Context {
  readonly root: Schema;
  readonly text: string;
}

function valueFor(schema: Schema, context: Context, depth: number): unknown {
  if (depth > maxDepth) return null;
  const inner = (value: unknown) => valueFor(asSchema(value), context, depth + 1);
  if (typeof schema.$ref === "string") return inner(referred(schema.$ref, context.root));
  if ("const" in schema) return schema.const;
  const [choice] = listOf(schema.enum);
  if (choice !== undefined) return choice;
  const [kind] = [schema.anyOf, schema.oneOf, schema.allOf].flatMap(listOf);
  if (kind !== undefined) return inner(kind);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case "string":
      return context.text;
    case "integer":
    case "number":
      return typeof schema.minimum === "number" ? schema.minimum : 0;
    case "boolean":
      return false;
    case "null":
      return null;
    case "array":
      return Array.from({ length: Number(schema.minItems ?? 0) }, () => inner(schema.items));
    default: {
      const properties = asSchema(schema.properties);
      const names = listOf(schema.required).map(String);
      return Object.fromEntries(names.map((name) => [name, inner(properties[name])]));
    }
  }
}

/** What `#/$defs/name` stands for. */
function referred(reference: string, root: Schema): unknown {
  const path = reference.replace(/^#\/?/, "").split("/").filter(Boolean);
  return path.reduce<unknown>((value, name) => asSchema(value)[name], root);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asSchema(value: unknown): Schema {
  return Object(value) as Schema;
}
