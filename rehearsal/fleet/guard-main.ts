import { readdirSync, readFileSync, rmSync } from "node:fs";
import { DIRECTORY_VARIABLE, type GuardOrder } from "./guard.ts";

// A process of its own, because only someone else can clean up after a rehearsal that was killed.

let order: GuardOrder | undefined;

/** Processes that were started with this rehearsal's directory in their environment. Linux only; elsewhere the lifeline must do. */
function marked(directory: string): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`${DIRECTORY_VARIABLE}=${directory}`);
      } catch {
        // Another user's, or gone by now.
        return false;
      }
    });
}

function cleanUp({ directory, keep }: GuardOrder): void {
  for (const pid of marked(directory)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Gone by now.
    }
  }
  if (!keep) rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

process.on("message", (message: GuardOrder | "dismissed") => {
  order = message === "dismissed" ? undefined : message;
});
process.on("disconnect", () => {
  if (order) cleanUp(order);
  process.exit(0);
});
