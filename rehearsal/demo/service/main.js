import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { clock } from "./clock.js";
import { openLog } from "./log.js";
import { createMetrics } from "./metrics.js";
import { createService } from "./server.js";
import { openStore } from "./store.js";

const env = process.env;
const release = new URL("../", import.meta.url);
const readJson = (path) => JSON.parse(readFileSync(new URL(path, release), "utf8"));

const config = readJson(`config/${env.STORAGE_CONFIG}.json`);
const { version } = readJson("package.json");
const host = env.STORAGE_HOST;

const log = openLog({
  directory: join(env.STORAGE_HOME, "logs"),
  level: config.logLevel,
  host,
  now: clock(env.ROCKSOLID_REHEARSAL_CLOCK),
});

const server = createService({
  store: openStore(join(env.STORAGE_HOME, "data")),
  log,
  metrics: createMetrics(),
  config,
  about: {
    version,
    commit: env.ROCKSOLID_COMMIT,
    digest: env.ROCKSOLID_DIGEST,
    host,
    region: env.STORAGE_REGION,
    config: config.environment,
  },
});

function stop() {
  log.info("stopping", { version });
  server.close(() => process.exit(0));
  // Requests under way are answered; a customer's connection that stays open must not hold up a deploy.
  setInterval(() => server.closeIdleConnections(), 5);
  setTimeout(() => process.exit(0), 500).unref();
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);

// A rehearsal listens here as long as it lives; without it nobody would ever stop this process.
if (env.ROCKSOLID_REHEARSAL_LIFELINE) {
  connect(Number(env.ROCKSOLID_REHEARSAL_LIFELINE), "127.0.0.1")
    .on("error", () => process.exit(1))
    .on("close", () => process.exit(0))
    .resume();
}

server.listen(Number(env.STORAGE_PORT), "127.0.0.1", () => log.info("started", { version }));
