import { describe, expect, test } from "vitest";
import { resolveLimits } from "../../src/evidence/limits.ts";
import { createObserver } from "../../src/evidence/observer.ts";
import { defineReader, type EvidencePorts } from "../../src/evidence/reader.ts";
import { masker } from "../../src/evidence/secrets.ts";
import type { LogCounts } from "../../src/logs/types.ts";
import type { Check, RunCheck } from "../../src/pipeline/model.ts";
import { ConfigurationError } from "../../src/platform/errors.ts";
import { httpCheck, jsonCheck, logsCheck, metricCheck, runCheck } from "../verdict/checks.ts";
import { closedAuthority, lookAt, realPorts, scopeOf, serve, target } from "./world.ts";

const targets = [target("one-box-eu-1", "10.0.0.1:80"), target("one-box-us-1", "10.0.0.2:80")];

describe("a command", () => {
  test("has exit status, seconds and its last line", async () => {
    const [seen] = await lookAt(runCheck({ command: "echo first; echo '::error::last'; exit 3" }));
    expect(seen).toMatchObject({ values: { exit: 3 }, points: 1, note: "::error::last" });
    expect(seen?.values["seconds"]).toBeGreaterThan(0);
  });

  test("is run once for a stage of targets, which it is told by name", async () => {
    const command = 'test "$ROCKSOLID_TARGETS" = "one-box-eu-1 one-box-us-1" && test -z "$ROCKSOLID_ADDRESSES"';
    expect(await lookAt(runCheck({ command }), { targets })).toMatchObject([{ values: { exit: 0 } }]);
  });

  test.each(["$ROCKSOLID_TARGET", "${ROCKSOLID_ADDRESS}"])(
    "that mentions %s is run for each target",
    async (mention) => {
      const seen = await lookAt(runCheck({ command: `echo "${mention} $ROCKSOLID_RING $ROCKSOLID_VERSION"` }), {
        targets,
        env: { ROCKSOLID_VERSION: "1; exit 9" },
      });
      expect(seen.map(({ target: of, note }) => `${of}: ${note}`)).toEqual(
        targets.map(({ name, address }) => `${name}: ${mention.includes("TARGET") ? name : address} one-box 1; exit 9`),
      );
    },
  );

  test("that takes too long is stopped after real time", async () => {
    const [seen] = await lookAt(runCheck({ command: "sleep 60", timeout: 200 }));
    expect(seen).toMatchObject({ values: { timeout: 1 }, points: 1 });
  }, 20_000);

  test("that does not exist, or was cancelled, is unreadable", async () => {
    const [seen] = await lookAt(runCheck({ command: "rocksolid-no-such-command" }));
    expect(seen).toMatchObject({
      points: 0,
      unreadable: 'a command in "rocksolid-no-such-command" was not found (exit status 127)',
    });
    const [cancelled] = await lookAt(runCheck({ command: "sleep 60" }), { signal: AbortSignal.abort() });
    expect(cancelled).toMatchObject({ points: 0, unreadable: "cancelled" });
  });
});

describe("logs", () => {
  const counts: LogCounts = { lines: 10, errors: 2, fatal: 1, sample: "boom", unreadable: [] };
  const scanning = (answer: LogCounts) => {
    const opened: unknown[] = [];
    let closed = 0;
    const openLogs: EvidencePorts["openLogs"] = (_, __, context) => {
      opened.push(context.names["target"]);
      return {
        scan: async () => answer,
        close: async () => {
          closed += 1;
        },
      };
    };
    return { openLogs, opened, closed: () => closed };
  };

  test("are counted, for each target where the path names one, and closed", async () => {
    const { openLogs, opened, closed } = scanning(counts);
    const check = logsCheck({
      source: { kind: "files", name: "l", files: "/var/log/${target}/*.log", format: "auto" },
    });
    const seen = await lookAt(check, { targets }, { openLogs });
    expect(seen).toMatchObject([
      { target: "one-box-eu-1", values: { lines: 10, errors: 2, fatal: 1 }, points: 10, note: "boom" },
      { target: "one-box-us-1" },
    ]);
    expect(opened).toEqual(["one-box-eu-1", "one-box-us-1"]);
    expect(closed()).toBe(2);
  });

  test("that are partly unreadable are unreadable and keep the counts of the rest", async () => {
    const unreadable = [
      { path: "a.log", reason: "permission denied" },
      { path: "b.log", reason: "gone" },
    ];
    const { openLogs } = scanning({ ...counts, unreadable });
    expect(await lookAt(logsCheck(), {}, { openLogs })).toMatchObject([
      { values: { lines: 10 }, points: 10, unreadable: "a.log: permission denied (and 1 more)" },
    ]);
  });

  test("whose source cannot be opened are an observation, not a throw", async () => {
    expect(await lookAt(logsCheck())).toMatchObject([{ points: 0, unreadable: "no logs in this test" }]);
  });
});

