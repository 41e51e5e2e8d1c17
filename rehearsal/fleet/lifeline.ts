import { once } from "node:events";
import { createServer, type Socket } from "node:net";

/** The environment variable by which the rehearsal's processes learn the port of its lifeline. */
export const LIFELINE_VARIABLE = "ROCKSOLID_REHEARSAL_LIFELINE";

export interface Lifeline {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * A port on loopback that the demo's processes stay connected to, and end when the connection does. The kernel closes
 * it however the rehearsal ends, also when it is killed, so that no process is left behind.
 */
export async function openLifeline(): Promise<Lifeline> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // A process that is killed resets its end; for us that is as good as closing it.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    socket.resume();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the lifeline has no port");
  return {
    port: address.port,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
