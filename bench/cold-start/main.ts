// How long each action takes from its start to its first request to GitHub, against an empty Node process, in one run.
// Each is measured twice: "started before", where an earlier step or job on this machine has left compiled code in the
// runner's tool cache, and "first on a machine", without. The empty process is measured to its end.
//   node bench/cold-start/main.ts [--rounds 30]
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "30" } } });
const rounds = Number(values.rounds);
const root = new URL("../../", import.meta.url).pathname;
const directory = mkdtempSync(join(tmpdir(), "rocksolid-cold-start-"));
const workspace = join(directory, "workspace");
mkdirSync(join(workspace, ".github"), { recursive: true });
writeFileSync(
  join(workspace, ".github/pipeline.yml"),
  `service: storage-node
sources:
  log: { files: "/var/log/storage/*.log" }
  metrics: { scrape: "http://localhost:9100/metrics" }
checks:
  smoke: { run: ./smoke.sh, timeout: 10m }
  healthy: { http: "http://localhost:8080/healthz", status: 200, max-latency: 500ms }
  errors: { logs: log, errors: { max-rate: 0.5% }, min-lines: 100 }
  memory: { metric: metrics, query: process_resident_memory_bytes, max: 512MiB, tolerate: 2 of 5 }
stages:
  - { name: source, gate: [smoke] }
  - { name: beta, deploy: ./deploy.sh, gate: [smoke, healthy], bake: { for: 12h, every: 5m, checks: [errors, memory] } }
  - { name: prod, deploy: ./deploy.sh, gate: [smoke, healthy], bake: { for: 2h, every: 5m, checks: [errors, memory] } }
`,
);

let arrived: (() => void) | undefined;
const server = createServer(() => arrived?.());
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** Milliseconds until a process ends by itself. */
async function empty(): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(directory, "empty.js")], { stdio: "ignore" });
  await new Promise((resolve) => child.once("exit", resolve));
  return performance.now() - started;
}

/** Milliseconds until an action's first request arrives here. */
async function action(name: string, cache: boolean): Promise<number> {
  const inputs: Record<string, string> = { stage: "beta", token: "t", "deployment-id": "" };
  const env: Record<string, string> = {
    PATH: process.env["PATH"] ?? "",
    GITHUB_API_URL: url,
    GITHUB_GRAPHQL_URL: `${url}/graphql`,
    GITHUB_REPOSITORY: "demo/storage-node",
    GITHUB_RUN_ID: "1",
    GITHUB_SHA: "a".repeat(40),
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: directory,
    ...(cache && { RUNNER_TOOL_CACHE: join(directory, "tools") }),
  };
  for (const [input, value] of Object.entries(inputs)) env[`INPUT_${input.toUpperCase()}`] = value;
  const started = performance.now();
  const child = spawn(process.execPath, [join(root, `action-${name}/main.js`)], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stdout.on("data", (data) => {
    said += data;
  });
  child.stderr.on("data", (data) => {
    said += data;
  });
  const time = await new Promise<number>((resolve, reject) => {
    arrived = () => resolve(performance.now() - started);
    child.once("exit", (code) =>
      reject(new Error(`action-${name} ended with ${code} before its first request: ${said}`)),
    );
  });
  child.removeAllListeners("exit");
  // Killed before it keeps what it compiled, so that a first start stays one.
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("close", resolve));
  return time;
}

/** Lets an action end by itself once, so that it leaves its compiled code as in any job before. */
async function warm(name: string): Promise<void> {
  const refuse = createServer((_, response) =>
    response.writeHead(401, { "content-type": "application/json" }).end("{}"),
  );
  await new Promise<void>((resolve) => refuse.listen(0, "127.0.0.1", resolve));
  const child = spawn(process.execPath, [join(root, `action-${name}/main.js`)], {
    env: {
      PATH: process.env["PATH"] ?? "",
      GITHUB_API_URL: `http://127.0.0.1:${(refuse.address() as AddressInfo).port}`,
      GITHUB_REPOSITORY: "demo/storage-node",
      GITHUB_RUN_ID: "1",
      GITHUB_SHA: "a".repeat(40),
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: directory,
      RUNNER_TOOL_CACHE: join(directory, "tools"),
      INPUT_STAGE: "beta",
      INPUT_TOKEN: "t",
    },
    stdio: "ignore",
  });
  await new Promise((resolve) => child.once("exit", resolve));
  refuse.close();
}

const median = (list: number[]): number => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;

writeFileSync(join(directory, "empty.js"), "");
const names = ["gate", "promote", "bake", "rollback"] as const;
const times = new Map<string, number[]>();
const add = (key: string, time: number) => times.set(key, [...(times.get(key) ?? []), time]);
for (const name of names) await warm(name);
for (let round = 0; round < rounds; round++) {
  add("empty", await empty());
  for (const name of names) {
    add(`${name}, first on a machine`, await action(name, false));
    add(`${name}, started before`, await action(name, true));
  }
}
server.close();
rmSync(directory, { recursive: true, force: true });

const base = median(times.get("empty") ?? []);
process.stdout.write(`| start to first request | median | against an empty process |\n|---|---|---|\n`);
for (const [name, list] of times)
  process.stdout.write(`| ${name} | ${median(list).toFixed(1)} ms | ${(median(list) / base).toFixed(2)} |\n`);
