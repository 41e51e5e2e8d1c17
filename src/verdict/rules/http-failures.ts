import type { Check, HttpCheck } from "../../pipeline/model.ts";
import { createSeriesJudge } from "../series/judge.ts";
import { judgeAnswer, judgesFailures } from "./http.ts";
import { defineRule } from "./rule.ts";
import { FALSE_ALARM } from "./series.ts";

/** The share of answers in a bake that fail, against the most that may: sequential, as any rate against a limit. */
export const httpFailures = defineRule<HttpCheck>({
  name: "http-failures",
  covers: ["maxFailures"],
  cumulative: false,
  sequential: true,
  is: (check: Check): check is HttpCheck => check.kind === "http",
  when: judgesFailures,
  start: (check, { share = FALSE_ALARM }) => {
    const limits = check.maxFailures ? { max: check.maxFailures.value } : {};
    const rule = { limits, noData: check.noData, unit: { unit: "%", perSecond: false } } as const;
    const judge = createSeriesJudge(rule, { falseAlarm: share, checks: 1 });
    let last = "";
    return (observation) => {
      const answer = judgeAnswer(check, observation);
      if (answer.phase === "error") return answer;
      if (answer.phase === "fail") last = `; the last failure: ${answer.reason}`;
      judge.take({ side: "candidate", at: observation.at, value: answer.phase === "fail" ? 1 : 0, total: 1 });
      const judgement = judge.judgement();
      return {
        phase: judgement.phase,
        reason: `${judgement.reason}${last}`,
        ...(judgement.turnedBy !== null && { turnedBy: judgement.turnedBy.replace(/^max/, "max-failures") }),
        series: judgement,
      };
    };
  },
});
