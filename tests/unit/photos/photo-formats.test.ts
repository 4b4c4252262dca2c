import { describe, expect, test } from "vitest";
import { classifyFile, extensionOf, photoFormats } from "../../../helper/photos/photo-formats.ts";

const promised = {
  photo: "jpg jpeg jpe jfif png heic heif hif tif tiff gif webp bmp avif jxl jp2 psd insp",
  raw: "dng cr2 cr3 crw nef nrw arw srf sr2 orf raf rw2 rwl pef srw x3f raw 3fr fff iiq gpr kdc dcr erf mef mos mrw",
  video: "mov mp4 m4v avi mts m2ts 3gp mpg mpeg mkv webm insv",
  sidecar: "xmp aae thm",
};

describe("the formats", () => {
  for (const [kind, extensions] of Object.entries(promised)) {
    test(`every ${kind} format promised is known, whatever its case`, () => {
      for (const extension of extensions.split(" ")) {
        for (const name of [`a.${extension}`, `IMG 1.${extension.toUpperCase()}`]) {
          expect(classifyFile(name)?.kind, name).toBe(kind);
        }
      }
    });
  }

  test("no format is known that was not promised", () => {
    const all = Object.values(promised).join(" ").split(" ").sort();
    expect([...photoFormats.keys()].sort()).toEqual(all);
  });

  test("every content type is one that an HTTP header can carry", () => {
    for (const { contentType } of photoFormats.values())
      expect(contentType).toMatch(/^(image|video|application)\/[\w.+-]+$/);
  });

  test.each(["notes.txt", "jpg", "photo", "photo.", "photo.jpgx", "", "archive.zip", "a.jpg.tmp"])(
    "%j is left alone",
    (name) => {
      expect(classifyFile(name)).toBeUndefined();
    },
  );

  test.each(["._IMG_1.jpg", ".DS_Store", ".hidden.jpg", ".jpg", "._.jpg"])("hidden %j is left alone", (name) => {
    expect(classifyFile(name)).toBeUndefined();
  });

  test.each([
    ["IMG.JPG", "jpg"],
    ["a.b.Cr2", "cr2"],
    ["none", ""],
    [".DS_Store", ""],
    ["._IMG.jpg", "jpg"],
    ["dot.", ""],
    ["", ""],
  ])("the extension of %j is %j", (name, extension) => {
    expect(extensionOf(name)).toBe(extension);
  });

  test("a name like an object's own property is no format", () => {
    expect(classifyFile("a.constructor")).toBeUndefined();
    expect(classifyFile("a.__proto__")).toBeUndefined();
  });
});
