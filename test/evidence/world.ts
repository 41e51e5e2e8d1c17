import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { nodeFiles } from "../../src/evidence/files.ts";
import { createObserver } from "../../src/evidence/observer.ts";
import type { EvidencePorts, Scope } from "../../src/evidence/reader.ts";
import type { Check, Target } from "../../src/pipeline/model.ts";
import { commandRunner } from "../../src/platform/process.ts";

/** A real HTTP server on loopback whose answers a test writes. */
export async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    authority: `127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An address on which nothing listens. */
export async function closedAuthority(): Promise<string> {
  await using server = await serve(() => undefined);
  return server.authority;
}

/** Ports on the real machine, with a clock that the test turns by hand and logs that hold nothing. */
export function realPorts(clock: { time: number }): EvidencePorts {
  return {
    clock: { now: () => clock.time, sleep: async () => undefined },
    fetch: globalThis.fetch,
    runCommand: commandRunner(() => undefined),
    files: nodeFiles,
    openLogs: () => {
      throw new Error("no logs in this test");
    },
  };
}

export function scopeOf(more: Partial<Scope> = {}): Scope {
  return { context: { names: { stage: "beta", version: "1.4.0" } }, targets: [], workspace: ".", env: {}, ...more };
}

export function target(name: string, address: string = name): Target {
  return { name, address, labels: [name], ring: "one-box", region: "eu" };
}

/** One look at one check. */
export async function lookAt(check: Check, more: Partial<Scope> = {}, ports: Partial<EvidencePorts> = {}) {
  const observer = createObserver([check], scopeOf(more), { ...realPorts({ time: 1_000 }), ...ports });
  try {
    return await observer.look(0, 1_000);
  } finally {
    await observer.close();
  }
}
