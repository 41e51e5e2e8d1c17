import { expect, test } from "vitest";
import { combinationLabel, expandMatrix } from "../../rehearsal/runner/matrix.ts";

const cases: { name: string; matrix: unknown; expected: unknown[] }[] = [
  {
    name: "lists are multiplied, the first varying slowest",
    matrix: { os: ["a", "b"], version: [1, 2] },
    expected: [
      { os: "a", version: 1 },
      { os: "a", version: 2 },
      { os: "b", version: 1 },
      { os: "b", version: 2 },
    ],
  },
  {
    name: "exclude takes away what has all of its values",
    matrix: { os: ["a", "b"], version: [1, 2], exclude: [{ os: "a" }, { os: "b", version: 1 }] },
    expected: [{ os: "b", version: 2 }],
  },
  {
    // The example of GitHub's documentation of `include`.
    name: "include extends what it does not change, later ones may change what was included, and else stands alone",
    matrix: {
      fruit: ["apple", "pear"],
      animal: ["cat", "dog"],
      include: [
        { color: "green" },
        { color: "pink", animal: "cat" },
        { fruit: "apple", shape: "circle" },
        { fruit: "banana" },
        { fruit: "banana", animal: "cat" },
      ],
    },
    expected: [
      { fruit: "apple", animal: "cat", color: "pink", shape: "circle" },
      { fruit: "apple", animal: "dog", color: "green", shape: "circle" },
      { fruit: "pear", animal: "cat", color: "pink" },
      { fruit: "pear", animal: "dog", color: "green" },
      { fruit: "banana" },
      { fruit: "banana", animal: "cat" },
    ],
  },
  {
    name: "include alone is the matrix",
    matrix: { include: [{ target: "eu-1" }, { target: "us-1" }] },
    expected: [{ target: "eu-1" }, { target: "us-1" }],
  },
  {
    name: "objects are compared by their values",
    matrix: { node: [{ version: 1, env: "x" }, { version: 2 }], exclude: [{ node: { version: 1 } }] },
    expected: [{ node: { version: 2 } }],
  },
];

test.each(cases)("matrix: $name", ({ matrix, expected }) => {
  expect(expandMatrix(matrix, "w:1:1")).toEqual(expected);
});

test.each([
  { name: "no object", matrix: ["a"], message: "w:1:1: the matrix must be an object of lists" },
  { name: "an empty list", matrix: { os: [] }, message: "matrix.os has no values" },
  { name: "no list", matrix: { os: "a" }, message: "matrix.os must be a list" },
  { name: "nothing left", matrix: { os: ["a"], exclude: [{ os: "a" }] }, message: "the matrix has no combinations" },
  {
    name: "more than 256 jobs",
    matrix: { n: Array.from({ length: 257 }, (_, i) => i) },
    message: "257 jobs; GitHub allows 256",
  },
])("a matrix of $name is refused", ({ matrix, message }) => {
  expect(() => expandMatrix(matrix, "w:1:1")).toThrow(message);
});

test("the label behind a job's name lists the values, those of objects too", () => {
  expect(combinationLabel({ os: "a", node: { version: 1, env: "x" }, flag: true })).toBe("a, 1, x, true");
});
