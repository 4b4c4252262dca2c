/**
 * A file's time as an object's metadata has it, in `mtime`: seconds since 1970 and, behind a point, as many digits as are
 * known, microseconds at most. So rclone writes and reads it, and `rclone copy` of a bucket gives files their times back.
 * Objects of before have ISO 8601 there: whoever reads it must know both.
 */
export function mtimeMetadata(mtimeMs: number): string {
  const micros = Math.round(mtimeMs * 1000);
  const digits = String(Math.abs(micros)).padStart(7, "0");
  const fraction = digits.slice(-6).replace(/0+$/, "");
  return `${micros < 0 ? "-" : ""}${digits.slice(0, -6)}${fraction ? `.${fraction}` : ""}`;
}
