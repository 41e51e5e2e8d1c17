import type { IncomingMessage, ServerResponse } from "node:http";
import { authorize, type Caller, permits, type Quota, quotaHeaders } from "./access.ts";
import type { Journal } from "./administration.ts";
import { type Answer, type JsonObject, notFound, Refusal } from "./answer.ts";
import type { FaultKind, Faults } from "./faults.ts";
import type { Match } from "./router.ts";
import type { World } from "./world.ts";

/** What the server holds requests and answers to. */
export interface Contract {
  /** What is wrong with a request by GitHub's schema, in GitHub's words. Fills nothing in. */
  request(route: string, params: Match["params"], query: URLSearchParams, body: JsonObject): readonly string[];
  /** How an answer of ours breaks GitHub's schema; undefined when it does not. */
  answer(route: string, status: number, body: unknown): string | undefined;
  /** The page of GitHub's documentation about a route. */
  documentation(route: string): string;
}

export type GraphqlEndpoint = (world: World, caller: Caller, body: JsonObject, now: number) => Promise<Answer>;

export interface Service {
  readonly world: World;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly match: (method: string, path: string) => Match | undefined;
  /** Loaded on first use, so that the server starts at once. */
  readonly contract: () => Promise<Contract>;
  readonly graphql: () => Promise<GraphqlEndpoint>;
}

interface Incoming {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly path: string;
  readonly body: string;
  readonly headers: IncomingMessage["headers"];
}

const DOCUMENTATION = "https://docs.github.com/rest";
/** GitHub refuses larger requests, in bytes. */
const LARGEST_BODY = 25 * 1024 * 1024;

async function read(request: IncomingMessage): Promise<Incoming> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= LARGEST_BODY) chunks.push(chunk);
  }
  const target = request.url ?? "/";
  const end = target.indexOf("?");
  return {
    method: request.method ?? "GET",
    target,
    path: end < 0 ? target : target.slice(0, end),
    body: Buffer.concat(chunks).toString(),
    headers: request.headers,
  };
}

function parseBody(text: string): JsonObject {
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(400, "Problems parsing JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Refusal(400, "Body should be a JSON object");
  }
  return value as JsonObject;
}

