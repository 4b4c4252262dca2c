import { basename } from "node:path";

/**
 * A folder's part of every key: its own name, made unique among all labels ever given. Labels that differ only in
 * case count as the same, since the bucket may one day be copied to a disk that can't tell them apart.
 * @param labels every label ever given, path to label; a folder that had one keeps it
 */
export function chooseLabel(folderPath: string, labels: Record<string, string>): string {
  const known = Object.hasOwn(labels, folderPath) ? labels[folderPath] : undefined;
  if (known !== undefined) return known;
  const taken = new Set(Object.values(labels).map(fold));
  const name = cut(basename(folderPath).normalize("NFC")) || "root";
  if (!taken.has(fold(name))) return name;
  for (let number = 2; ; number += 1) {
    const candidate = `${name}-${number}`;
    if (!taken.has(fold(candidate))) return candidate;
  }
}

function fold(label: string): string {
  return label.normalize("NFC").toLowerCase();
}

/** Leaves room for a number, and `.photolala`, in any case of letters, to the catalogue. */
function cut(name: string): string {
  const safe = fold(name) === ".photolala" ? name.slice(1) : name;
  return [...safe].slice(0, 60).join("");
}
