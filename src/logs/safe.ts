const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g, "***"],
  [/\b(authorization|proxy-authorization)(["']?\s*[:=]\s*["']?)(?:(?:bearer|basic|token)\s+)?[^\s"',;]+/gi, "$1$2***"],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, "$1 ***"],
  [
    /\b([\w-]*(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)s?)(["']?\s*[:=]\s*["']?)[^\s"',;&]+/gi,
    "$1$2***",
  ],
  [
    /\b(?:gh[pousr]_\w{16,}|github_pat_\w{16,}|xox[abprs]-[\w-]{8,}|AKIA[0-9A-Z]{16}|sk-[\w-]{16,}|glpat-[\w-]{16,})/g,
    "***",
  ],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, "***"],
  [/(\w+:\/\/[^\s:/@]{1,64}:)[^\s@/]{1,256}@/g, "$1***@"],
];

/** A text from outside as one harmless line: secrets masked, control characters and workflow commands broken, cut to `length` characters. */
export function safeSample(text: string, length = 200): string {
  let safe = text.slice(0, length * 8);
  for (const [pattern, mask] of SECRETS) safe = safe.replace(pattern, mask);
  safe = safe
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
    .replace(/\u001b\[[0-9;:?]*[ -/]*[@-~]/g, "")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/::(?=\w)/g, ": :")
    .replace(/##\[/g, "# #[")
    .trim();
  if (safe.length <= length) return safe;
  const cut = safe.charCodeAt(length - 2) >> 10 === 0x36 ? length - 2 : length - 1;
  return safe.slice(0, cut) + "…";
}

const EXCEPTION = /(?:Error|Exception|Throwable)\w*$/;

/**
 * A template without secrets, by a harmless sample of it. What tells a secret (`api_key=`) may be a part that varies, and so no
 * longer be there: words that the sample does not show, where something in it was masked, are masked too; where it was
 * cut, long ones are.
 */
export function safeTemplate(template: string, sample: string): string {
  const masked = sample.includes("***");
  if (!masked && !sample.endsWith("…")) return template;
  return template.replace(/[\w+/=.-]{6,}/g, (word) => {
    if (sample.includes(word) || EXCEPTION.test(word)) return word;
    return masked || word.length >= 16 ? "***" : word;
  });
}
