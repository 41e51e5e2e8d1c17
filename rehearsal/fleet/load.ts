import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Traffic } from "./traffic.ts";

export interface LoadTarget {
  readonly name: string;
  readonly port: number;
  readonly traffic: Traffic;
  /** Requests in each real second. */
  readonly perSecond: number;
}

export interface LoadOrder {
  readonly seed: number;
  readonly targets: readonly LoadTarget[];
}

/** What the sender saw of each host; milliseconds of all answers together. */
export type LoadCounts = Readonly<
  Record<
    string,
    { readonly sent: number; readonly failed: number; readonly unreachable: number; readonly milliseconds: number }
  >
>;

export interface Load {
  counts(): LoadCounts;
  close(): Promise<void>;
}

/** Starts the load generator and resolves when every host has got its first objects. */
export async function startLoad(order: LoadOrder): Promise<Load> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const child = fork(fileURLToPath(new URL(`./load-main.${extension}`, import.meta.url)), { execArgv: [] });
  const exited = once(child, "exit");
  let counts: LoadCounts = {};
  const first = new Promise<void>((resolve, reject) => {
    child.on("message", (message) => {
      counts = message as LoadCounts;
      resolve();
    });
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the load generator ended with status ${code}`)));
  });
  child.send(order);
  await first;
  return {
    counts: () => counts,
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        child.disconnect();
        await exited;
      }
    },
  };
}
