import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const { STORAGE_MACHINES: directory, ROCKSOLID_STAGE: stage, ROCKSOLID_VERSION: version } = process.env;
const ring = stage === "alpha" ? "ci" : stage;
const machines = readdirSync(directory)
  .map((name) => JSON.parse(readFileSync(join(directory, name, "machine.json"), "utf8")))
  .filter((machine) => machine.ring === ring);

/** An object of the size that a customer's client writes first. */
const object = "0123456789abcdef".repeat(256);

async function call(url, expected, options) {
  const response = await fetch(url, { ...options, signal: AbortSignal.timeout(5000) });
  const body = await response.text();
  if (response.status !== expected) {
    throw new Error(`${options?.method ?? "GET"} answers ${response.status}, not ${expected}: ${body.trim()}`);
  }
  return body;
}

async function smoke({ name, port }) {
  const url = `http://127.0.0.1:${port}`;
  const about = JSON.parse(await call(`${url}/version`, 200));
  if (about.version !== version) throw new Error(`runs ${about.version}, not ${version}`);
  const key = `${url}/objects/smoke-${name}`;
  await call(key, 201, { method: "PUT", body: object });
  if ((await call(key, 200)) !== object) throw new Error("GET answers other bytes than were PUT");
  await call(key, 204, { method: "DELETE" });
  await call(key, 404);
}

const results = await Promise.allSettled(machines.map(smoke));
const failures = results.flatMap(({ reason }, index) =>
  reason === undefined ? [] : [`${machines[index].name}: ${reason.message}`],
);
if (machines.length === 0) failures.push(`there is no machine in ring ${ring}`);
for (const failure of failures) console.error(`smoke failed on ${failure}`);
if (failures.length === 0) console.log(`smoke passed on ${machines.map(({ name }) => name).join(", ")}`);
process.exitCode = failures.length === 0 ? 0 : 1;
