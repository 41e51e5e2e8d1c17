// Stops the machine's service and starts `current`; ends when the new process answers, or says why it does not.
import { spawn } from "node:child_process";
import { openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const home = process.env.STORAGE_HOME;
const facts = JSON.parse(readFileSync(join(home, "machine.json"), "utf8"));
const pidFile = join(home, "pid");
const consoleFile = join(home, "console.txt");

/** Whether the process runs. In a container nobody may wait for one that has ended; it then stays as a zombie, and is gone. */
function alive(pid) {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true; // not Linux, or gone this instant: the next look tells
  }
}

function runningPid() {
  try {
    return Number(readFileSync(pidFile, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function stop(pid) {
  if (!alive(pid)) return;
  process.kill(pid, "SIGTERM");
  for (let waited = 0; alive(pid); waited += 10) {
    if (waited === 5000) process.kill(pid, "SIGKILL");
    await delay(10);
  }
}

function start() {
  const output = openSync(consoleFile, "w");
  const child = spawn(process.execPath, [join("current", "service", "main.js")], {
    cwd: home,
    // In a session of its own and without the runner's mark, else the runner would stop it at the end of the job.
    detached: true,
    stdio: ["ignore", output, output],
    env: {
      ...process.env,
      RUNNER_TRACKING_ID: "",
      STORAGE_HOST: facts.name,
      STORAGE_PORT: String(facts.port),
      STORAGE_REGION: facts.region,
    },
  });
  child.unref();
  writeFileSync(pidFile, String(child.pid));
  return child;
}

function answers() {
  return new Promise((resolve) => {
    get({ host: "127.0.0.1", port: facts.port, path: "/healthz", timeout: 1000 }, (response) =>
      resolve(response.statusCode === 200),
    )
      .on("timeout", () => resolve(false))
      .on("error", () => resolve(false));
  });
}

const old = runningPid();
if (old !== undefined) await stop(old);
const child = start();
const deadline = Date.now() + 15_000;
while (!(await answers())) {
  const dead = child.exitCode !== null || child.signalCode !== null;
  if (dead || Date.now() > deadline) {
    if (!dead) process.kill(child.pid, "SIGKILL");
    rmSync(pidFile, { force: true });
    const last =
      readFileSync(consoleFile, "utf8")
        .trim()
        .split("\n")
        .find((line) => /Error/.test(line)) ?? "";
    process.stderr.write(`${facts.name}: the service ${dead ? "died at start" : "does not answer"}. ${last}\n`);
    process.exit(1);
  }
  await delay(20);
}
process.exit(0);
