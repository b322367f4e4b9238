import { expect, it } from "vitest";
import { toUserBlocks } from "../src/content-convert.js";
import { refusalOf } from "./support/refusal-of.js";

const cache_control = { type: "ephemeral" };

/** The blocks of one part. */
function partOf(part: unknown): readonly object[] {
  return toUserBlocks([part], "body.messages[0].content");
}

function refusalOfPart(part: unknown): string {
  return refusalOf(() => partOf(part));
}

function image(url: unknown, fields: object = {}): object {
  return { type: "image_url", image_url: { url, ...fields } };
}

it.each([
  ["image/jpeg", "image/jpeg"],
  ["image/jpg", "image/jpeg"],
  ["IMAGE/PNG", "image/png"],
  ["image/gif", "image/gif"],
  ["image/webp", "image/webp"],
])("sends an image of %s as base64 of %s", (written, media_type) => {
  expect(partOf({ ...image(`data:${written};base64,aGk=`), cache_control })).toEqual([
    { type: "image", source: { type: "base64", media_type, data: "aGk=" }, cache_control },
  ]);
});

it("sends an https image as a URL", () => {
  const url = "https://a.example/b.png?c=d";
  for (const detail of [undefined, null, "auto", "high"]) {
    expect(partOf(image(url, { detail }))).toEqual([
      { type: "image", source: { type: "url", url } },
    ]);
  }
  expect(refusalOfPart(image(url, { detail: "low" }))).toContain('image_url.detail` is "low"');
});

it("refuses other URLs and formats, without showing them", () => {
  for (const [url, kind] of [
    ["http://a.example/secret", '"http:..."'],
    ["gs://bucket/secret", '"gs:..."'],
    ["data:image/tiff;base64,aGk=", '"data:image/tiff..."'],
    ["data:image/png,secret", '"data:image/png..."'],
    ["secret", "no URL"],
  ]) {
    const message = refusalOfPart(image(url));
    expect(message).toContain(`unsupported_content: `);
    expect(message).toContain(`\`body.messages[0].content[0].image_url.url\` is ${kind}: send an`);
    expect(message).not.toContain("secret");
  }
  expect(refusalOfPart(image(1))).toContain("image_url.url` is 1");
  expect(refusalOfPart({ type: "image_url", image_url: "https://a.example" })).toContain(
    "image_url` is",
  );
});

it("refuses data that is not base64", () => {
  for (const data of ["", "a", "aGk", "aG=k", "a===", "aG k", "aGk=\n", "aGk=aGk=", "aGk%3D"]) {
    expect(refusalOfPart(image(`data:image/png;base64,${data}`))).toContain("is not base64");
  }
  const large = "A".repeat(40_000_000);
  expect(partOf(image(`data:image/png;base64,${large}`))).toHaveLength(1);
});

it("sends a PDF as a document with its name as the title", () => {
  const file_data = "data:application/pdf;base64,aGk=";
  const source = { type: "base64", media_type: "application/pdf", data: "aGk=" };
  expect(partOf({ type: "file", file: { file_data, filename: "a.pdf" }, cache_control })).toEqual([
    { type: "document", source, title: "a.pdf", cache_control },
  ]);
  expect(partOf({ type: "file", file: { file_data } })).toEqual([{ type: "document", source }]);
});

it("refuses other files and ids of files", () => {
  expect(refusalOfPart({ type: "file", file: { file_id: "file-1" } })).toContain("Files API");
  const file_data = "data:text/plain;base64,aGk=";
  expect(refusalOfPart({ type: "file", file: { file_data } })).toContain('"data:text/plain..."');
  expect(refusalOfPart({ type: "file", file: {} })).toContain("file.file_data` is nothing");
});

it("refuses audio, other types, and what is no part", () => {
  expect(refusalOfPart({ type: "input_audio", input_audio: {} })).toContain(
    'unsupported_content: `body.messages[0].content[0].type` is "input_audio"',
  );
  expect(refusalOfPart({ type: "video_url" })).toContain("Claude sees no videos");
  expect(refusalOfPart({ text: "x" })).toContain("type` is nothing");
  expect(refusalOfPart("x")).toContain('`body.messages[0].content[0]` is "x"');
  expect(refusalOfPart({ type: "text", text: 1 })).toContain("content[0].text` is 1");
  expect(refusalOfPart({ type: "text", text: "x", prompt_cache_breakpoint: {} })).toContain(
    "`cache_control`",
  );
});
