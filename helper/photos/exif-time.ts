/** Only these, and by number: a tag's value is decoded only when asked for, and hostile files lie about the others. */
const DATE_TIME_ORIGINAL = 0x9003;
const DATE_TIME_DIGITIZED = 0x9004;
const OFFSET_TIME = 0x9010;
const OFFSET_TIME_ORIGINAL = 0x9011;
const OFFSET_TIME_DIGITIZED = 0x9012;
const dateTags = [DATE_TIME_ORIGINAL, DATE_TIME_DIGITIZED, OFFSET_TIME, OFFSET_TIME_ORIGINAL, OFFSET_TIME_DIGITIZED];

const options = {
  tiff: true,
  // Canon's CR3 has these tags in its first directory, everyone else in the EXIF directory it points to.
  ifd0: { pick: dateTags },
  exif: { pick: dateTags },
  ifd1: false,
  gps: false,
  interop: false,
  jfif: false,
  ihdr: false,
  xmp: false,
  icc: false,
  iptc: false,
  makerNote: false,
  userComment: false,
  mergeOutput: true,
  translateKeys: false,
  translateValues: false,
  reviveValues: false,
};

/**
 * When the picture in this block of TIFF directories was taken, as the camera wrote it ("2024:05:01 12:34:56", with
 * "+02:00" appended where it wrote its offset from UTC). The text is not checked. May throw on broken bytes.
 */
export async function exifTime(block: Uint8Array): Promise<string | undefined> {
  // 13 ms that a run with nothing to upload need not pay.
  const { default: exifr } = await import("exifr");
  const tags: Record<number, unknown> = (await exifr.parse(block, options)) ?? {};
  return (
    joined(tags[DATE_TIME_ORIGINAL], tags[OFFSET_TIME_ORIGINAL] ?? tags[OFFSET_TIME]) ??
    joined(tags[DATE_TIME_DIGITIZED], tags[OFFSET_TIME_DIGITIZED] ?? tags[OFFSET_TIME])
  );
}

function joined(dateTime: unknown, offset: unknown): string | undefined {
  if (typeof dateTime !== "string" || !/[1-9]/.test(dateTime)) return undefined;
  return typeof offset === "string" ? `${dateTime.trim()}${offset.trim()}` : dateTime;
}
