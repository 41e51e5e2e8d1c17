import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A log server that a test started. */
export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Starts a server in a directory of its own, and waits until it answers `ready` with success, for at most 40 s. */
export async function startServer(
  program: string,
  args: (directory: string, http: number, inner: number) => readonly string[] | Promise<readonly string[]>,
  ready: string,
): Promise<RunningServer> {
  const directory = await mkdtemp(join(tmpdir(), "rocksolid-server-"));
  const [http, inner] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${http}`;
  let said = "";
  const child: ChildProcess = spawn(program, await args(directory, http, inner), {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const listen = (chunk: Buffer): void => {
    said = (said + chunk.toString()).slice(-2_000);
  };
  child.stdout?.on("data", listen);
  child.stderr?.on("data", listen);
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  };
  const limit = performance.now() + 40_000;
  for (;;) {
    const answer = await fetch(`${url}${ready}`).catch(() => undefined);
    if (answer?.ok) return { url, stop };
    if (child.exitCode !== null || performance.now() > limit) {
      await stop();
      throw new Error(`${program} did not start: ${said}`);
    }
    await delay(100);
  }
}
