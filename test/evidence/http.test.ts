import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { httpCheck } from "../verdict/checks.ts";
import { closedAuthority, lookAt, serve, target } from "./world.ts";

describe("an http check", () => {
  test("reads status, latency and whether the body has the text", async () => {
    await using server = await serve((request, response) => {
      response.statusCode = request.headers["authorization"] === "Bearer s3cret-token" ? 200 : 401;
      response.end("all is well in beta");
    });
    const check = httpCheck({
      url: `${server.url}/health`,
      contains: "well in ${stage}",
      headers: { Authorization: "Bearer ${env:TOKEN}" },
    });
    const [seen] = await lookAt(check, { context: { names: { stage: "beta" }, env: { TOKEN: "s3cret-token" } } });
    expect(seen).toEqual({
      check: "healthy",
      at: 1_000,
      points: 1,
      values: { status: 200, contains: 1, latency: expect.any(Number) },
    });
    expect(seen?.values["latency"]).toBeGreaterThan(0);
  });

  test("is read once for each target, and one that is down does not hide the others", async () => {
    await using server = await serve((_, response) => response.end("ok"));
    const targets = [
      target("a", server.authority),
      target("b", await closedAuthority()),
      target("c", server.authority),
    ];
    const seen = await lookAt(httpCheck({ url: "http://${address}/" }), { targets });
    expect(seen.map(({ target, values }) => [target, values["status"]])).toEqual([
      ["a", 200],
      ["b", 0],
      ["c", 200],
    ]);
    expect(seen[1]?.note).toBe("connection refused");
  });

  test("that hangs is no answer within its real time, however slowly bytes drip", async () => {
    await using server = await serve((_, response) => {
      response.write("a");
      const drip = setInterval(() => response.write("a"), 20);
      response.on("close", () => clearInterval(drip));
    });
    const started = performance.now();
    const [seen] = await lookAt(httpCheck({ url: server.url, timeout: 300 }));
    expect(seen).toMatchObject({ values: { status: 0 }, points: 1, note: "nothing within 0.3s" });
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  test("a connection that is reset is tried again, and a service that was only restarting is well", async () => {
    let requests = 0;
    await using server = await serve((request, response) => {
      requests += 1;
      if (requests < 3) request.socket.destroy();
      else response.end("ok");
    });
    expect((await lookAt(httpCheck({ url: server.url, timeout: 5_000 })))[0]?.values["status"]).toBe(200);
    expect(requests).toBe(3);
  });

  test("a connection that is always reset is no answer", async () => {
    await using server = await serve((request) => request.socket.destroy());
    const [seen] = await lookAt(httpCheck({ url: server.url }));
    expect(seen).toMatchObject({
      values: { status: 0 },
      points: 1,
      note: expect.stringMatching(/connection (reset|closed)/),
    });
  });

  test("redirects are followed, five at most, and another origin is not given the headers", async () => {
    const elsewhere: (string | undefined)[] = [];
    await using other = await serve((request, response) => {
      elsewhere.push(request.headers["x-key"] as string | undefined);
      response.end("ok");
    });
    await using server = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      response.writeHead(302, { location: left > 0 ? `/${left - 1}` : other.url });
      response.end();
    });
    const headers = { "x-key": "0123456789" };
    expect((await lookAt(httpCheck({ url: `${server.url}/3`, headers })))[0]?.values["status"]).toBe(200);
    expect(elsewhere).toEqual([undefined]);
    expect((await lookAt(httpCheck({ url: `${server.url}/9`, headers })))[0]?.unreadable).toBe("more than 5 redirects");
    expect((await lookAt(httpCheck({ url: `${server.url}/1`, status: [302] })))[0]?.values["status"]).toBe(302);
  });

  test("a redirect to something that is not http is refused", async () => {
    await using server = await serve((_, response) =>
      response.writeHead(302, { location: "file:///etc/passwd" }).end(),
    );
    expect((await lookAt(httpCheck({ url: server.url })))[0]?.unreadable).toBe("file: is neither http nor https");
  });

  test("an endless body costs no more than the limit, also when it is compressed", async () => {
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024));
    await using server = await serve((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end(bomb);
    });
    const [seen] = await lookAt(httpCheck({ url: server.url, contains: "ok", timeout: 10_000 }));
    expect(seen?.unreadable).toBe("the body is larger than 1048576 bytes");
  });

  test("a host name that does not exist and a broken URL are unreadable", async () => {
    const [unknown] = await lookAt(httpCheck({ url: "http://rocksolid.invalid/" }));
    expect(unknown).toMatchObject({ values: {}, points: 0, unreadable: expect.stringMatching(/host name/) });
    expect((await lookAt(httpCheck({ url: "http://[" })))[0]?.unreadable).toBe("the URL is malformed");
  });

  test("a secret that is missing makes it unreadable and names the variable", async () => {
    const [seen] = await lookAt(httpCheck({ headers: { A: "${env:NOT_SET}" } }));
    expect(seen?.unreadable).toContain("NOT_SET is not set");
  });
});
