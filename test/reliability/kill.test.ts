import { afterAll, describe, expect, it } from "vitest";
import { exhaustive } from "./exhaustive.ts";
import { type Moment, type Play, type PlayOptions, play } from "./flows.ts";
import { broken, standing } from "./rules.ts";
import { type End, inHouse, momentsOf, type Scenario, scenarios } from "./scenarios.ts";

const isAt = (a: Moment, b: Moment): boolean =>
  a.job === b.job && a.step === b.step && a.call === b.call && a.moment === b.moment;

/** The ledger without what may differ by the instant of the death. */
function comparable({ afterDeath }: Scenario, ledger: readonly string[]): readonly string[] {
  // A bake that was killed before its first word has fewer to say.
  const lines = ledger.map((line) => line.replace(" baking success", " success"));
  if (afterDeath !== "next run") return lines;
  // The next run takes up what a dead rollback left with one of its own, and only a run itself marks what it replaced.
  return lines
    .filter((line) => !/ rollback .* error$/.test(line))
    .map((line) => line.replace(/ (failure|success) inactive$/, " $1"));
}

const textOf = ({ ledger, live, holds }: End): string => [...ledger, `live ${live}`, `${holds} holds`].join("\n");

async function killAndRunAgain(scenario: Scenario, at: Moment, how: How): Promise<string[]> {
  return inHouse(scenario, async (house, run) => {
    const options: PlayOptions = { run, attempt: 1, onMoment: (moment) => isAt(moment, at), goOn: how === "go on" };
    const first = await play(house, scenario.flow, options);
    if (first.killed === undefined) return ["the machine did not die"];
    const again: Play = await play(
      house,
      scenario.flow,
      scenario.afterDeath === "next run"
        ? { run: house.newRun("1.5.0"), attempt: 1 }
        : { run, attempt: 2, kept: first.jobs },
    );
    const problems = await broken(house);
    const ledger = await standing(house);
    if (how === "again") {
      const end = {
        ledger: comparable(scenario, ledger),
        live: house.live["beta"] ?? "nothing",
        holds: (await house.holds()).length,
      };
      const ends = [scenario.after, ...(scenario.or ?? [])].map((good) =>
        textOf({ ...good, ledger: comparable(scenario, good.ledger) }),
      );
      if (!ends.includes(textOf(end))) problems.push(`it ended as ${textOf(end)}`);
    }
    return problems.length === 0 ? [] : [...problems, ...ledger, ...first.log, "--- again", ...again.log];
  });
}

type How = "again" | "go on";
/** Plays at once: most of a play is waiting for answers. */
const AT_ONCE = 4;

/**
 * Everything, where one asks for it; else a sample that is the same in every run and another one in each scenario: of the
 * writes a half, and of the reads and of what other jobs make of a death a smaller share.
 */
function sample(moments: readonly Moment[], rotation: number): readonly { at: Moment; how: How }[] {
  const all = moments.flatMap((at) => (["again", "go on"] as const).map((how) => ({ at, how })));
  if (exhaustive) return all;
  const kept = { write: 2, read: 12 } as const;
  return all.filter(({ at, how }, index) => {
    const share = (at.writes ? kept.write : kept.read) * (how === "again" ? 1 : 4);
    return (Math.floor(index / 2) + rotation) % share === 0;
  });
}

let cases = 0;
afterAll(() => {
  process.stdout.write(
    `kill test: ${cases} cases${exhaustive ? "" : ", a sample: npm run test:exhaustive plays all"}\n`,
  );
});

describe("a machine that dies at any call to GitHub, and the job that is run again after it", () => {
  it.each(scenarios.map((scenario, index) => ({ ...scenario, index })))(
    "$name comes to the same end",
    async ({ index, ...scenario }) => {
      const moments = await momentsOf(scenario);
      const queue = [...sample(moments, index)];
      cases += queue.length;
      const wrong: Record<string, string[]> = {};
      const work = async () => {
        for (let next = queue.pop(); next; next = queue.pop()) {
          const { at, how } = next;
          const problems = await killAndRunAgain(scenario, at, how);
          if (problems.length > 0)
            wrong[`${how}: ${at.job} / ${at.step}, ${at.moment} call ${at.call}: ${at.what}`] = problems;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      expect(wrong).toEqual({});
    },
    300_000,
  );
});
