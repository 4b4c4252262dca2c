import type { FileSystem } from "./file-system.ts";

/** Linux, by the magic number of `statfs`: ext2 to ext4, XFS, Btrfs; tmpfs and overlayfs, for containers. */
const linuxTypes: ReadonlySet<number> = new Set([0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630]);

/** macOS hands most numbers out at boot; these two have stayed: APFS, and HFS+ where it is part of the kernel. */
const macTypes: ReadonlySet<number> = new Set([0x1a, 0x11]);

/**
 * Whether the file system under a folder keeps change times and inodes from one mount to the next, so that a difference
 * means another file or another content. FAT, exFAT and network drives make them up; an unknown one may.
 */
export function keepsIdentity(
  path: string,
  fs: Pick<FileSystem, "fileSystemType">,
  platform: NodeJS.Platform = process.platform,
): boolean {
  try {
    const type = fs.fileSystemType(path);
    if (platform === "linux") return linuxTypes.has(type);
    // The Mac's own disk is APFS, whatever number it has.
    return platform === "darwin" && (macTypes.has(type) || type === fs.fileSystemType("/"));
  } catch {
    return false;
  }
}
