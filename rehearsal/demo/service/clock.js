/**
 * The time, in milliseconds since the epoch. In a rehearsal, time runs faster: `ROCKSOLID_REHEARSAL_CLOCK` holds
 * `realOrigin/origin/speed`, and logs carry the rehearsal's time.
 */
export function clock(text) {
  const [realOrigin, origin, speed] = (text ?? "").split("/").map(Number);
  if (!(speed > 0)) return Date.now;
  return () => Math.round(origin + (Date.now() - realOrigin) * speed);
}
