import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { RateLimits, Tokens } from "./access.ts";
import { actionsService } from "./actions-service.ts";
import { administration, type Journal } from "./administration.ts";
import { Faults } from "./faults.ts";
import { GitRepository } from "./git/repository.ts";
import type { EmbeddedGitHub, EmbeddedGitHubOptions } from "./ports.ts";
import { router } from "./router.ts";
import { routes } from "./routes/index.ts";
import { type Contract, type GraphqlEndpoint, type Service, serve } from "./serve.ts";
import { emptyRecords } from "./state/records.ts";
import { Signal, type World } from "./world.ts";

/** Requests an hour: GitHub's limits for job tokens of a repository, and for a person. */
const JOB_LIMIT = 1_000;
const PERSON_LIMIT = 5_000;

function lazy<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}

/** Without state, so all servers of a process share them; loaded on first use, so that a server starts at once. */
const contract = lazy<Contract>(async () => (await import("./openapi/contract.ts")).loadContract());
const graphql = lazy<GraphqlEndpoint>(async () => (await import("./graphql/endpoint.ts")).graphqlEndpoint());

function worldOf(options: EmbeddedGitHubOptions, root: string): World {
  const [owner = "", name = ""] = options.repository.split("/");
  const records = emptyRecords();
  return {
    root,
    owner,
    name,
    repositoryId: records.nextId(),
    defaultBranch: options.defaultBranch ?? "main",
    clock: options.clock,
    records,
    git: new GitRepository(options.directory),
    tokens: new Tokens(),
    limits: new RateLimits({ job: options.rateLimit ?? JOB_LIMIT, person: PERSON_LIMIT }),
    signals: {
      dispatch: new Signal(),
      cancel: new Signal(),
      rerun: new Signal(),
      pendingReview: new Signal(),
      review: new Signal(),
    },
  };
}

/**
 * Starts an embedded GitHub on a free port of loopback: REST and GraphQL for one repository, backed by a git
 * repository on this machine, with everything else in memory.
 */
export async function startGitHub(options: EmbeddedGitHubOptions): Promise<EmbeddedGitHub> {
  if (!/^[\w.-]+\/[\w.-]+$/.test(options.repository)) {
    throw new Error(`the repository must be given as owner/name, not ${JSON.stringify(options.repository)}`);
  }
  const faults = new Faults();
  faults.setWeather(options.weather);
  const journal: Journal = { requests: [], violations: [], listeners: new Set() };
  let service: Service | undefined;
  const server = createServer((request, response) => {
    if (service === undefined) return;
    serve(service, request, response).catch((error: unknown) => {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      journal.violations.push(`${request.method ?? ""} ${request.url ?? ""}: ${message}`);
      if (response.headersSent || response.destroyed) return;
      response.writeHead(500, { "content-type": "application/json; charset=utf-8" });
      response.end(JSON.stringify({ message: "Server Error" }));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const world = worldOf(options, url);
  service = {
    world,
    faults,
    journal,
    match: router(routes),
    contract,
    graphql,
  };
  return {
    url,
    repository: options.repository,
    actions: actionsService(world),
    administration: administration(world, faults, journal),
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}