describe("an observer", () => {
  test("names every check that it cannot read, before anything is read", () => {
    const files = { kind: "files", name: "f", files: "*.log", format: "auto" } as const;
    const checks: Check[] = [metricCheck({ source: files }), httpCheck({ url: "http://${target}/" }), runCheck()];
    const create = () => createObserver(checks, scopeOf(), realPorts({ time: 0 }));
    expect(create).toThrow(ConfigurationError);
    expect(create).toThrow(
      /^cpu: reading a files source is not supported yet\nhealthy: it names a target, and this stage has none/,
    );
  });

  test("asks one endpoint once in a look, however many checks read it", async () => {
    let requests = 0;
    await using server = await serve((_, response) => {
      requests += 1;
      response.end("a 1\nb 2\n");
    });
    const source = { kind: "scrape", name: "m", url: server.url, headers: {} } as const;
    const checks = ["a", "b", "a"].map((query, index) => metricCheck({ name: `c${index}`, query, source }));
    const observer = createObserver(checks, scopeOf(), realPorts({ time: 7 }));
    expect((await observer.look(0, 1)).map(({ values }) => values["value"])).toEqual([1, 2, 1]);
    expect(requests).toBe(1);
    await observer.look(0, 2);
    expect(requests).toBe(2);
    await observer.close();
  });

  test("keeps the order of checks and targets, and reads few at once", async () => {
    let running = 0;
    let most = 0;
    const slow = defineReader<RunCheck>({
      is: (check: Check): check is RunCheck => check.kind === "run",
      perTarget: () => true,
      open: (_, place) => ({
        async read() {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setTimeout(resolve, place.target?.name === "t0" ? 20 : 1));
          running -= 1;
          return { values: {}, points: 1 };
        },
      }),
    });
    const many = Array.from({ length: 40 }, (_, index) => target(`t${index}`));
    const observer = createObserver([runCheck()], scopeOf({ targets: many }), realPorts({ time: 0 }), [slow]);
    expect((await observer.look(0, 1)).map(({ target: of }) => of)).toEqual(many.map(({ name }) => name));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
  });

  test("keeps secrets out of what it says", async () => {
    const authority = await closedAuthority();
    const url = `http://${authority}/?key=\${env:KEY}`;
    const source = { kind: "scrape", name: "m", url, headers: { Authorization: "Bearer ${env:TOKEN}" } } as const;
    const context = { names: {}, env: { KEY: "k/e y1", TOKEN: "t0p-s3cret" } };
    const [seen] = await lookAt(metricCheck({ source }), { context });
    expect(seen?.unreadable).toBe(`http://${authority}/?key=***: connection refused`);
    expect(masker(["Bearer t0p-s3cret"])('Bearer t0p-s3cret t0p-s3cret "Bearer"')).toBe('*** *** "Bearer"');
  });
});

describe("limits with arithmetic", () => {
  test("are worked out from the stage, and say how", () => {
    const check = jsonCheck({ limits: { min: { expression: "${peak_rps} * ${hosts} / 4" } } });
    const [resolved] = resolveLimits([check], { names: { peak_rps: 1_000, hosts: 2 } });
    expect(resolved).toMatchObject({ limits: { min: { value: 500, text: "500 (1000 * 2 / 4)" } } });
    expect(() => resolveLimits([check], { names: {} })).toThrow(ConfigurationError);
  });
});
