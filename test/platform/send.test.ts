import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { sendDirectly } from "../../src/platform/send.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const plain = { headers: { authorization: "token t" }, signal: AbortSignal.timeout(10_000) };

describe("sending without a proxy", () => {
  test("hands on status, headers and a whole body of UTF-8", async () => {
    const url = await serve((request, response) => {
      response.writeHead(201, { Link: '<x>; rel="next"' });
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        const half = Buffer.from(`${request.method} ${body}`);
        response.write(half.subarray(0, 7));
        setImmediate(() => response.end(half.subarray(7)));
      });
    });
    const answer = await sendDirectly(`${url}/a`, { ...plain, method: "POST", body: "größer" });
    expect(answer).toMatchObject({ status: 201, body: "POST größer", url: `${url}/a` });
    expect(answer.headers.get("link")).toBe('<x>; rel="next"');
  });

  test.each([301, 302, 307, 308])(
    "follows a redirect (%i) of a GET on the same host, as for a renamed repository",
    async (status) => {
      const url = await serve((request, response) => {
        if (request.url === "/new") response.end(`new, ${request.headers.authorization}`);
        else response.writeHead(status, { location: "/new" }).end();
      });
      expect((await sendDirectly(`${url}/old`, { ...plain, method: "GET" })).body).toBe("new, token t");
    },
  );

  test("repeats a write only where the redirect says that it stays one", async () => {
    const url = await serve((request, response) => {
      if (request.url === "/new") response.end(request.method);
      else response.writeHead(request.url === "/307" ? 307 : 301, { location: "/new" }).end();
    });
    expect((await sendDirectly(`${url}/307`, { ...plain, method: "POST", body: "x" })).body).toBe("POST");
    await expect(sendDirectly(`${url}/301`, { ...plain, method: "POST", body: "x" })).rejects.toThrow("redirect (301)");
  });

  test("takes the token to no other host", async () => {
    const url = await serve((_, response) => response.writeHead(307, { location: "http://127.0.0.2:9/" }).end());
    await expect(sendDirectly(url, { ...plain, method: "GET" })).rejects.toThrow("http://127.0.0.2:9");
  });

  test("ends after five redirects", async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: "/" }).end());
    await expect(sendDirectly(url, { ...plain, method: "GET" })).rejects.toThrow("redirect");
  });

  test("rejects when the connection breaks in mid-body", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    });
    await expect(sendDirectly(url, { ...plain, method: "GET" })).rejects.toThrow();
  });

  test("rejects with the signal's reason when an answer stays silent", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200);
      response.write("half");
    });
    const signal = AbortSignal.timeout(50);
    await expect(sendDirectly(url, { ...plain, method: "GET", signal })).rejects.toMatchObject({
      name: "TimeoutError",
    });
  });
});
