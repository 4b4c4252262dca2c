/** Icons, colors and shortcuts by name: the compiler checks that the real ones exist, so the stub needs no list. */
function namesItself(prefix: string): Record<string, string> {
  return new Proxy({}, { get: (_, name) => (typeof name === "string" ? `${prefix}.${name}` : undefined) });
}

export const Icon = namesItself("Icon");
export const Color = namesItself("Color");
export const Keyboard = { Shortcut: { Common: namesItself("Shortcut") } };
export const Image = { Mask: { Circle: "circle", RoundedRectangle: "roundedRectangle" } } as const;
export const PopToRootType = { Default: "default", Immediate: "immediate", Suspended: "suspended" } as const;

/** Only named by @raycast/utils when it is loaded, never used by our commands. */
export const AI = {};
export const OAuth = {};
