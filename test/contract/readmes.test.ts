import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { actionReadmes } from "../../scripts/action-readmes.ts";
import { parsePipeline } from "../../src/pipeline/parse.ts";
import { action, ownPath, read, repositoryFiles, type Step } from "./repository.ts";

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

describe("links of pages", () => {
  const files = repositoryFiles();
  const markdown = files.filter((path) => path.endsWith(".md"));

  it.each(markdown)("%s points at files that are there, and at headings that they have", (path) => {
    for (const [, target = "", anchor] of read(path).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)) {
      const file = target === "" ? path : posix.normalize(posix.join(posix.dirname(path), target));
      const known = files.some((one) => one === file || one.startsWith(`${file.replace(/\/$/, "")}/`));
      expect(known, `${path} → ${target}`).toBe(true);
      if (anchor === undefined) continue;
      const headings = [...read(file).matchAll(/^#+ (.+)$/gm)].map((match) =>
        (match[1] ?? "")
          .toLowerCase()
          .replace(/[^\p{L}\p{N} _-]/gu, "")
          .replaceAll(" ", "-"),
      );
      expect(headings, `${path} → ${target}#${anchor}`).toContain(anchor);
    }
  });
});
