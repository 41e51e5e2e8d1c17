import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ExpositionError, parseExposition, parseValue, type Series } from "../../src/evidence/exposition.ts";

const read = (text: string, openMetrics = false) => {
  const { series, types } = parseExposition(text, openMetrics);
  return {
    types: Object.fromEntries(types),
    series: [...series].flatMap(([name, list]) =>
      list.map(({ labels, value }) => [name, Object.fromEntries(labels), value]),
    ),
  };
};

describe("the Prometheus text format", () => {
  test("types, labels, escapes, numbers and timestamps are read", () => {
    const text = [
      "# HELP http_requests_total The total.",
      "# TYPE http_requests_total counter",
      'http_requests_total{method="post",code="200"} 1027 1395066363000',
      'http_requests_total{method="post",code="400",}    3 -1',
      "",
      "# just a comment",
      'msdos{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot\\n\\"FILE\\"", x = "a,b}c" } 1.458255915e9',
      "metric_without_labels 12.47",
      "\tblanks \t 1e-3 ",
      'odd{problem="division by zero"} +Inf',
      "less -Inf",
      "not NaN",
      "dot .5",
      "dot2 5.",
      'utf8{l="日本 \u{1f600}"} 0x'.replace("0x", "0"),
      '{"dotted.name", label="v"} 7',
      "last_line_without_end 1",
    ].join("\n");
    expect(read(text)).toEqual({
      types: { http_requests_total: "counter" },
      series: [
        ["http_requests_total", { method: "post", code: "200" }, 1027],
        ["http_requests_total", { method: "post", code: "400" }, 3],
        ["msdos", { path: "C:\\DIR\\FILE.TXT", error: 'Cannot\n"FILE"', x: "a,b}c" }, 1.458255915e9],
        ["metric_without_labels", {}, 12.47],
        ["blanks", {}, 0.001],
        ["odd", { problem: "division by zero" }, Number.POSITIVE_INFINITY],
        ["less", {}, Number.NEGATIVE_INFINITY],
        ["not", {}, Number.NaN],
        ["dot", {}, 0.5],
        ["dot2", {}, 5],
        ["utf8", { l: "日本 \u{1f600}" }, 0],
        ["dotted.name", { label: "v" }, 7],
        ["last_line_without_end", {}, 1],
      ],
    });
  });

  test("a line break of Windows is no part of a value", () => {
    expect(read("a 1\r\nb 2\r\n").series).toEqual([
      ["a", {}, 1],
      ["b", {}, 2],
    ]);
  });

  test.each([
    ["no value", "a\n", "line 1: the value is not a number"],
    ["a hexadecimal value", "a 1\nb 0x10\n", "line 2: the value is not a number"],
    ["an underscore", "a 1_000", "line 1: the value is not a number"],
    ["a page of HTML", "<!doctype html>", 'line 1: "<!doctype html>" is not a name'],
    ["an open label", 'a{b="c} 1', 'line 1: " is not closed'],
    ["an open brace", 'a{b="c"', 'line 1: expected "," or "}" after a label'],
    ["no comma", 'a{b="c" d="e"} 1', 'line 1: expected "," or "}" after a label'],
    ["a label twice", 'a{b="c",b="d"} 1', "line 1: the label b occurs twice"],
    ["a label without value", "a{b} 1", 'line 1: expected "=" after the label b'],
    ["a series twice", 'a{x="1",y="2"} 1\na{y="2",x="1"} 2', 'line 2: the same series twice: a{x="1",y="2"}'],
    ["a broken timestamp", "a 1 soon", 'line 1: "soon" is not a timestamp'],
    ["something behind the timestamp", "a 1 2 3", 'line 1: unexpected "3"'],
    ["an unknown type", "# TYPE a thing", 'line 1: unknown type "thing"'],
    ["a series without name", '{b="c"} 1', "line 1: a series without a name"],
    ["an endless line", `a ${"1".repeat(70_000)}`, "line 1: longer than 65536 characters"],
  ])("%s refuses the whole answer", (_, text, message) => {
    expect(() => parseExposition(text, false)).toThrow(new ExpositionError(message));
  });

  test("more series than the limit are refused and not kept", () => {
    const text = Array.from({ length: 200_001 }, (_, index) => `a${index} 1`).join("\n");
    expect(() => parseExposition(text, false)).toThrow("line 200001: more than 200000 series");
  });
});

describe("OpenMetrics", () => {
  test("exemplars and seconds are read, and the end mark is required", () => {
    const text =
      '# TYPE foo histogram\nfoo_bucket{le="+Inf"} 2 1520879607.789 # {trace_id="x"} 0.7 1.5e9\nfoo_count 2\n# EOF\n';
    expect(read(text, true).series).toEqual([
      ["foo_bucket", { le: "+Inf" }, 2],
      ["foo_count", {}, 2],
    ]);
    expect(() => parseExposition("foo 1\n", true)).toThrow("ends without # EOF");
    expect(() => parseExposition("# EOF\nfoo 1\n", true)).toThrow("line 2: there is more after # EOF");
    expect(() => parseExposition('foo 1 # {a="b"} 1\n', false)).toThrow("unexpected");
  });
});

const name = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,10}$/);
const labelName = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,6}$/);
const escapeLabel = (text: string) => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
const goFloat = (value: number) =>
  Number.isFinite(value) ? String(value) : Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";

describe("whatever the text", () => {
  test("what was written comes back: names, labels of any text, every number", () => {
    const one = fc.tuple(
      name,
      fc.dictionary(
        labelName,
        fc.string({ unit: "binary" }).filter((text) => !/\r$/.test(text)),
        { maxKeys: 4 },
      ),
      fc.double(),
    );
    fc.assert(
      fc.property(fc.uniqueArray(one, { selector: ([key]) => key, maxLength: 10 }), (list) => {
        const text = list
          .map(([key, labels, value]) => {
            const inside = Object.entries(labels).map(([label, of]) => `${label}="${escapeLabel(of)}"`);
            return `${key}{${inside.join(",")}} ${goFloat(value)}\n`;
          })
          .join("");
        const { series } = parseExposition(text, false);
        for (const [key, labels, value] of list) {
          const [found] = series.get(key) as readonly Series[];
          expect(Object.fromEntries(found?.labels ?? [])).toEqual({ ...labels });
          expect(found?.value === value || Object.is(found?.value, value)).toBe(true);
        }
        expect(series.size).toBe(list.length);
      }),
    );
  });

  test("any text is an exposition or an error that names a line", () => {
    const noise = fc.stringMatching(/^[a-c{}"=,\\ #\n\t0-9.eE+TYPE-]{0,60}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), noise), fc.boolean(), (text, openMetrics) => {
        try {
          parseExposition(text, openMetrics);
        } catch (error) {
          expect(error).toBeInstanceOf(ExpositionError);
          expect((error as Error).message).toMatch(/^line \d+: |ends without # EOF/);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("a number reads as Go reads it", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        expect(parseValue(goFloat(value)) === value).toBe(true);
      }),
    );
  });
});
