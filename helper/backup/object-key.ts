import { createHash } from "node:crypto";
import { posix } from "node:path";

/** Limits that every store honors: MinIO and versitygw refuse longer path segments, S3 refuses longer keys. */
export const segmentBytesMost = 255;
export const keyBytesMost = 1024;

const shortenedHashHexDigits = 16;

/**
 * The key a photo is wanted under: `<prefix>/<label>/<path in the folder>` in NFC. A segment over 255 bytes, or a key
 * over 1,024, is shortened, and 16 hex digits of the whole path's SHA-256 keep it apart from its neighbors.
 * @param relativePath with `/` between its parts, as the file system spells it
 * @param suffix put before the extension: `.<8 hex of the content's sha256>` for a changed photo
 */
export function objectKey(place: { prefix: string; label: string; relativePath: string; suffix?: string }): string {
  const head = [place.prefix, place.label].filter((part) => part !== "").join("/");
  const folders = place.relativePath.split("/");
  const name = folders.pop() ?? "";
  const suffix = place.suffix ?? "";
  const key = [head, ...folders, withSuffix(name, suffix)].join("/").normalize("NFC");
  if (fits(key)) return key;
  return shortened({ head: head.normalize("NFC"), folders, name, suffix, relativePath: place.relativePath });
}

function fits(key: string): boolean {
  if (Buffer.byteLength(key) > keyBytesMost) return false;
  return key.split("/").every((segment) => Buffer.byteLength(segment) <= segmentBytesMost);
}

interface Parts {
  head: string;
  folders: string[];
  name: string;
  suffix: string;
  relativePath: string;
}

function shortened({ head, folders, name, suffix, relativePath }: Parts): string {
  // Of the NFC form: a disk that spells the same path in another way must not make another key of it.
  const hash = createHash("sha256")
    .update(relativePath.normalize("NFC"))
    .digest("hex")
    .slice(0, shortenedHashHexDigits);
  const { stem, extension } = split(name.normalize("NFC"));
  const ending = `.${hash}${suffix}${extension}`;
  const shortName = cutToBytes(stem, segmentBytesMost - Buffer.byteLength(ending)) + ending;
  const shortFolders = folders.map((folder) => cutToBytes(folder.normalize("NFC"), segmentBytesMost));
  const key = [head, ...shortFolders, shortName].join("/");
  if (Buffer.byteLength(key) <= keyBytesMost) return key;
  return [head, ...foldersThatFit(shortFolders, head, shortName), shortName].join("/");
}

/** As many leading folders as leave room for the name, whose hash stands for the rest; a half name could be "..". */
function foldersThatFit(folders: string[], head: string, name: string): string[] {
  let roomBytes = keyBytesMost - Buffer.byteLength(`${head}/${name}`);
  const tooMany = folders.findIndex((folder) => (roomBytes -= Buffer.byteLength(`${folder}/`)) < 0);
  return tooMany === -1 ? folders : folders.slice(0, tooMany);
}

function withSuffix(name: string, suffix: string): string {
  if (suffix === "") return name;
  const { stem, extension } = split(name);
  return `${stem}${suffix}${extension}`;
}

/** The extension counts as one only while it is short: a name may consist of dots and 250 more characters. */
function split(name: string): { stem: string; extension: string } {
  const extension = posix.extname(name);
  if (Buffer.byteLength(extension) > 32) return { stem: name, extension: "" };
  return { stem: name.slice(0, name.length - extension.length), extension };
}

/** Cuts at a character's border, never inside one. */
function cutToBytes(text: string, bytesMost: number): string {
  if (Buffer.byteLength(text) <= bytesMost) return text;
  let cut = "";
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > bytesMost) break;
    cut += character;
  }
  return cut;
}
