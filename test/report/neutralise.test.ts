import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createLogNeutraliser,
  neutraliseForHtml,
  neutraliseForLog,
  neutraliseForMarkdown,
  oneLine,
} from "../../src/report/neutralise.ts";

/** How the runner finds a command: a trimmed line that starts with `::`, or `##[` anywhere in it. */
function startsCommand(log: string): boolean {
  return log.split(/\r\n|\n|\r/).some((line) => /^[\s\u0085\u180e]*::/.test(line) || line.includes("##["));
}

const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(
      fc.constantFrom(
        ":",
        "::",
        "#",
        "##[",
        "[",
        "\n",
        "\r",
        " ",
        "\t",
        "\u001b[0m",
        "\u200b",
        "\u2028",
        "\u0000",
        "set-output name=a",
        "\ud800",
        "é",
      ),
      { maxLength: 20 },
    )
    .map((parts) => parts.join("")),
);

describe("in a log", () => {
  test.each([
    ["::error::x", ":\u200b:error::x"],
    ["  ::error::x", "  :\u200b:error::x"],
    ["a ::error::", "a ::error::"],
    ["std::vector ok", "std::vector ok"],
    ["fine\n::add-mask::x\r::x", "fine\n:\u200b:add-mask::x\r:\u200b:x"],
    ["x ##[error]y", "x ##\u200b[error]y"],
    ["\u001b[31mred\u001b[0m \u0007bell\u202e", "red bell"],
    ["\u001b[0m::error::x", ":\u200b:error::x"],
  ])("%j becomes %j", (text, safe) => {
    expect(neutraliseForLog(text)).toBe(safe);
  });

  test("no text is a workflow command, and harmless text is unchanged", () => {
    fc.assert(
      fc.property(hostile, (text) => void expect(startsCommand(neutraliseForLog(text))).toBe(false)),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z .,;/=\n-]{0,80}$/),
        (text) => void expect(neutraliseForLog(text)).toBe(text),
      ),
    );
  });

  test("no way to cut a text into chunks makes a command of it", () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 6 }), (chunks) => {
        const neutralise = createLogNeutraliser();
        expect(startsCommand(chunks.map((chunk) => neutralise(chunk)).join(""))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** What a reader of the cell sees, once entities are resolved. */
function shown(cell: string): string {
  return cell
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replaceAll("\u200b", "");
}

const markup = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(
      fc.constantFrom(
        "|",
        "`",
        "<img src=x>",
        "</td>",
        "@octocat",
        "#12",
        "[a](b)",
        "![",
        "https://evil.example",
        "www.evil.example",
        "*",
        "_",
        "~~",
        "\n",
        "\\",
        "$x$",
        "GH-12",
        "deadbeef1",
        "&amp;",
        "a",
        " ",
        "<!--",
      ),
      { maxLength: 15 },
    )
    .map((parts) => parts.join("")),
);

describe("in a cell of Markdown", () => {
  test("no text has markup, HTML, a cell's end, a mention, a reference or a link", () => {
    fc.assert(
      fc.property(markup, (text) => {
        const cell = neutraliseForMarkdown(text, 100);
        expect(cell).not.toMatch(/[<>|`*_~[\](){}\\!$\n\r"']/);
        expect(cell.replace(/&(?:#\d+|amp|lt|gt|quot);/g, "")).not.toContain("&");
        const resolved = cell.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
        expect(resolved).not.toMatch(/@\w|#\d|:\/\/|www\.\w|GH-\d/i);
        expect(resolved).not.toMatch(/(?=\d*[a-f])[0-9a-f]{7}/i);
      }),
      { numRuns: 2_000 },
    );
  });

  test("a text reads as it was, on one line", () => {
    const text = 'errors (one-box-eu-1): 21 of 1,000 lines (2.1%) > 0.5% & "more" | `x` <b>';
    expect(shown(neutraliseForMarkdown(text))).toBe(text);
    fc.assert(fc.property(markup, (any) => void expect(shown(neutraliseForMarkdown(any, 10_000))).toBe(oneLine(any))));
  });

  test("a long text is cut", () => {
    expect(neutraliseForMarkdown("x".repeat(500), 10)).toBe(`${"x".repeat(9)}…`);
  });
});

describe("in HTML", () => {
  test("no text has a tag, an entity of its own, or an end of an attribute", () => {
    fc.assert(
      fc.property(markup, (text) => {
        const html = neutraliseForHtml(text, 10_000);
        expect(html).not.toMatch(/[<>"'\n]/);
        expect(shown(html)).toBe(oneLine(text));
      }),
    );
  });
});
