import { readdirSync, readFileSync } from "node:fs";

/** Set in every process of a job; what still has it when the job has ended is killed, as GitHub's runner does. */
export const TRACKING_VARIABLE = "RUNNER_TRACKING_ID";

/** Kills the processes that a job left behind, unless they took themselves out by another RUNNER_TRACKING_ID. Linux only. */
export function endOrphans(tracking: string): { readonly pid: number; readonly name: string }[] {
  if (process.platform !== "linux") return [];
  const ended: { pid: number; name: string }[] = [];
  for (const entry of readdirSync("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      if (!readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(`${TRACKING_VARIABLE}=${tracking}`))
        continue;
      const name = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
      process.kill(pid, "SIGKILL");
      ended.push({ pid, name });
    } catch (error) {
      // Others' processes cannot be read, and any may end while we look.
      if (!["ENOENT", "EACCES", "EPERM", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
  return ended;
}
