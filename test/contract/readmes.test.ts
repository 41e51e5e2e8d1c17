import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { actionReadmes } from "../../scripts/action-readmes.ts";
import { parsePipeline } from "../../src/pipeline/parse.ts";
import { action, ownPath, read, type Step } from "./repository.ts";

const pages = Object.entries(actionReadmes());

it.each(pages)("%s is what `npm run generate` makes of action.yml", (path, text) => {
  expect(read(path)).toBe(text);
});

interface Example {
  readonly jobs?: Readonly<Record<string, { readonly steps?: readonly Step[] }>>;
}

describe("examples in pages", () => {
  const examples = [
    ...pages.map(([path]) => path),
    "README.md",
    "docs/getting-started.md",
    "docs/workflows.md",
  ].flatMap((path) =>
    [...read(path).matchAll(/```yaml\n(.*?)```/gs)].map((match, index) => ({ path, index, text: match[1] ?? "" })),
  );

  it.each(examples)("$path, example $index, gives our actions only inputs that they have", ({ text }) => {
    const { jobs = {} } = (parse(text) ?? {}) as Example;
    for (const { uses = "", with: given = {} } of Object.values(jobs).flatMap(({ steps = [] }) => steps)) {
      const path = /^rocksolid\/rocksolid@/.test(uses) ? "." : ownPath(uses);
      if (path === undefined) continue;
      const { inputs } = action(path);
      expect(Object.keys(inputs), uses).toEqual(expect.arrayContaining(Object.keys(given)));
      for (const [name, { required }] of Object.entries(inputs))
        if (required) expect(Object.keys(given), uses).toContain(name);
    }
  });

  const files = examples.filter(({ text }) => text.startsWith("service:"));

  it("some are pipeline files", () => {
    expect(files.map(({ path }) => path)).toEqual(["README.md", "docs/getting-started.md", "docs/getting-started.md"]);
  });

  it.each(files)(
    "$path, example $index, is a valid pipeline file, or has the mistakes that the page shows",
    ({ path, text }) => {
      const parsed = parsePipeline(text, "pipeline.yml");
      for (const { file, line, column, message } of parsed.ok ? [] : parsed.problems)
        expect(read(path)).toContain(`${file}:${line}:${column}: ${message}\n`);
      expect(parsed.ok).toBe(!text.includes("gates:"));
    },
  );
});
