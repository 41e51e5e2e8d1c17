import { describe, expect, test } from "vitest";
import { parseExposition } from "../../src/evidence/exposition.ts";
import { parseSelector, select } from "../../src/evidence/selector.ts";
import { ConfigurationError } from "../../src/platform/errors.ts";

const series = parseExposition(
  ['r{code="200",m="get"} 1', 'r{code="500",m="get"} 2', 'r{code="503",m="post"} 4', "r 8", 'r{code="5030"} 16'].join(
    "\n",
  ),
  false,
).series.get("r");
const sum = (text: string) =>
  select(series ?? [], parseSelector(text).matchers).reduce((total, { value }) => total + value, 0);

describe("a selector", () => {
  test.each([
    ["r", 31],
    ["r{}", 31],
    ['r{code="500"}', 2],
    ["r{code='500'}", 2],
    ['r{code!="500"}', 29],
    ['r{code=~"5.."}', 6],
    ['r{code!~"5..", m="get"}', 1],
    ['r{code=""}', 8],
    ['r{m!=""}', 7],
    [' r { code =~ "2..|503" , } ', 5],
    ['r{code=~"50"}', 0],
  ])("%s selects as PromQL does", (text, expected) => {
    expect(sum(text)).toBe(expected);
  });

  test.each([
    ["rate(r[5m])", "functions and ranges need a metrics server"],
    ['r{code="500"', 'expected "," or "}"'],
    ["r{code}", "expected =, !=, =~ or !~ after a label"],
    ['r{code=~"("}', "Invalid regular expression"],
    ["", "is not a name"],
    [`r{code=~"${"a".repeat(1_001)}"}`, "a regular expression of more than 1,000 characters"],
  ])("%s is refused, with what to write instead", (text, message) => {
    expect(() => parseSelector(text)).toThrow(ConfigurationError);
    expect(() => parseSelector(text)).toThrow(message);
    expect(() => parseSelector(text)).toThrow("write name or name{");
  });

  test("a regular expression that backtracks for ever is stopped and named", () => {
    const hostile = parseExposition(`r{code="${"a".repeat(60)}!"} 1`, false).series.get("r") ?? [];
    const { matchers } = parseSelector('r{code=~"(a+)+"}');
    const started = performance.now();
    expect(() => select(hostile, matchers)).toThrow('the regular expression "(a+)+" takes too long');
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
