import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The environment variable that marks every process of a rehearsal with the rehearsal's directory. */
export const DIRECTORY_VARIABLE = "ROCKSOLID_REHEARSAL_DIRECTORY";

export interface GuardOrder {
  readonly directory: string;
  /** Leave the directory. */
  readonly keep: boolean;
}

/**
 * Starts a process that outlives this one when it is killed, and then ends what it has left behind. Answers how to
 * dismiss it when everything has been cleaned up in order.
 */
export async function startGuard(order: GuardOrder): Promise<() => Promise<void>> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const child = fork(fileURLToPath(new URL(`./guard-main.${extension}`, import.meta.url)), {
    // In a session of its own, so that Ctrl-C does not reach it.
    detached: true,
    execArgv: [],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const exited = once(child, "exit");
  child.send(order);
  // It must not keep a rehearsal alive whose work is done.
  child.unref();
  child.channel?.unref();
  return async () => {
    child.ref();
    if (child.connected) {
      await new Promise<void>((resolve) => child.send("dismissed", () => resolve()));
      child.disconnect();
    }
    await exited;
  };
}
