import { lossCodes } from "../backup/note-lost.ts";
import { grouped } from "./counted.ts";

/** How many of these failures are photos that are neither in the bucket nor on this computer any more. */
export function countLost(
  failures: Iterable<[string, { code: string }]>,
  isMeant: (path: string) => boolean = () => true,
): number {
  let lost = 0;
  for (const [path, { code }] of failures) if (lossCodes.has(code) && isMeant(path)) lost += 1;
  return lost;
}

/** They are in no count of photos on disk, so they are told by themselves, with the one thing that mends them. */
export function lostWords(lost: number): string {
  const [photos, was, name] =
    lost === 1 ? ["1 photo was", "it was", "it"] : [`${grouped(lost)} photos were`, "they were", "them"];
  const what = `${photos} lost in the bucket (gone or changed), and no file is left on this computer.`;
  return `${what} Put a copy back where ${was}, and the next backup sends it. \`failures\` names ${name}.`;
}
