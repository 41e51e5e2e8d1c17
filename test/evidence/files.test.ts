import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { splitPath } from "../../src/evidence/json.ts";
import { parseJunit } from "../../src/evidence/junit-xml.ts";
import { jsonCheck, junitCheck } from "../verdict/checks.ts";
import { lookAt } from "./world.ts";

async function workspace(files: Readonly<Record<string, string | Uint8Array>>) {
  const path = await mkdtemp(join(tmpdir(), "evidence-"));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

async function readJson(content: string, value: string) {
  await using place = await workspace({ "coverage.json": content });
  const [seen] = await lookAt(jsonCheck({ value }), { workspace: place.path });
  return seen;
}

describe("a value of a JSON file", () => {
  test.each([
    ['{"total":{"lines":{"pct":91.5}}}', "total.lines.pct", 91.5],
    ['\uFEFF{"a.b":{"c":[0,-2e3]}}', '"a.b".c.1', -2_000],
    ["7", "", 7],
  ])("%s at %s", async (content, path, value) => {
    expect(await readJson(content, path)).toMatchObject({ values: { value }, points: 1 });
  });

  test.each([
    [
      '{"total":{"lines":{"pc":1}}}',
      "total.lines.pct",
      'coverage.json has no total.lines.pct: no "pct" in total.lines; nearest: pc',
    ],
    ['{"totals":1}', "total.lines", 'coverage.json has no total.lines: no "total" in the top; nearest: totals'],
    ['{"a":null}', "a.b", "coverage.json has no a.b: a is null"],
    ["{}", "__proto__.x", 'coverage.json has no __proto__.x: no "__proto__" in the top; it has nothing'],
  ])("%s has no %s: no data, with the nearest name", async (content, path, absent) => {
    expect(await readJson(content, path)).toMatchObject({ values: {}, points: 0, absent });
  });

  test.each([
    ['{"a":"91"}', "a", 'a in coverage.json is the text "91", not a number'],
    ['{"a":[1]}', "a", "a in coverage.json is a list, not a number"],
    ['{"a":true}', "a", "a in coverage.json is true, not a number"],
  ])("%s is unreadable at %s", async (content, path, unreadable) => {
    expect(await readJson(content, path)).toMatchObject({ values: {}, points: 0, unreadable });
  });

  test("a truncated file is unreadable, a missing one no data", async () => {
    expect((await readJson('{"a":', "a"))?.unreadable).toMatch(/^coverage.json is not JSON: /);
    await using place = await workspace({});
    const [seen] = await lookAt(jsonCheck(), { workspace: place.path });
    expect(seen).toMatchObject({ points: 0, absent: "there is no file coverage.json" });
  });

  test("a directory or broken UTF-8 is unreadable", async () => {
    await using place = await workspace({ "coverage.json/x": "1", "b.json": Uint8Array.of(0x22, 0xff, 0x22) });
    expect((await lookAt(jsonCheck(), { workspace: place.path }))[0]?.unreadable).toMatch(/^coverage.json: /);
    expect((await lookAt(jsonCheck({ file: "b.json" }), { workspace: place.path }))[0]?.unreadable).toMatch(
      /^b.json: /,
    );
  });

  test("a file that another job left behind is no data", async () => {
    await using place = await workspace({ "coverage.json": '{"total":{"lines":{"pct":99}}}' });
    const begun = 1_700_000_000_000;
    await utimes(join(place.path, "coverage.json"), (begun - 3 * 3_600_000) / 1_000, (begun - 3 * 3_600_000) / 1_000);
    const [seen] = await lookAt(jsonCheck(), { workspace: place.path, startedAt: begun });
    expect(seen).toMatchObject({
      points: 0,
      absent: "coverage.json was written 3h before this job began: delete old reports before the tests run",
    });
  });

  test("a path splits at dots outside quotes", () => {
    expect(splitPath('a."b.c".0')).toEqual(["a", "b.c", "0"]);
  });
});

describe("a JUnit report", () => {
  test("counts cases, each once and as the worst that befell it", () => {
    const xml = `<?xml version="1.0" encoding="UTF-8"?>
      <testsuites tests="99"><testsuite name="a" tests="5" failures="1" errors="1" skipped="1">
        <testcase name="1"/><testcase name="2"><failure message="&lt;x&gt; &#10;">no</failure><error/></testcase>
        <testcase name="3"><skipped/></testcase><testcase name="4"><failure/></testcase>
        <testsuite name="b"><testcase name="5"><system-out><![CDATA[<failure/>]]></system-out></testcase></testsuite>
      </testsuite></testsuites>`;
    expect(parseJunit(xml)).toEqual({ tests: 5, failures: 1, errors: 1, skipped: 1 });
  });

  test("takes a suite at its word for errors that no case shows, and for a suite without cases", () => {
    expect(parseJunit('<testsuite tests="1" errors="1"><testcase name="a"/></testsuite>')).toMatchObject({
      tests: 1,
      errors: 1,
    });
    expect(parseJunit('<testsuite tests="7" failures="2" skipped="1"/>')).toEqual({
      tests: 7,
      failures: 2,
      errors: 0,
      skipped: 1,
    });
  });

  test.each([
    ["a truncated one", '<testsuite><testcase name="a"/>', /unclosed|ends early/i],
    ["an empty one", "", /ends early|must contain|root|no JUnit/i],
    ["text", "nothing here", /non-whitespace|text/i],
    ["another document", "<html/>", /its root is <html>/],
    ["a broken tag", "<testsuite><testcase></testsuite>", /unexpected close tag|unmatched/i],
    ["a document type", '<!DOCTYPE t [<!ENTITY a "b">]><testsuite/>', /document type/],
    ["an entity", "<testsuite>&boom;</testsuite>", /entity/i],
    ["a count that is none", '<testsuite tests="many"/>', /tests is not a count/],
    ["one nested without end", "<testsuite>".repeat(100), /nested deeper/],
    ["two roots", "<testsuite/><testsuite/>", /root|after|outside/i],
  ])("refuses %s", (_, xml, message) => {
    expect(() => parseJunit(xml)).toThrow(message);
  });

  test("adds up the files of the glob, and one broken file makes the check unreadable", async () => {
    const one = '<testsuite><testcase name="a"/></testsuite>';
    await using place = await workspace({ "reports/a.xml": one, "reports/deep/b.xml": one, "other.xml": "<broken" });
    const [seen] = await lookAt(junitCheck(), { workspace: place.path });
    expect(seen).toMatchObject({ values: { tests: 2, failures: 0, errors: 0, skipped: 0 }, points: 2 });
    await writeFile(join(place.path, "reports/c.xml"), "<testsuite>");
    expect((await lookAt(junitCheck(), { workspace: place.path }))[0]?.unreadable).toMatch(/^reports\/c.xml: /);
  });

  test("without files is no data, and leftovers of another job do not count", async () => {
    await using place = await workspace({ "reports/a.xml": '<testsuite><testcase name="a"/></testsuite>' });
    expect((await lookAt(junitCheck({ files: "none/*.xml" }), { workspace: place.path }))[0]).toMatchObject({
      points: 0,
      absent: "no file matches none/*.xml",
    });
    const later = Date.now() + 3_600_000;
    expect((await lookAt(junitCheck(), { workspace: place.path, startedAt: later }))[0]).toMatchObject({
      points: 0,
      absent: expect.stringContaining("before this job began"),
    });
  });
});
