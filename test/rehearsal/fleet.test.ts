import { execFile, fork } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { candidateNames, readCandidate } from "../../rehearsal/fleet/candidates.ts";
import { buildRelease, createFleet, deployRelease, type Fleet } from "../../rehearsal/fleet/fleet.ts";
import { startLoad } from "../../rehearsal/fleet/load.ts";
import { demoHosts, isAlive, type Machine, processOf, versionOf } from "../../rehearsal/fleet/machines.ts";
import { createDemoRepository, type DemoRepository, git } from "../../rehearsal/fleet/repository.ts";
import { rocksolidRoot } from "../../rehearsal/fleet/root.ts";
import { nextRequest, seededRandom } from "../../rehearsal/fleet/traffic.ts";
import { parseInventory } from "../../src/fleet/inventory.ts";
import { parsePipeline } from "../../src/pipeline/parse.ts";
import { formatClock } from "../../src/platform/clock.ts";

const run = promisify(execFile);
let directory: string;
let fleet: Fleet;
let repository: DemoRepository;
let good: { version: string; commit: string; ref: string; digest: string };
let crashing: typeof good;

const host = (name: string): Machine => {
  const found = fleet.hosts.find((machine) => machine.name === name);
  if (!found) throw new Error(`no host ${name}`);
  return found;
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "rocksolid-fleet-test-"));
  const now = Date.now();
  fleet = await createFleet({ directory, clock: formatClock(now, Date.parse("2030-01-01T00:00:00Z"), 720) });
  repository = await createDemoRepository({
    directory: join(directory, "repository"),
    machines: fleet.hosts,
    machinesDirectory: fleet.directory,
    candidate: "crash",
  });
  crashing = { ...repository.candidate, digest: await buildRelease(fleet, repository.directory) };
  await git(repository.directory, "checkout", "--quiet", repository.baseline.commit);
  good = { ...repository.baseline, digest: await buildRelease(fleet, repository.directory) };
});

afterAll(async () => {
  await fleet.close();
  await rm(directory, { recursive: true, force: true });
});

/** What a deploy that has to fail said. */
async function refusal(release: typeof good, machine: Machine): Promise<string> {
  try {
    await deployRelease(fleet, repository.directory, release, machine);
  } catch (error) {
    return String((error as { stderr?: string }).stderr);
  }
  throw new Error("the deploy succeeded");
}

