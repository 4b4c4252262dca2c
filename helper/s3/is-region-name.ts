/** Whether a text looks like a region: what a service sends there is shown to people, and could hold anything. */
export function isRegionName(text: unknown): text is string {
  return typeof text === "string" && /^[A-Za-z0-9_-]{1,32}$/.test(text);
}
