import { createServer } from "node:http";
import { parseRange } from "./range.js";

async function bodyOf(request, limit) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function get(store, key, request) {
  const bytes = await store.read(key);
  if (bytes === undefined) return { status: 404, body: "no such object\n" };
  const range = parseRange(request.headers.range, bytes.length);
  if (range === undefined) return { status: 200, body: bytes };
  if (range === null) return { status: 416, body: "", headers: { "content-range": `bytes */${bytes.length}` } };
  return {
    status: 206,
    body: bytes.subarray(range.start, range.end + 1),
    headers: { "content-range": `bytes ${range.start}-${range.end}/${bytes.length}` },
  };
}

async function put(store, key, request, limit) {
  const bytes = await bodyOf(request, limit);
  if (bytes === undefined) return { status: 413, body: `larger than ${limit} bytes\n` };
  await store.write(key, bytes);
  return { status: 201, body: "" };
}

/** The service: objects under `/objects/`, and what operators ask for: `/healthz`, `/version`, `/metrics`. */
export function createService({ store, log, metrics, config, about }) {
  async function objects(request, path) {
    const key = decodeURIComponent(path.slice("/objects/".length));
    if (request.method === "GET") return get(store, key, request);
    if (request.method === "PUT") return put(store, key, request, config.maxObjectBytes);
    if (request.method === "DELETE") return store.remove(key).then(() => ({ status: 204, body: "" }));
    return { status: 405, body: "use GET, PUT or DELETE\n", headers: { allow: "GET, PUT, DELETE" } };
  }

  async function measured(request, path) {
    const start = process.hrtime.bigint();
    let reply;
    let error;
    try {
      reply = await objects(request, path);
    } catch (thrown) {
      error = thrown instanceof URIError ? undefined : thrown;
      reply = error ? { status: 500, body: "internal error\n" } : { status: 400, body: "a key is not well encoded\n" };
    }
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    metrics.observe(reply.status, seconds);
    const line = { method: request.method, path, status: reply.status, ms: Math.round(seconds * 1e4) / 10 };
    if (error) log.error(`request failed: ${error.message}`, line);
    else log.info("request", line);
    return reply;
  }

  async function answer(request) {
    const path = new URL(request.url, "http://storage-node").pathname;
    if (path.startsWith("/objects/")) return measured(request, path);
    if (path === "/healthz") return { status: 200, body: "ok\n" };
    if (path === "/metrics") return { status: 200, body: metrics.text() };
    if (path === "/version") {
      return {
        status: 200,
        body: `${JSON.stringify({ ...about, uptime: process.uptime(), pid: process.pid })}\n`,
        headers: { "content-type": "application/json" },
      };
    }
    return { status: 404, body: "no such page\n" };
  }

  return createServer((request, response) => {
    answer(request).then(
      ({ status, body, headers }) => {
        response.writeHead(status, { "content-length": Buffer.byteLength(body), ...headers });
        response.end(body);
        if (!request.readableEnded) request.resume();
      },
      (error) => {
        log.error(`cannot answer: ${error.message}`);
        response.writeHead(400).end();
      },
    );
  });
}