describe("the demo's fleet", () => {
  it("is twelve hosts in four rings and three regions, as its inventory says", () => {
    expect(demoHosts).toHaveLength(12);
    expect(new Set(demoHosts.map(({ ring }) => ring)).size).toBe(4);
    expect(new Set(demoHosts.map(({ region }) => region)).size).toBe(3);
    expect(new Set(fleet.hosts.map(({ port }) => port)).size).toBe(12);
  });

  it("has a pipeline and an inventory that are valid", async () => {
    const read = (name: string) => readFile(join(repository.directory, ".github", name), "utf8");
    expect(parsePipeline(await read("pipeline.yml"), "pipeline.yml")).toMatchObject({ ok: true });
    const inventory = parseInventory(await read("fleet.yml"), "fleet.yml");
    expect(inventory).toMatchObject({ ok: true });
    expect(inventory.ok && inventory.targets.map(({ name }) => name)).toEqual(demoHosts.map(({ name }) => name));
  });

  it("builds the same bytes twice", async () => {
    expect(await buildRelease(fleet, repository.directory)).toBe(good.digest);
    expect(crashing.digest).not.toBe(good.digest);
  });

  it("really replaces the process at a deploy, and nothing but it", async () => {
    const machine = host("beta-eu-1");
    await deployRelease(fleet, repository.directory, good, machine);
    const first = await processOf(fleet.directory, machine.name);
    expect(await versionOf(machine)).toBe("1.4.0");
    await fetch(`http://127.0.0.1:${machine.port}/objects/kept`, { method: "PUT", body: "bytes" });
    await deployRelease(fleet, repository.directory, crashing, machine);
    const second = await processOf(fleet.directory, machine.name);
    expect(await versionOf(machine)).toBe("1.5.0");
    expect(second).not.toBe(first);
    expect(isAlive(first ?? 0)).toBe(false);
    expect(await (await fetch(`http://127.0.0.1:${machine.port}/objects/kept`)).text()).toBe("bytes");
  });

  it("tells the version, commit, digest and configuration that run", async () => {
    const machine = host("gamma-eu-1");
    await deployRelease(fleet, repository.directory, good, machine);
    const about: unknown = await (await fetch(`http://127.0.0.1:${machine.port}/version`)).json();
    expect(about).toMatchObject({
      version: "1.4.0",
      commit: good.commit,
      digest: good.digest,
      host: "gamma-eu-1",
      config: "production",
    });
  });

  it("refuses an artifact whose bytes are not those of its digest, and leaves the old version running", async () => {
    const machine = host("beta-us-1");
    await deployRelease(fleet, repository.directory, good, machine);
    const digest = `sha256:${"0".repeat(64)}`;
    await writeFile(join(directory, "artifacts", `${"0".repeat(64)}.tar`), "not what was built");
    expect(await refusal({ ...crashing, digest }, machine)).toContain(
      `refused 1.5.0: the artifact's digest is sha256:`,
    );
    expect(await refusal({ ...crashing, digest: "sha256:1234" }, machine)).toContain(
      "no artifact sha256:1234 in the store",
    );
    expect(await versionOf(machine)).toBe("1.4.0");
  });

  it("fails a deploy whose process dies at start, with what it said, and a second deploy repairs the host", async () => {
    const machine = host("one-box-ap-1");
    expect(await refusal(crashing, machine)).toMatch(/one-box-ap-1: the service died at start\. TypeError/);
    expect(await versionOf(machine)).toBeNull();
    await deployRelease(fleet, repository.directory, good, machine);
    expect(await versionOf(machine)).toBe("1.4.0");
  });

  it("writes one JSON line for each request, by the rehearsal's clock, and none for operators' questions", async () => {
    const machine = host("gamma-eu-1");
    await deployRelease(fleet, repository.directory, good, machine);
    const file = join(fleet.directory, machine.name, "logs", "storage-node.log");
    const before = (await readFile(file, "utf8")).length;
    for (const path of ["objects/none", "healthz", "version", "metrics"])
      await fetch(`http://127.0.0.1:${machine.port}/${path}`);
    const lines = (await readFile(file, "utf8")).slice(before).trim().split("\n");
    expect(lines).toHaveLength(1);
    const line = JSON.parse(lines[0] ?? "");
    expect(line).toMatchObject({ level: "info", host: "gamma-eu-1", method: "GET", status: 404 });
    expect(line.time).toMatch(/^2030-/);
  });

  it("is really loaded: what the sender counts is what the host counts", async () => {
    const machine = host("gamma-eu-1");
    await deployRelease(fleet, repository.directory, good, machine);
    const load = await startLoad({
      seed: 1,
      targets: [{ name: machine.name, port: machine.port, traffic: "production", perSecond: 200 }],
    });
    await expect.poll(() => load.counts()[machine.name]?.sent ?? 0, { timeout: 10_000 }).toBeGreaterThan(100);
    await load.close();
    const counts = load.counts()[machine.name];
    const metrics = await (await fetch(`http://127.0.0.1:${machine.port}/metrics`)).text();
    const served = Number(/^request_duration_seconds_count (\d+)$/m.exec(metrics)?.[1]);
    expect(counts).toMatchObject({ failed: 0, unreachable: 0 });
    expect(served).toBeGreaterThanOrEqual(counts?.sent ?? Number.POSITIVE_INFINITY);
  });

  it("leaves no process behind when it is closed", async () => {
    const now = Date.now();
    const own = await createFleet({ directory: join(directory, "second"), clock: formatClock(now, now, 1) });
    const machine = own.hosts[0];
    if (!machine) throw new Error("no host");
    const release = { ...good, digest: await buildRelease(own, repository.directory) };
    await deployRelease(own, repository.directory, release, machine);
    const pid = (await processOf(own.directory, machine.name)) ?? 0;
    expect(isAlive(pid)).toBe(true);
    await own.close();
    expect(isAlive(pid)).toBe(false);
  });

  it("leaves neither process nor file behind when the rehearsal is killed", async () => {
    const doomed = await mkdtemp(join(directory, "doomed-"));
    const child = fork(join(import.meta.dirname, "doomed.ts"), [doomed, repository.directory, JSON.stringify(good)], {
      execArgv: [],
    });
    const pids = await new Promise<number[]>((resolve, reject) => {
      child.on("message", (message) => resolve(message as number[]));
      child.on("exit", (code) => reject(new Error(`it ended by itself, with status ${code}`)));
    });
    expect(pids.map(isAlive)).toEqual([true, true]);
    child.removeAllListeners("exit");
    child.kill("SIGKILL");
    await expect.poll(() => pids.some(isAlive), { timeout: 10_000 }).toBe(false);
    await expect.poll(() => readdir(directory), { timeout: 10_000 }).not.toContain(doomed.split("/").at(-1));
  });
});

describe("the load", () => {
  const kinds = (traffic: "production" | "synthetic") => {
    const random = seededRandom(3);
    return Array.from({ length: 10_000 }, () => nextRequest(traffic, random));
  };

  it("resumes downloads in 5% of a customer's requests, and never in the lab", () => {
    const resumed = kinds("production").filter(({ range }) => range !== undefined).length;
    expect(resumed / 10_000).toBeGreaterThan(0.04);
    expect(resumed / 10_000).toBeLessThan(0.06);
    expect(kinds("synthetic").filter(({ range }) => range !== undefined)).toEqual([]);
  });

  it("is the same for the same seed", () => {
    expect(kinds("production")).toEqual(kinds("production"));
  });
});

describe("every candidate", () => {
  it.each(candidateNames())("%s is a change that applies to the demo, with a message", async (name) => {
    const { title, message, patch } = readCandidate(name);
    expect(title.length).toBeGreaterThan(10);
    expect(message).not.toContain("diff --git");
    await run("git", ["apply", "--check", "--directory", "rehearsal/demo", patch], { cwd: rocksolidRoot });
  });

  it("passes its own unit tests, since it came through review and CI", async () => {
    for (const name of candidateNames()) {
      const place = join(directory, `unit-${name}`);
      const made = await createDemoRepository({
        directory: place,
        machines: fleet.hosts,
        machinesDirectory: fleet.directory,
        candidate: name,
      });
      await run("./ops/test.sh", { cwd: made.directory });
      expect(
        JSON.parse(await readFile(join(place, "coverage", "summary.json"), "utf8")).total.lines.pct,
      ).toBeGreaterThan(80);
    }
  });
});
