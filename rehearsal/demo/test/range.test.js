import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRange } from "../service/range.js";

test("a request without a range is for the whole object", () => {
  assert.equal(parseRange(undefined, 10), undefined);
  assert.equal(parseRange("lines=1-2", 10), undefined);
});

test("a range is cut to the object's size", () => {
  assert.deepEqual(parseRange("bytes=0-3", 10), { start: 0, end: 3 });
  assert.deepEqual(parseRange("bytes=8-99", 10), { start: 8, end: 9 });
  assert.deepEqual(parseRange("bytes=4-", 10), { start: 4, end: 9 });
});

test("a range beyond the object cannot be sent", () => {
  assert.equal(parseRange("bytes=10-12", 10), null);
});
