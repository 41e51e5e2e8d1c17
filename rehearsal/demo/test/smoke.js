import { readFileSync } from "node:fs";
import { join } from "node:path";

const { STORAGE_HOME: home, ROCKSOLID_VERSION: version } = process.env;
const here = () => `127.0.0.1:${JSON.parse(readFileSync(join(home, "machine.json"), "utf8")).port}`;
const url = `http://${process.argv[2] ?? here()}`;

/** An object of the size that a customer's client writes first. */
const object = "0123456789abcdef".repeat(256);
const key = `${url}/objects/smoke-${process.pid}`;

async function call(address, expected, options) {
  const response = await fetch(address, { ...options, signal: AbortSignal.timeout(5000) });
  const body = await response.text();
  if (response.status !== expected) {
    throw new Error(`${options?.method ?? "GET"} answers ${response.status}, not ${expected}: ${body.trim()}`);
  }
  return body;
}

async function smoke() {
  const about = JSON.parse(await call(`${url}/version`, 200));
  if (about.version !== version) throw new Error(`${about.host} runs ${about.version}, not ${version}`);
  await call(key, 201, { method: "PUT", body: object });
  if ((await call(key, 200)) !== object) throw new Error("GET answers other bytes than were PUT");
  await call(key, 204, { method: "DELETE" });
  await call(key, 404);
  return about.host;
}

try {
  process.stdout.write(`smoke passed on ${await smoke()}\n`);
} catch (error) {
  process.stderr.write(`smoke failed on ${url}: ${error.message}\n`);
  process.exitCode = 1;
}
