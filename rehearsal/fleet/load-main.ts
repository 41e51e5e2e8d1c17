import { Agent, request } from "node:http";
import type { LoadCounts, LoadOrder } from "./load.ts";
import { type LoadRequest, nextRequest, OBJECT_BYTES, OBJECTS, seededRandom } from "./traffic.ts";

// The load generator's own process, so that sending requests does not hold up what the rehearsal measures.

/** Real milliseconds between two bursts of requests: fewer wake-ups of thirteen processes, and no difference to a host. */
const BURST = 100;

const body = Buffer.alloc(OBJECT_BYTES, "rocksolid");

interface Counting {
  sent: number;
  failed: number;
  unreachable: number;
  milliseconds: number;
}

const counts: Record<string, Counting> = {};
const agents: Agent[] = [];

function send(port: number, agent: Agent, of: LoadRequest): Promise<number | undefined> {
  return new Promise((resolve) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port,
        agent,
        method: of.method,
        path: `/objects/${of.key}`,
        headers: {
          ...(of.range === undefined ? {} : { range: of.range }),
          ...(of.method === "PUT" ? { "content-length": body.length } : {}),
        },
        timeout: 5000,
      },
      (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode));
        response.on("error", () => resolve(undefined));
      },
    );
    outgoing.on("timeout", () => outgoing.destroy());
    outgoing.on("error", () => resolve(undefined));
    outgoing.end(of.method === "PUT" ? body : undefined);
  });
}

async function count(name: string, answer: Promise<number | undefined>): Promise<void> {
  counts[name] ??= { sent: 0, failed: 0, unreachable: 0, milliseconds: 0 };
  const counting = counts[name];
  const start = performance.now();
  const status = await answer;
  counting.sent += 1;
  counting.milliseconds += performance.now() - start;
  if (status === undefined) counting.unreachable += 1;
  else if (status >= 500) counting.failed += 1;
}

async function drive(order: LoadOrder): Promise<void> {
  for (const [index, target] of order.targets.entries()) {
    const random = seededRandom(order.seed * 1000 + index);
    const agent = new Agent({ keepAlive: true, maxSockets: 32 });
    agents.push(agent);
    for (let object = 0; object < OBJECTS; object += 1) {
      await count(target.name, send(target.port, agent, { method: "PUT", key: `object-${object}` }));
    }
    // Requests leave at their time, whether the ones before were answered or not: a slow host is not spared.
    const start = performance.now();
    let due = 0;
    setInterval(() => {
      const until = ((performance.now() - start) / 1000) * target.perSecond;
      for (; due < until; due += 1)
        void count(target.name, send(target.port, agent, nextRequest(target.traffic, random)));
    }, BURST);
  }
  const report = (): void => {
    // A rehearsal that was killed reads no more: that is an end, not a mistake.
    process.send?.(counts satisfies LoadCounts, (error: Error | null) => error && process.exit(0));
  };
  report();
  setInterval(report, 200);
}

process.on("disconnect", () => process.exit(0));
process.on("message", (order: LoadOrder) => void drive(order));
