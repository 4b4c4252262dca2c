/** What a file is to us: an image, a camera's raw file, a video, or a small file that belongs to one of them. */
export type PhotoKind = "photo" | "raw" | "video" | "sidecar";

export interface PhotoFormat {
  kind: PhotoKind;
  /** The Content-Type its object gets, so that a browser shown the bucket knows what to do with it. */
  contentType: string;
}

const RAW = "image/x-raw";

const contentTypes: Record<PhotoKind, Record<string, string>> = {
  photo: {
    jpg: "image/jpeg",
    jpeg: "image/jpeg",
    jpe: "image/jpeg",
    jfif: "image/jpeg",
    insp: "image/jpeg",
    png: "image/png",
    heic: "image/heic",
    heif: "image/heif",
    hif: "image/heif",
    tif: "image/tiff",
    tiff: "image/tiff",
    gif: "image/gif",
    webp: "image/webp",
    bmp: "image/bmp",
    avif: "image/avif",
    jxl: "image/jxl",
    jp2: "image/jp2",
    psd: "image/vnd.adobe.photoshop",
  },
  raw: {
    dng: "image/x-adobe-dng",
    cr2: "image/x-canon-cr2",
    cr3: "image/x-canon-cr3",
    crw: "image/x-canon-crw",
    nef: "image/x-nikon-nef",
    nrw: "image/x-nikon-nrw",
    arw: "image/x-sony-arw",
    srf: "image/x-sony-srf",
    sr2: "image/x-sony-sr2",
    orf: "image/x-olympus-orf",
    raf: "image/x-fuji-raf",
    rw2: "image/x-panasonic-rw2",
    rwl: "image/x-leica-rwl",
    pef: "image/x-pentax-pef",
    srw: "image/x-samsung-srw",
    x3f: "image/x-sigma-x3f",
    kdc: "image/x-kodak-kdc",
    dcr: "image/x-kodak-dcr",
    mrw: "image/x-minolta-mrw",
    raw: RAW,
    "3fr": RAW,
    fff: RAW,
    iiq: RAW,
    gpr: RAW,
    erf: RAW,
    mef: RAW,
    mos: RAW,
  },
  video: {
    mov: "video/quicktime",
    mp4: "video/mp4",
    m4v: "video/x-m4v",
    insv: "video/mp4",
    "3gp": "video/3gpp",
    avi: "video/x-msvideo",
    mts: "video/mp2t",
    m2ts: "video/mp2t",
    mpg: "video/mpeg",
    mpeg: "video/mpeg",
    mkv: "video/x-matroska",
    webm: "video/webm",
  },
  sidecar: {
    xmp: "application/rdf+xml",
    aae: "application/x-plist",
    thm: "image/jpeg",
  },
};

/** Every format we back up, by lower-case extension without its dot. */
export const photoFormats: ReadonlyMap<string, PhotoFormat> = new Map(
  (Object.keys(contentTypes) as PhotoKind[]).flatMap((kind) =>
    Object.entries(contentTypes[kind]).map(([extension, contentType]) => [extension, { kind, contentType }] as const),
  ),
);

/** The lower-case extension of a file name without its dot; "" where there is none (a leading dot starts no extension). */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf(".");
  if (dot <= 0 || dot === name.length - 1) return "";
  return name.slice(dot + 1).toLowerCase();
}

/**
 * What a file of this name is, or undefined where it is none of ours and left alone.
 * `name` is a file's name without its folder. AppleDouble files (`._IMG_1.jpg`, the resource forks macOS writes on
 * foreign disks) carry a photo's name but no photo, so they are left alone like every other hidden file.
 */
export function classifyFile(name: string): PhotoFormat | undefined {
  if (name.charCodeAt(0) === DOT) return undefined;
  return photoFormats.get(extensionOf(name));
}

const DOT = 46;
