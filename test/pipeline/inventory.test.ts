import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import {
  hostCounts,
  loadInventory,
  parseInventory,
  selectionMistake,
  selectTargets,
} from "../../src/fleet/inventory.ts";
import { loadPipeline } from "../../src/pipeline/parse.ts";
import { formatProblem } from "../../src/pipeline/problem.ts";

const fleet = loadInventory(
  `targets:
  - { name: eu-1, ring: one-box, region: eu, zone: Europe/Berlin, address: "10.0.0.1:9000", labels: [eu-1, arm] }
  - { name: eu-2, ring: prod, region: eu }
  - { name: us-1, ring: prod, region: us }
`,
  "f.yml",
);

describe("a fleet's inventory", () => {
  it("has its defaults filled in", () => {
    expect(fleet[0]).toEqual({
      name: "eu-1",
      ring: "one-box",
      region: "eu",
      zone: "Europe/Berlin",
      address: "10.0.0.1:9000",
      labels: ["eu-1", "arm"],
    });
    expect(fleet[1]).toEqual({
      name: "eu-2",
      ring: "prod",
      region: "eu",
      address: "eu-2",
      labels: ["self-hosted", "eu-2"],
    });
  });

  test.each([
    ["targets: []", "f.yml:1:10: targets must be a list of at least one target"],
    ["targts: [{ name: a }]", 'f.yml:1:1: unknown key "targts" in the file: did you mean "targets"?'],
    ["targets: [{ name: a, rnig: x }]", 'f.yml:1:22: unknown key "rnig" in target "a": did you mean "ring"?'],
    ["targets: [{ ring: x }]", 'f.yml:1:11: target 1 lacks the key "name"'],
    ["targets: [{ name: a }, { name: A }]", 'f.yml:1:32: a second target "A"'],
    ["targets: [{ name: a, zone: Mars/Olympus }]", 'f.yml:1:28: "Mars/Olympus" is not an IANA time zone'],
    ["targets: [{ name: a, address: evil.example/x }]", 'f.yml:1:31: target "a": address must be a host, or host:port'],
    ["targets: [{ name: a, address: user@host }]", "must be a host, or host:port"],
    ["targets: [{ name: 'a b' }]", "f.yml:1:19: "],
    ["targets: [{ name: a, labels: [] }]", "must be a list of runner labels"],
    ["a text", "f.yml:1:1: the file must be a mapping with targets"],
  ])("%s is refused", (text, message) => {
    const parsed = parseInventory(text, "f.yml");
    expect(parsed.ok ? "" : parsed.problems.map(formatProblem).join("\n")).toContain(message);
  });

  it("reports all its mistakes in one go", () => {
    const parsed = parseInventory("targets:\n  - { name: a, zone: X/Y }\n  - { name: a, foo: 1 }\n", "f.yml");
    expect(parsed.ok ? [] : parsed.problems.map(({ line, column }) => `${line}:${column}`)).toEqual([
      "2:22",
      "3:13",
      "3:16",
    ]);
  });

  it.each(["{ length: {} }", "{ length: [{}] }", "{ length: { toString: 1, valueOf: 2 } }"])(
    "takes a mapping with the properties of a list for what it is: %s",
    (targets) => {
      const parsed = parseInventory(`targets: ${targets}`, "f.yml");
      expect(parsed.ok ? "" : parsed.problems[0]?.message).toContain("not a mapping");
    },
  );

  it("never throws", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void parseInventory(text, "f.yml")));
    fc.assert(fc.property(fc.json(), (text) => void parseInventory(`{ "targets": ${text} }`, "f.yml")));
  });
});

describe("a selection", () => {
  test.each([
    [{ ring: "prod" }, ["eu-2", "us-1"]],
    [{ ring: "prod", region: "eu" }, ["eu-2"]],
    [{ names: ["us-1", "eu-1"] }, ["eu-1", "us-1"]],
    [{ ring: "one-box", region: "us" }, []],
  ])("%j", (selector, names) => expect(selectTargets(fleet, selector).map(({ name }) => name)).toEqual(names));

  test.each([
    [{ ring: "prod" }, undefined],
    [{ ring: "prdo" }, 'the fleet has no ring "prdo": did you mean "prod"?'],
    [{ region: "asia" }, 'the fleet has no region "asia": its regions are eu, us'],
    [{ names: ["eu-1", "eu-9"] }, 'the fleet has no target "eu-9": did you mean "eu-1"?'],
    [{ ring: "one-box", region: "us" }, "no target of the fleet fits all of its keys"],
  ])("%j: its mistake", (selector, message) => expect(selectionMistake(fleet, selector)).toBe(message));

  it("gives the numbers of hosts for texts, 1 for a stage without targets", () => {
    const { pipeline } = loadPipeline(
      "service: s\nfleet: f.yml\nchecks: { c: { run: x } }\nstages:\n  - { name: beta, gate: [c] }\n  - { name: one-box, gate: [c], targets: { ring: one-box } }\n  - { name: prod, gate: [c], targets: { ring: prod } }\n",
      "p.yml",
    );
    expect(pipeline.stages.map((stage) => hostCounts(pipeline, stage, fleet))).toEqual([
      { hosts: 1, prod_hosts: 2 },
      { hosts: 1, prod_hosts: 2 },
      { hosts: 2, prod_hosts: 2 },
    ]);
  });
});
