import fc from "fast-check";
import { expect, test } from "vitest";
import { Masker, parseCommand } from "../../rehearsal/runner/commands.ts";
import { parseKeyValueFile, parsePathFile } from "../../rehearsal/runner/files.ts";
import { beyond } from "../../rehearsal/runner/permissions.ts";

test.each([
  ["::error::broken", { name: "error", properties: {}, message: "broken" }],
  ["  ::warning file=a.ts,line=3::look", { name: "warning", properties: { file: "a.ts", line: "3" }, message: "look" }],
  ["::notice title=a%2Cb%3A%25::x%0Ay%25", { name: "notice", properties: { title: "a,b:%" }, message: "x\ny%" }],
  ["::add-mask::se:: cret", { name: "add-mask", properties: {}, message: "se:: cret" }],
  ["::endgroup::", { name: "endgroup", properties: {}, message: "" }],
  ["text ::error::no command", undefined],
  ["::error no end", undefined],
  ["::::", undefined],
])("the line %j is read as a workflow command, or not", (line, expected) => {
  expect(parseCommand(line)).toEqual(expected);
});

test.each([
  [
    "a=1\nb=2\n",
    [
      ["a", "1"],
      ["b", "2"],
    ],
  ],
  ["a=x=y\n\n", [["a", "x=y"]]],
  [
    "a<<END\none\ntwo\nEND\nb=\n",
    [
      ["a", "one\ntwo"],
      ["b", ""],
    ],
  ],
  ["a<<END\r\none\r\nEND\r\n", [["a", "one"]]],
  ["a=1<<2\n", [["a", "1<<2"]]],
  ["a<<E\nE\n", [["a", ""]]],
])("the file %j holds pairs", (text, expected) => {
  expect(parseKeyValueFile(text)).toEqual(expected);
});

test.each([
  ["nothing", "Invalid format 'nothing'"],
  ["a<<END\nnever", "Matching delimiter not found 'END'"],
  ["<<END\nx\nEND", "Name must not be empty"],
  ["=x", "Name must not be empty"],
])("the file %j is refused", (text, message) => {
  expect(() => parseKeyValueFile(text)).toThrow(message);
});

test("what is written with a heredoc is read back, whatever the lines", () => {
  fc.assert(
    fc.property(fc.array(fc.string().filter((line) => !/[\r\n]/.test(line) && line !== "EOF-1")), (lines) => {
      const value = lines.join("\n");
      expect(parseKeyValueFile(`k<<EOF-1\n${lines.length === 0 ? "" : `${value}\n`}EOF-1\n`)).toEqual([["k", value]]);
    }),
  );
});

test("GITHUB_PATH holds one folder a line", () => {
  expect(parsePathFile("/a\n\n/b c\r\n")).toEqual(["/a", "/b c"]);
});

test("secrets are hidden as a whole, by line, and the longest first", () => {
  const masker = new Masker();
  masker.add("abc");
  masker.add("abcdef\n  \nsecond");
  expect(masker.mask("x abcdef y abc z second")).toBe("x *** y *** z ***");
  expect(masker.mask("  ")).toBe("  ");
  expect(masker.holds("none")).toBe(false);
});

test("what a called workflow asks for beyond its caller is named by scope", () => {
  expect(beyond({ contents: "write", issues: "read" }, { contents: "read", issues: "write" })).toEqual([
    { asked: "contents: write", allowed: "contents: read" },
  ]);
  expect(beyond({ deployments: "read" }, {})).toEqual([{ asked: "deployments: read", allowed: "deployments: none" }]);
});
