import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { Document, parse } from "yaml";
import { reference } from "../../scripts/pipeline-reference.ts";
import { schemaFiles } from "../../scripts/schema.ts";
import { parsePipeline } from "../../src/pipeline/parse.ts";
import { checkKinds, sourceKinds } from "../../src/pipeline/schema.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");
const example = read("test/pipeline/example.yml");
const accepts = new Ajv({ allErrors: true }).compile(JSON.parse(read("schema/pipeline.schema.json")));

describe("what is generated is fresh", () => {
  test.each(Object.entries(schemaFiles()))("%s: run scripts/schema.ts", (path, text) => expect(read(path)).toBe(text));
  it("docs/pipeline-file.md: run scripts/pipeline-reference.ts", () =>
    expect(read("docs/pipeline-file.md")).toBe(reference()));
});

it("the reference describes every key", () => {
  const described = (node: unknown, path: string): string[] => {
    if (typeof node !== "object" || node === null) return [];
    const { properties } = node as { properties?: Record<string, { description?: string }> };
    const missing = Object.entries(properties ?? {}).flatMap(([key, value]) =>
      value.description ? [] : [`${path}.${key}`],
    );
    return [...missing, ...Object.entries(node).flatMap(([key, value]) => described(value, `${path}.${key}`))];
  };
  for (const text of Object.values(schemaFiles())) expect(described(JSON.parse(text), "")).toEqual([]);
  for (const kind of [...Object.keys(checkKinds), ...Object.keys(sourceKinds)])
    expect(reference()).toContain(`### \`${kind}\``);
});

/** Rules of form, which a JSON Schema can say; all others it cannot. */
const FORM = ["form", "name", "missing-key", "unknown-key", "one-kind", "no-kind"];

function formIsRight(text: string): boolean {
  const parsed = parsePipeline(text, "p.yml");
  return parsed.ok || !parsed.problems.some(({ rule }) => FORM.includes(rule ?? ""));
}

describe("the JSON Schema for editors", () => {
  it("accepts the example", () => {
    expect(accepts(parse(example))).toBe(true);
    expect(parsePipeline(example, "p.yml").ok).toBe(true);
  });

  test.each([
    ["service: storage-node", "service: storage node"],
    ["service: storage-node", "srvice: storage-node"],
    ["junit:", "jnuit:"],
    ["format: json", "format: xml"],
    ["min-lines: 100", "min-lines: 0"],
    ["min-lines: 100", "min-line: 100"],
    ["max: 80%", "max: {}"],
    ["tolerate: 2 of 5", "tolerate: 2/5"],
    ["days: mon-thu", "days: weekdays"],
    ["from: 2026-12-20", "from: tomorrow"],
    ["bake: { for: 12h,", "bake: { for: long,"],
    ["gate: [smoke, load]", "gate: []"],
    ["gate: [smoke, load]", "gates: [smoke, load]"],
    ["reviewers: true", "reviewers: yes please"],
    ["at-least: 1000 requests", "at-least: 1000"],
    ["artifact: ./ops/deploy.sh, feature", "artefact: ./ops/deploy.sh, feature"],
    ['http: "http://', 'http: "ftp://'],
  ])("refuses, as the parser does, %s written as %s", (right, wrong) => {
    expect(example).toContain(right);
    const changed = example.replace(right, wrong);
    expect(accepts(parse(changed))).toBe(false);
    expect(formIsRight(changed)).toBe(false);
  });

  it("agrees with the parser on the form of any file near the example", () => {
    const data = parse(example) as unknown;
    const paths: (string | number)[][] = [];
    const walk = (value: unknown, path: (string | number)[]) => {
      if (path.length > 0) paths.push(path);
      if (Array.isArray(value)) value.forEach((item, index) => void walk(item, [...path, index]));
      else if (typeof value === "object" && value !== null)
        for (const [key, item] of Object.entries(value)) walk(item, [...path, key]);
    };
    walk(data, []);
    const other = fc.oneof(
      fc.constantFrom<unknown>(
        null,
        true,
        0,
        1,
        200,
        0.5,
        "",
        " ",
        "5m",
        "80%",
        "1 of 3",
        "mon",
        "a/b",
        "http://x",
        "Europe/Berlin",
        [],
        {},
        ["smoke"],
        [1],
        { run: "x" },
        { ring: "a" },
      ),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), other, fc.boolean(), (path, value, drop) => {
        const changed = new Document(data);
        if (drop) changed.deleteIn(path);
        else changed.setIn(path, value);
        expect(accepts(changed.toJS())).toBe(formIsRight(changed.toString()));
      }),
      { numRuns: 400 },
    );
  });
});
