/** "nobody" on Linux and, with another number, on macOS; any number without privileges would do. */
const nobodyUid = 65_534;

/**
 * Whom to run the helper as so that permissions mean something: root is refused nothing, so root runs it as another
 * user. Anybody else is ordinary already.
 */
export function ordinaryUser(): { uid?: number } {
  return process.getuid?.() === 0 ? { uid: nobodyUid } : {};
}
