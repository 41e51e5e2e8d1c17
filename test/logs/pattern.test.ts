import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePattern } from "../../src/logs/pattern.ts";
import { ConfigurationError } from "../../src/platform/errors.ts";

const test = (source: string, text: string): boolean => {
  const bytes = Buffer.from(`##${text}##`);
  return compilePattern(source, "match").test(bytes, 2, bytes.length - 2);
};

describe("the user's regular expressions", () => {
  it.each([
    ["timeout", "a timeout b", true],
    ["time ?out|reset", "connection reset", true],
    ["^a", "ba", false],
    ["^a", "b\na", true],
    ["a$", "ab", false],
    ["a$", "ba\nb", true],
    ["\\bfoo\\b", "a foo.", true],
    ["\\bfoo\\b", "afoo", false],
    ["\\Boo\\b", "foo", true],
    ["a{2,3}b", "xaab", true],
    ["^a{2,3}b", "aaaab", false],
    ["a{2}", "a", false],
    ["a{2,}$", "aaaa", true],
    ["[a-c]+[^d]x", "abex", true],
    ["[^\\d]5", "55", false],
    ["[]x]y", "]y", true],
    ["[\\w-]+@", "a-b@", true],
    ["\\d{3}-\\S+", "404-x", true],
    ["(?i)error", "ERROR", true],
    ["(?i)[a-c]x", "BX", true],
    ["(?:ab|c)+d", "abcabd", true],
    ["(?<name>a)b", "ab", true],
    ["über", "das über", true],
    ["^.$", "ü", true],
    ["[äö]x", "öx", true],
    ["[a-ü]x", "üx", true],
    ["\\u00fcx|\\x41", "A", true],
    ["a.b", "a\nb", false],
    ["a[^x]b", "a€b", true],
    ["\\[\\d+\\]", "[12]", true],
    ["a{x}", "a{x}", true],
    ["a*?b", "b", true],
    ["", "x", "refused"],
    ["a*", "x", "refused"],
    ["(a", "", "refused"],
    ["a)", "", "refused"],
    ["*a", "", "refused"],
    ["[a", "", "refused"],
    ["a{3,2}", "", "refused"],
    ["(a)\\1", "", "refused"],
    ["a(?=b)", "", "refused"],
    ["(?<!a)b", "", "refused"],
    ["\\pL", "", "refused"],
    ["a\\", "", "refused"],
    ["(((a{100}){100}){100})", "", "refused"],
    [`${"(".repeat(5_000)}a${")".repeat(5_000)}`, "", "refused"],
  ] as const)("%s on %j: %s", (source, text, expected) => {
    if (expected === "refused") expect(() => compilePattern(source, "match")).toThrow(ConfigurationError);
    else expect(test(source, text)).toBe(expected);
  });

  it("are refused with their name, text and place", () => {
    expect(() => compilePattern("ab(c", "ignore")).toThrow(`ignore: cannot use "ab(c" (column 3): "(" without ")"`);
    expect(() => compilePattern("(a)\\1", "match")).toThrow("back references are not supported");
  });

  it.each(["(a+)+$", "(a|aa)+$", "(.*)*x", "(a*)*b", "([a-z]+)*!", ".*.*.*.*=x"])(
    "%s cannot be made to run for ever",
    (source) => {
      let pattern: ReturnType<typeof compilePattern>;
      try {
        pattern = compilePattern(source, "match");
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigurationError);
        return;
      }
      const bytes = Buffer.from(`${"a".repeat(60_000)}\u0001`);
      const started = performance.now();
      pattern.test(bytes, 0, bytes.length);
      expect(performance.now() - started).toBeLessThan(1_000);
    },
  );

  it("say what JavaScript's own say", () => {
    const atom = fc.constantFrom("a", "b", "c", ".", "[ab]", "[^a]", "\\w", "\\d", "(?:a|bc)", "(?:b|)", "\\b", "x");
    const part = fc
      .tuple(atom, fc.constantFrom("", "", "*", "+", "?", "{2}", "{1,3}"))
      .map(([one, many]) => (one === "\\b" ? one : one + many));
    const source = fc
      .tuple(
        fc.constantFrom("", "^"),
        fc.array(part, { minLength: 1, maxLength: 6 }),
        fc.constantFrom("", "$"),
        fc.constantFrom("", "|cc"),
      )
      .map(([start, parts, end, or]) => start + parts.join("") + end + or);
    const text = fc
      .array(fc.constantFrom("a", "b", "c", "1", " ", "\n", "xx"), { maxLength: 12 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(source, text, (pattern, sample) => {
        const own = new RegExp(pattern, "m");
        fc.pre(!own.test(""));
        expect(test(pattern, sample)).toBe(own.test(sample));
      }),
      { numRuns: 3_000 },
    );
  });
});