/** The name by which a GraphQL request is recorded: its operation's, else its first field (below `repository`). */
export function graphqlName(body: string): string {
  let query = "";
  let operation: unknown;
  try {
    const parsed = JSON.parse(body) as { query?: unknown; operationName?: unknown };
    query = String(parsed.query ?? "");
    operation = parsed.operationName;
  } catch {
    return "?";
  }
  if (typeof operation === "string" && operation !== "") return operation;
  const named = /^\s*(?:query|mutation)\s+(\w+)/.exec(query)?.[1];
  if (named !== undefined) return named;
  const fields = query.replace(/\([^()]*\)/g, "").match(/\{\s*\w+/g) ?? [];
  const names = fields.map((field) => field.slice(1).trim());
  return (names[0] === "repository" ? (names[1] ?? names[0]) : names[0]) ?? "?";
}

function refusalAnswer(refusal: Refusal, documentation: string): Answer {
  const { status, details, headers } = refusal;
  const body = { message: refusal.message, ...details, documentation_url: documentation, status: String(status) };
  return { status, headers, body };
}

interface Carried {
  readonly answer: Answer;
  readonly quota?: Quota;
  readonly caller?: Caller;
}

/** Carries out one request: who calls, how often, with which rights, whether the schema allows it, and then the route. */
async function carryOut(service: Service, incoming: Incoming, match: Match | undefined): Promise<Carried> {
  const { world } = service;
  const now = world.clock.now();
  let caller: Caller | undefined;
  let quota: Quota | undefined;
  let documentation = DOCUMENTATION;
  try {
    if (incoming.headers["user-agent"] === undefined) {
      throw new Refusal(
        403,
        "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.",
      );
    }
    caller = world.tokens.authenticate(incoming.headers.authorization);
    const isGraphql = incoming.path === "/graphql";
    if (incoming.path === "/rate_limit") quota = world.limits.look(caller, "core", now);
    else {
      const taken = world.limits.take(caller, isGraphql ? "graphql" : "core", now);
      quota = taken;
      if (taken.exceeded)
        throw new Refusal(
          403,
          `API rate limit exceeded for ${caller.kind === "job" ? "installation" : "user"} ID ${world.repositoryId}.`,
        );
    }
    if (isGraphql) {
      if (incoming.method !== "POST") throw notFound();
      return { answer: await (await service.graphql())(world, caller, parseBody(incoming.body), now), quota, caller };
    }
    if (match === undefined) throw notFound();
    const contract = await service.contract();
    documentation = contract.documentation(match.route.name);
    const { owner, repo } = match.params;
    if (owner !== undefined && `${owner}/${repo}`.toLowerCase() !== `${world.owner}/${world.name}`.toLowerCase()) {
      throw notFound();
    }
    authorize(caller, match.route.need);
    const body = incoming.method === "GET" ? {} : parseBody(incoming.body);
    const query = new URL(incoming.target, world.root).searchParams;
    const mistakes = contract.request(match.route.name, match.params, query, body);
    if (mistakes.length > 0) throw new Refusal(422, `Invalid request.\n\n${mistakes.join("\n")}`);
    const call = { params: match.params, query, body, headers: incoming.headers, caller, target: incoming.target, now };
    const answer = await match.route.handler(world, call);
    // Media types other than JSON have no schema.
    const violation =
      answer.raw === undefined ? contract.answer(match.route.name, answer.status, answer.body) : undefined;
    if (violation === undefined) return { answer, quota, caller };
    service.journal.violations.push(`${match.route.name} ${answer.status}: ${violation}`);
    return { answer: { status: 500, body: { message: `schema violation: ${violation}` } }, quota, caller };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { answer: refusalAnswer(error, documentation), ...(quota && { quota }), ...(caller && { caller }) };
  }
}

function headersOf(service: Service, carried: Carried, match: Match | undefined): Record<string, string> {
  const { answer, quota, caller } = carried;
  const need = match?.route.need;
  return {
    date: new Date(service.world.clock.now()).toUTCString(),
    "x-github-request-id": `${service.journal.requests.length + 1}`,
    "x-github-media-type": "github.v3; format=json",
    ...(quota === undefined ? {} : quotaHeaders(quota)),
    ...(typeof need === "object" && caller?.kind === "job" && !permits(caller, need)
      ? { "x-accepted-github-permissions": `${need.scope}=${need.access}` }
      : {}),
    ...(answer.headers ?? {}),
  };
}

async function tell(service: Service, incoming: Incoming, moment: "before" | "after"): Promise<void> {
  const { method, target: path, body } = incoming;
  for (const listener of [...service.journal.listeners]) await listener({ method, path, body, moment });
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

function replyOf(service: Service, carried: Carried, match: Match | undefined): Reply {
  const { answer } = carried;
  const headers = headersOf(service, carried, match);
  if (answer.raw !== undefined) {
    return { status: answer.status, headers: { ...headers, "content-type": answer.raw.type }, body: answer.raw.bytes };
  }
  if (answer.body === undefined) return { status: answer.status, headers, body: Buffer.alloc(0) };
  const type = { "content-type": "application/json; charset=utf-8" };
  return { status: answer.status, headers: { ...type, ...headers }, body: Buffer.from(JSON.stringify(answer.body)) };
}

function faultReply(service: Service, fault: Extract<FaultKind, { type: "status" }>): Reply {
  const body = fault.body ?? JSON.stringify({ message: "Server Error" });
  const date = new Date(service.world.clock.now()).toUTCString();
  const headers = { "content-type": "application/json; charset=utf-8", date, ...lowerCase(fault.headers ?? {}) };
  return { status: fault.status, headers, body: Buffer.from(body) };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function send(response: ServerResponse, reply: Reply): void {
  const bodiless = reply.status === 204 || reply.status === 304;
  response.writeHead(
    reply.status,
    bodiless ? reply.headers : { ...reply.headers, "content-length": reply.body.length },
  );
  response.end(bodiless ? undefined : reply.body);
}

/** Sends the head and half of the body, then resets the connection. */
function sendHalf(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { ...reply.headers, "content-length": Math.max(2, reply.body.length) });
  response.write(reply.body.subarray(0, Math.floor(reply.body.length / 2)), () => response.socket?.resetAndDestroy());
  response.flushHeaders();
}

/** Waits real time; a server that closes does not wait on. */
function pause(ms: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    response.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** One request's life: told to the listeners, met by a fault or carried out, recorded, answered. */
export async function serve(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const incoming = await read(request);
  const match = service.match(incoming.method, incoming.path);
  const isGraphql = incoming.path === "/graphql";
  const route = isGraphql
    ? `${incoming.method} /graphql ${graphqlName(incoming.body)}`
    : (match?.route.name ?? `${incoming.method} ${incoming.path}`);
  const caller = service.world.tokens.identify(incoming.headers.authorization);
  const run = caller?.kind === "job" ? { run: caller.run } : {};
  const record = (status: number, fault?: FaultKind): void => {
    const seen = { method: incoming.method, path: incoming.target, route, status, ...run };
    service.journal.requests.push(fault === undefined ? seen : { ...seen, fault: fault.type });
  };
  await tell(service, incoming, "before");
  const fault = service.faults.next({
    method: incoming.method,
    path: incoming.target,
    body: incoming.body,
    exposed: caller?.kind === "job",
  });
  if (fault?.type === "reset") {
    record(0, fault);
    response.socket?.resetAndDestroy();
    return;
  }
  if (fault?.type === "status") {
    record(fault.status, fault);
    send(response, faultReply(service, fault));
    return;
  }
  const reply = replyOf(service, await carryOut(service, incoming, match), match);
  record(fault?.type === "lost-answer" ? 0 : reply.status, fault);
  await tell(service, incoming, "after");
  switch (fault?.type) {
    case "lost-answer":
      response.socket?.resetAndDestroy();
      return;
    case "half-body":
      sendHalf(response, reply);
      return;
    case "silence":
      await pause(fault.ms, response);
  }
  if (!response.destroyed) send(response, reply);
}
