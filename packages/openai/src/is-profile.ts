import type { ServiceProfile } from "./service-profile.js";

const isText = (value: unknown) => typeof value === "string" && value !== "";
const isCount = (value: unknown) => Number.isInteger(value) && Number(value) > 0;
const isFlag = (value: unknown) => typeof value === "boolean";
const isTexts = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && value.every(isText);

const fields: { readonly [Field in keyof ServiceProfile]-?: (value: unknown) => boolean } = {
  name: isText,
  maxRequests: isCount,
  maxBytes: isCount,
  maxLineBytes: isCount,
  maxActiveJobs: isCount,
  oneModel: isFlag,
  endpoints: isTexts,
  completionWindows: (value) => isTexts(value) && value.length === 2,
  customIdPattern: isPattern,
  uploadPath: isText,
  fileNameField: isText,
  filePurpose: isText,
  inputExpiresAfterSeconds: isCount,
  keepsMetadata: isFlag,
  keyVariable: isText,
};

const required: readonly string[] = ["name", "maxRequests", "maxBytes", "oneModel"];

/** Whether a value is a profile: what a user writes and what was stored is checked the same way. */
export function isProfile(value: unknown): value is ServiceProfile {
  if (typeof value !== "object" || value === null) return false;
  const given = new Map<string, unknown>(Object.entries(value));
  return Object.entries(fields).every(([field, isRight]) => {
    const content = given.get(field);
    return content === undefined ? !required.includes(field) : isRight(content);
  });
}

function isPattern(value: unknown): boolean {
  try {
    return isText(value) && new RegExp(String(value), "u") instanceof RegExp;
  } catch {
    return false;
  }
}
