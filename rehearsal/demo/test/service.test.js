import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createMetrics } from "../service/metrics.js";
import { createService } from "../service/server.js";
import { openStore } from "../service/store.js";

const directory = mkdtempSync(join(tmpdir(), "storage-node-test-"));
const log = { info() {}, error() {} };
const config = { environment: "test", maxObjectBytes: 100 };
const server = createService({
  store: openStore(directory),
  log,
  metrics: createMetrics(),
  config,
  about: { version: "0.0.0-test" },
});
let url;

before(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${server.address().port}`;
});
after(() => {
  server.close();
  server.closeAllConnections();
  rmSync(directory, { recursive: true });
});

test("what was put is got back", async () => {
  assert.equal((await fetch(`${url}/objects/a%2Fb`, { method: "PUT", body: "hello" })).status, 201);
  const response = await fetch(`${url}/objects/a%2Fb`);
  assert.equal(response.status, 200);
  assert.equal(await response.text(), "hello");
});

test("an object that is not there is not found", async () => {
  assert.equal((await fetch(`${url}/objects/none`)).status, 404);
});

test("an object over the limit is refused", async () => {
  assert.equal((await fetch(`${url}/objects/big`, { method: "PUT", body: "x".repeat(101) })).status, 413);
});

test("every customer's request is counted by its code", async () => {
  const text = await (await fetch(`${url}/metrics`)).text();
  assert.match(text, /^requests_total\{code="201"\} 1$/m);
  assert.match(text, /^requests_total\{code="404"\} 1$/m);
  assert.match(text, /^request_duration_seconds_count 4$/m);
});

test("the version is told", async () => {
  assert.equal((await (await fetch(`${url}/version`)).json()).version, "0.0.0-test");
});
