import { readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePorts } from "./ports.ts";

/** One machine of the demo: a directory with its releases, data and logs, and one process on a port of its own. */
export interface Machine {
  readonly name: string;
  readonly ring: string;
  readonly region: string;
  /** IANA time zone. */
  readonly zone: string;
  readonly port: number;
}

export type MachinePlan = Omit<Machine, "port">;

const zones = { eu: "Europe/Berlin", us: "America/New_York", ap: "Asia/Singapore" } as const;

function plan(ring: string, region: keyof typeof zones, number: number): MachinePlan {
  return { name: `${ring}-${region}-${number}`, ring, region, zone: zones[region] };
}

/** The twelve hosts of the demo, in four rings and three regions. */
export const demoHosts: readonly MachinePlan[] = [
  plan("beta", "eu", 1),
  plan("beta", "us", 1),
  plan("gamma", "eu", 1),
  plan("one-box", "eu", 1),
  plan("one-box", "us", 1),
  plan("one-box", "ap", 1),
  plan("prod", "eu", 1),
  plan("prod", "eu", 2),
  plan("prod", "us", 1),
  plan("prod", "us", 2),
  plan("prod", "ap", 1),
  plan("prod", "ap", 2),
];

/** Where alpha deploys: the machine that runs the job, which belongs to no ring of the fleet. */
export const ciMachine: MachinePlan = { name: "ci", ring: "ci", region: "eu", zone: "UTC" };

/** Makes the directories of the machines, with the facts that each knows about itself in `machine.json`. */
export async function createMachines(directory: string, plans: readonly MachinePlan[]): Promise<Machine[]> {
  const ports = await freePorts(plans.length);
  return Promise.all(
    plans.map(async (of, index) => {
      const port = ports[index];
      if (port === undefined) throw new Error(`no port for ${of.name}`);
      const machine = { ...of, port };
      await mkdir(join(directory, machine.name, "releases"), { recursive: true });
      await writeFile(join(directory, machine.name, "machine.json"), `${JSON.stringify(machine)}\n`);
      return machine;
    }),
  );
}

/** The inventory of the hosts as a pipeline's fleet file. Each runs its own runner, whose label is the host's name. */
export function fleetFile(machines: readonly Machine[]): string {
  const targets = machines.map(
    ({ name, ring, region, zone, port }) =>
      `  - { name: ${name}, ring: ${ring}, region: ${region}, zone: ${zone}, address: "127.0.0.1:${port}", labels: [self-hosted, ${name}] }`,
  );
  return `targets:\n${targets.join("\n")}\n`;
}

/** What a host answers at `/version`; null when it does not answer, or not with a version. */
export async function versionOf(machine: { readonly port: number }): Promise<string | null> {
  try {
    const response = await fetch(`http://127.0.0.1:${machine.port}/version`, { signal: AbortSignal.timeout(2000) });
    const about: unknown = await response.json();
    if (typeof about !== "object" || about === null || !("version" in about)) return null;
    return typeof about.version === "string" ? about.version : null;
  } catch {
    // A host that is down is what a rehearsal is about, not a mistake of the rehearsal.
    return null;
  }
}

/** Whether a process runs. In a container nobody may wait for one that has ended; it stays as a zombie, and counts as gone. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    // Not Linux, or gone this instant: the next look tells.
    return true;
  }
}

/** The process that a machine runs, where it is alive. */
export async function processOf(directory: string, name: string): Promise<number | undefined> {
  const text = await readFile(join(directory, name, "pid"), "utf8").catch(() => "");
  const pid = Number(text);
  return pid > 0 && isAlive(pid) ? pid : undefined;
}

/** Stops the machines' processes and waits until they are gone; what has not left after 2 seconds is killed. */
export async function stopMachines(directory: string, machines: readonly { readonly name: string }[]): Promise<void> {
  const found = await Promise.all(machines.map(({ name }) => processOf(directory, name)));
  const pids = found.filter((pid) => pid !== undefined);
  const signal = (name: NodeJS.Signals): void => {
    for (const pid of pids) {
      try {
        process.kill(pid, name);
      } catch {
        // It has gone by itself in the meantime.
      }
    }
  };
  signal("SIGTERM");
  for (let waited = 0; pids.some(isAlive); waited += 20) {
    if (waited === 2000) signal("SIGKILL");
    if (waited > 4000) throw new Error(`processes ${pids.filter(isAlive).join(", ")} of the demo could not be stopped`);
    await delay(20);
  }
}
