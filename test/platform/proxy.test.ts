import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Lab } from "../actions/lab.ts";

/** A proxy that opens tunnels, as those in front of machines in a data centre do, and writes down to where. */
class TunnelProxy {
  readonly tunnels: string[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on("connect", (request, client, head) => {
      this.tunnels.push(request.url ?? "");
      const { hostname, port } = new URL(`http://${request.url}`);
      const upstream = connect(Number(port), hostname, () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        upstream.write(head);
        upstream.pipe(client).pipe(upstream);
      });
      upstream.on("error", () => client.destroy());
      client.on("error", () => upstream.destroy());
    });
  }

  static async open(): Promise<TunnelProxy> {
    const server = createServer((_, response) => response.writeHead(405).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new TunnelProxy(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe("an action on a machine behind a proxy", () => {
  let lab: Lab;
  let proxy: TunnelProxy;
  beforeAll(async () => {
    lab = await Lab.open();
    proxy = await TunnelProxy.open();
  });
  afterAll(async () => {
    proxy.close();
    await lab.close();
  });
  beforeEach(() => {
    proxy.tunnels.length = 0;
  });

  /** Loopback addresses never go through a proxy; this one is not seen as loopback, and leads there. */
  const place = () => `0.0.0.0:${new URL(lab.github.url).port}`;
  const gate = (env: Readonly<Record<string, string>>) =>
    lab.action(
      "gate",
      { stage: "beta" },
      { run: lab.newRun("1.5.0"), env: { GITHUB_API_URL: `http://${place()}`, ...env } },
    );

  test.each(["http_proxy", "HTTP_PROXY"])("reaches GitHub through the proxy that %s names", async (name) => {
    const ended = await gate({ [name]: proxy.url });
    expect(ended.log).toContain("passed: 1 check");
    expect(ended.code).toBe(0);
    expect(new Set(proxy.tunnels)).toEqual(new Set([place()]));
  });

  test("goes to the hosts of no_proxy directly", async () => {
    const ended = await gate({ http_proxy: proxy.url, no_proxy: "example.test,0.0.0.0" });
    expect(ended.log).toContain("passed: 1 check");
    expect(proxy.tunnels).toEqual([]);
  });
});
