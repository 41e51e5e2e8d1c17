import { afterAll, describe, expect, it } from "vitest";
import { exhaustive } from "./exhaustive.ts";
import { play } from "./flows.ts";
import { broken, standing } from "./rules.ts";
import { inHouse, momentsOf, scenarios } from "./scenarios.ts";

let cases = 0;
afterAll(() => void process.stdout.write(`lost answers: ${cases} cases\n`));

/** The flows between which every kind of write is made. */
const chosen = scenarios.filter(
  ({ name }) => exhaustive || /^action.yml beta: a failed bake|by hand|^stage.yml beta: a hotfix/.test(name),
);

describe("a write whose fate is not told (a lost answer, a 502 before or after it was carried out)", () => {
  it.each(chosen)(
    "$name: is found again or repeated, and never doubled",
    async (scenario) => {
      const moments = (await momentsOf(scenario)).filter(({ writes }) => writes);
      const wrong: Record<string, string[]> = {};
      for (const at of moments) {
        cases += 1;
        let lost = 0;
        const problems = await inHouse(scenario, async (house, run) => {
          const same = (other: typeof at) =>
            lost === 0 &&
            other.job === at.job &&
            other.step === at.step &&
            other.call === at.call &&
            other.moment === at.moment;
          const played = await play(house, scenario.flow, {
            run,
            attempt: 1,
            loses(moment) {
              if (!same(moment)) return false;
              lost += 1;
              return true;
            },
          });
          const found = await broken(house);
          const ledger = await standing(house);
          if (JSON.stringify(ledger) !== JSON.stringify(scenario.after.ledger)) found.push(...ledger, ...played.log);
          if ((await house.holds()).length !== scenario.after.holds) found.push("the holds are others");
          return found;
        });
        if (lost !== 1) problems.push("nothing was lost");
        if (problems.length > 0) wrong[`${at.job} / ${at.step}, ${at.moment} call ${at.call}: ${at.what}`] = problems;
      }
      expect(wrong).toEqual({});
    },
    300_000,
  );
});
