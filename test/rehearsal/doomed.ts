// A rehearsal that waits to be killed: its guard, one host, and a process such as a job may leave behind.
import { spawn } from "node:child_process";
import { buildRelease, createFleet, deployRelease } from "../../rehearsal/fleet/fleet.ts";
import { DIRECTORY_VARIABLE, startGuard } from "../../rehearsal/fleet/guard.ts";
import { processOf } from "../../rehearsal/fleet/machines.ts";
import { formatClock } from "../../src/platform/clock.ts";

const [directory = "", repository = "", release = ""] = process.argv.slice(2);
await startGuard({ directory, keep: false });
const now = Date.now();
const fleet = await createFleet({ directory, clock: formatClock(now, now, 1) });
const machine = fleet.hosts[0];
if (machine === undefined) throw new Error("no host");
await buildRelease(fleet, repository);
await deployRelease(fleet, repository, JSON.parse(release), machine);
const left = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
  detached: true,
  stdio: "ignore",
  env: { ...process.env, [DIRECTORY_VARIABLE]: directory },
});
process.send?.([await processOf(fleet.directory, machine.name), left.pid]);
