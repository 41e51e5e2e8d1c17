/** Whether all cases are asked for (`npm run test:exhaustive`), and not the sample that fits into `npm test`. */
export const exhaustive = process.env["MODE"] === "exhaustive";
