import fc from "fast-check";
import { expect, test } from "vitest";
import { globMatches, patternMatches } from "../../rehearsal/runner/patterns.ts";
import { matchesPatterns, pushMatches, typedInput } from "../../rehearsal/runner/triggers.ts";

test.each([
  ["main", "main", true],
  ["main", "mains", false],
  ["releases/**", "releases/10", true],
  ["releases/**", "releases/beta/mona", true],
  ["feature/*", "feature/a", true],
  ["feature/*", "feature/a/b", false],
  ["*", "a/b", false],
  ["**", "a/b", true],
  ["v[12].[0-9]+.[0-9]+", "v1.10.1", true],
  ["v[12].[0-9]+.[0-9]+", "v3.0.1", false],
  ["v2*", "v2.9", true],
  ["*.jsx?", "page.js", true],
  ["*.jsx?", "page.jsx", true],
  ["a\\*b", "a*b", true],
  ["a\\*b", "axb", false],
  ["v*.*.*", "v1.4.0", true],
])("the filter pattern %s takes %s: %s", (pattern, name, expected) => {
  expect(patternMatches(pattern, name)).toBe(expected);
});

test("a pattern that would make a backtracking matcher hang is decided at once", () => {
  const started = performance.now();
  expect(patternMatches(`${"*a".repeat(60)}b`, "a".repeat(2000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(2000);
});

test("a name matches itself as a pattern when its special characters are escaped", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (name) => {
      const pattern = name.replace(/[*?+[\]!\\]/g, (character) => `\\${character}`);
      expect(patternMatches(pattern, name)).toBe(true);
    }),
  );
});

test("the last pattern that matches decides, and ! takes away", () => {
  expect(matchesPatterns(["releases/**", "!releases/**-alpha"], "releases/1")).toBe(true);
  expect(matchesPatterns(["releases/**", "!releases/**-alpha"], "releases/1-alpha")).toBe(false);
  expect(matchesPatterns(["!a", "a"], "a")).toBe(true);
});

test.each([
  { filter: {}, ref: "refs/heads/x", expected: true },
  { filter: {}, ref: "refs/tags/v1", expected: true },
  { filter: { tags: ["v*"] }, ref: "refs/tags/v1", expected: true },
  { filter: { tags: ["v*"] }, ref: "refs/tags/x1", expected: false },
  { filter: { tags: ["v*"] }, ref: "refs/heads/v1", expected: false },
  { filter: { branches: ["main"] }, ref: "refs/tags/main", expected: false },
  { filter: { branchesIgnore: ["wip/**"] }, ref: "refs/heads/main", expected: true },
  { filter: { branchesIgnore: ["wip/**"] }, ref: "refs/heads/wip/a", expected: false },
  { filter: { branches: ["main"], tags: ["v*"] }, ref: "refs/tags/v2", expected: true },
])("a push of $ref with $filter starts the workflow: $expected", ({ filter, ref, expected }) => {
  expect(pushMatches(filter, ref)).toBe(expected);
});

const definition = { name: "x", required: false, options: ["a", "b"] };
test.each([
  { type: "boolean", text: "true", expected: true },
  { type: "boolean", text: undefined, expected: false },
  { type: "number", text: "4.5", expected: 4.5 },
  { type: "choice", text: "b", expected: "b" },
  { type: "choice", text: undefined, expected: "a" },
  { type: "string", text: undefined, expected: "" },
  { type: "environment", text: "prod", expected: "prod" },
] as const)("an input of type $type with $text is $expected", ({ type, text, expected }) => {
  expect(typedInput({ ...definition, type }, text)).toBe(expected);
});

test.each([
  { type: "boolean", text: "yes" },
  { type: "number", text: "four" },
  { type: "choice", text: "c" },
] as const)("an input of type $type refuses $text", ({ type, text }) => {
  expect(typedInput({ ...definition, type }, text)).toBeInstanceOf(Error);
});

test.each([
  ["**/package-lock.json", "package-lock.json", true],
  ["**/package-lock.json", "a/.b/package-lock.json", true],
  ["src/**/*.ts", "src/a.ts", true],
  ["src/**/*.ts", "src/a/b.ts", true],
  ["src/*.ts", "src/a/b.ts", false],
  ["a?.txt", "ab.txt", true],
  ["a?.txt", "a.txt", false],
  ["**", "x/y", true],
])("the path pattern %s takes %s: %s", (pattern, name, expected) => {
  expect(globMatches(pattern, name)).toBe(expected);
});
