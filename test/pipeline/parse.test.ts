// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${name} is the notation of the pipeline file
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { Document, parse as parseYaml } from "yaml";
import type { Pipeline } from "../../src/pipeline/model.ts";
import { loadPipeline, parsePipeline } from "../../src/pipeline/parse.ts";
import { ConfigurationError } from "../../src/platform/errors.ts";

const example = readFileSync(new URL("example.yml", import.meta.url), "utf8");

function pipelineOf(text: string): Pipeline {
  return loadPipeline(text, "p.yml").pipeline;
}

describe("a pipeline", () => {
  it("has its defaults filled in", () => {
    const { stages, checks } = pipelineOf(
      "service: s\nchecks: { c: { run: ./t }, h: { http: 'http://x' }, j: { junit: r.xml } }\nstages:\n  - { name: source, gate: [j] }\n  - { name: beta, gate: [c], deploy: ./d, bake: { for: 30m, checks: [h] } }\n  - { name: one-box, gate: [c] }\n",
    );
    expect(checks["c"]).toEqual({
      kind: "run",
      name: "c",
      command: "./t",
      timeout: 600_000,
      noData: "fail",
      dryRun: false,
    });
    expect(checks["h"]).toMatchObject({ status: [200], timeout: 10_000, headers: {} });
    expect(checks["j"]).toMatchObject({ minTests: 1, maxFailures: 0 });
    const [source, beta, oneBox] = stages;
    expect(source && "environment" in source).toBe(false);
    expect(beta).toMatchObject({
      environment: "beta",
      production: false,
      reviewers: false,
      runsOn: ["ubuntu-latest"],
      deploy: { artifact: "./d" },
      deployTimeout: 1_800_000,
      ready: { checks: [] },
      gate: { checks: [checks["c"]], timeout: 600_000, every: 30_000 },
      bake: { checks: [checks["h"]], for: 1_800_000, every: 150_000, extend: 1_800_000 },
    });
    expect(oneBox).toMatchObject({ environment: "one-box", production: true });
  });

  it("carries every supported part of the grammar", () => {
    const { pipeline, warnings } = loadPipeline(example, ".github/pipeline.yml");
    expect(warnings).toEqual([]);
    expect(pipeline).toMatchObject({ service: "storage-node", values: { peak_rps: 900 }, fleet: ".github/fleet.yml" });
    expect(pipeline.checks["load"]).toMatchObject({
      limits: { min: { expression: "${peak_rps} * ${hosts} / ${prod_hosts}" } },
    });
    expect(pipeline.checks["cpu"]).toMatchObject({
      source: {
        kind: "scrape",
        url: "http://${address}:9100/metrics",
        headers: { Authorization: "Bearer ${env:METRICS_TOKEN}" },
      },
      limits: { max: { value: 0.8, unit: "%" } },
      tolerate: { failures: 2, of: 5 },
    });
    expect(pipeline.checks["errors"]).toMatchObject({
      maxRate: { value: 0.005 },
      minLines: 100,
      source: { format: "json" },
    });
    expect(pipeline.stages[4]).toMatchObject({
      window: { name: "off-peak", days: [1, 2, 3, 4], from: 60, to: 300, zone: "America/Los_Angeles" },
      targets: { ring: "one-box" },
      bake: { atLeast: { count: 1_000, unit: "requests" }, every: 300_000 },
    });
    expect(pipeline.stages[5]).toMatchObject({
      deploy: { database: "./ops/migrate.sh", artifact: "./ops/deploy.sh", feature: "./ops/flags.sh on" },
      rollback: { artifact: "./ops/deploy.sh", feature: "./ops/flags.sh off" },
      gate: { timeout: 1_200_000, every: 60_000 },
    });
    expect(pipeline.freezes).toEqual([
      { from: "2026-12-20", to: "2027-01-04", zone: "UTC", reason: "holidays", hotfixes: false },
    ]);
  });

  it("finds no check that the file does not say", () => {
    expect(pipelineOf(example).checks["constructor"]).toBeUndefined();
  });

  test.each([
    ["mon-thu", [1, 2, 3, 4]],
    ["sat-mon", [0, 1, 6]],
    ["[fri, mon-tue]", [1, 2, 5]],
    ["mon-mon", [1]],
  ])("the days %s", (days, expected) => {
    const text = `service: s\nchecks: { c: { run: x } }\nwindows: { w: { days: ${days} } }\nstages: [{ name: beta, gate: [c], window: w }]\n`;
    expect(pipelineOf(text).stages[0]?.window).toMatchObject({ days: expected, from: 0, to: 1_440, zone: "UTC" });
  });

  it("warns of what nothing uses", () => {
    const { warnings } = loadPipeline(
      "service: s\nsources: { l: { files: x } }\nchecks: { c: { run: x }, d: { run: y } }\nwindows: { w: { days: mon } }\nstages: [{ name: beta, gate: [c] }]\n",
      "p.yml",
    );
    expect(warnings.map(({ rule, line }) => `${line} ${rule}`)).toEqual([
      "2 unused-source",
      "3 unused-check",
      "4 unused-window",
    ]);
  });

  it("that has mistakes is thrown with all of them, a line each", () => {
    expect(() => loadPipeline("service: 3\nstages: 4\n", "p.yml")).toThrow(ConfigurationError);
    expect(() => loadPipeline("service: 3\nstages: 4\n", "p.yml")).toThrow(/^p\.yml:1:10: .+\np\.yml:2:9: /);
  });
});

