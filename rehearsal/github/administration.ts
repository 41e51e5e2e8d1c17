import type { Faults } from "./faults.ts";
import type { Administration, RecordedRequest } from "./ports.ts";
import { pendingReviews, review } from "./reviews.ts";
import { putEnvironment } from "./state/environments.ts";
import type { World } from "./world.ts";

export type RequestListener = Parameters<Administration["onRequest"]>[0];

/** What the server keeps about the requests it has seen. */
export interface Journal {
  readonly requests: RecordedRequest[];
  readonly violations: string[];
  readonly listeners: Set<RequestListener>;
}

/** The side of the embedded GitHub that a person or a test talks to. */
export function administration(world: World, faults: Faults, journal: Journal): Administration {
  return {
    createEnvironment(settings) {
      putEnvironment(world.records, settings, world.clock.now());
    },
    pendingReviews: () => pendingReviews(world),
    onPendingReview: (listener) => world.signals.pendingReview.on(listener),
    review(run, environment, state, user, comment = "") {
      const refused = review(world, { run, environments: [environment], state, user, comment });
      if (refused !== undefined) throw new Error(refused);
    },
    adminToken: () => world.tokens.issue({ kind: "person", login: world.owner }),
    userToken: (login) => world.tokens.issue({ kind: "person", login }),
    inject: (fault) => faults.inject(fault),
    get pendingFaults() {
      return faults.pending;
    },
    setWeather: (weather) => faults.setWeather(weather),
    onRequest(listener) {
      journal.listeners.add(listener);
      return () => journal.listeners.delete(listener);
    },
    get requests() {
      return journal.requests;
    },
    get violations() {
      return journal.violations;
    },
  };
}
