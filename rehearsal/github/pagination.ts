import type { Answer, Json } from "./answer.ts";
import type { Call } from "./router.ts";

const DEFAULT_PAGE = 30;
const LARGEST_PAGE = 100;

function positive(text: string | null, fallback: number): number {
  const value = Number.parseInt(text ?? "", 10);
  return Number.isFinite(value) && value > 0 ? value : fallback;
}

/**
 * The page that a call asks for (`per_page` ≤ 100, `page` from 1) of a list, with GitHub's `Link` header. `wrap` makes
 * the body where GitHub puts the list into an object with a total.
 */
export async function paginate<T>(
  call: Call,
  root: string,
  items: readonly T[],
  present: (item: T) => Json | Promise<Json>,
  wrap: (page: readonly Json[], total: number) => Json = (page) => page,
): Promise<Answer> {
  const size = Math.min(positive(call.query.get("per_page"), DEFAULT_PAGE), LARGEST_PAGE);
  const page = positive(call.query.get("page"), 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const shown = await Promise.all(items.slice((page - 1) * size, page * size).map(present));
  const link = (number: number, relation: string): string => {
    const url = new URL(call.target, root);
    url.searchParams.set("page", String(number));
    return `<${url.href}>; rel="${relation}"`;
  };
  const links: string[] = [];
  if (page > 1) links.push(link(page - 1, "prev"));
  if (page < last) links.push(link(page + 1, "next"), link(last, "last"));
  if (page > 1) links.push(link(1, "first"));
  const body = wrap(shown, items.length);
  return links.length === 0 ? { status: 200, body } : { status: 200, body, headers: { link: links.join(", ") } };
}