/** Values as a file may hold them, in the words of the grammar, so that the parser gets past the first key. */
const word = fc.constantFrom(
  ..."service values sources checks windows freezes fleet stages name gate bake ready for every checks timeout run http junit json logs metric status files scrape headers min max value errors max-rate deploy rollback targets ring names days hours zone from to reason environment source beta 5m 80% ${version} ${nope} ./x http://x true 3 mon-thu".split(
    " ",
  ),
);
const tree = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, depthSize: "medium" },
    word,
    fc.constantFrom(null, true, -1, 0.5, 1e300),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(word, tie("value"), { maxKeys: 5 }),
  ),
})).value;

/** The same data with the keys of every mapping in the order that the numbers give. */
function reorder(value: unknown, order: readonly number[]): unknown {
  if (Array.isArray(value)) return value.map((item) => reorder(item, order));
  if (typeof value !== "object" || value === null) return value;
  const keyed = Object.entries(value).map(([key, item], index) => ({
    key,
    item: reorder(item, order),
    rank: order[index % order.length] ?? 0,
  }));
  return Object.fromEntries(keyed.sort((a, b) => a.rank - b.rank).map(({ key, item }) => [key, item]));
}

describe("the parser", () => {
  const check = (text: string) => {
    const parsed = parsePipeline(text, "p.yml");
    if (parsed.ok) return;
    expect(parsed.problems.length).toBeGreaterThan(0);
    const lines = text.split("\n");
    for (const { line, column, message } of parsed.problems) {
      expect(line).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(lines.length);
      expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
      expect(message).not.toMatch(/\n|undefined|\[object|Invalid input/);
    }
  };

  it("never throws on any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), check), { numRuns: 300 });
  });

  it("never throws on any text made of YAML's signs", () => {
    const signs = fc.constantFrom(
      ..."{}[]:,-?&*!|>'\"%@`#~<.\n\n  \t",
      "a",
      "<<",
      "&a ",
      "*a",
      "- ",
      ": ",
      "---\n",
      "service: ",
      "stages: ",
    );
    fc.assert(
      fc.property(
        fc.array(signs, { maxLength: 60 }).map((parts) => parts.join("")),
        check,
      ),
      { numRuns: 500 },
    );
  });

  it("never throws on any tree made of its own words, and gives every mistake a place", () => {
    fc.assert(
      fc.property(fc.dictionary(word, tree, { maxKeys: 8 }), (value) => check(new Document(value).toString())),
      { numRuns: 300 },
    );
  });

  it("never throws on the example with anything in the place of one of its values", () => {
    const lines = example.split("\n");
    fc.assert(
      fc.property(
        fc.nat(lines.length - 1),
        fc.nat(100),
        fc.oneof(word, fc.string({ maxLength: 5 })),
        (line, column, text) => {
          const changed = lines.map((one, index) =>
            index === line ? one.slice(0, column) + text + one.slice(column + text.length) : one,
          );
          check(changed.join("\n"));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("does not depend on the order of keys", () => {
    const expected = pipelineOf(example);
    const data: unknown = parseYaml(example);
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 5, maxLength: 20 }), (order) => {
        const { pipeline } = loadPipeline(new Document(reorder(data, order)).toString(), "p.yml");
        expect(JSON.stringify(pipeline)).toBe(JSON.stringify(expected));
      }),
      { numRuns: 40 },
    );
  });
});
